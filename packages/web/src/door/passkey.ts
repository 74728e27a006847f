import { api, type Session } from "@corduroy/contract";
import type { PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/browser";
import { call } from "../app/connection.ts";
import { passkeyRefusal } from "./passkeyRefusal.ts";

/**
 * Signs in with a passkey of this device or of a phone nearby (WebAuthn).
 * @throws ApiError when the service refuses it, or the person or the device does
 */
export async function signInWithPasskey(): Promise<Session> {
  const { startAuthentication } = await import("@simplewebauthn/browser");
  const { options } = await call(api.session.passkeyOptions);
  const response = await asked(startAuthentication({ optionsJSON: options as unknown as PublicKeyCredentialRequestOptionsJSON }));
  return call(api.session.passkey, { body: { response: { ...response } } });
}

/** Makes a passkey for whoever has signed in. @returns recovery codes, with the first second factor */
export async function enrolPasskey(name: string): Promise<string[]> {
  const { startRegistration } = await import("@simplewebauthn/browser");
  const { options } = await call(api.session.enrolPasskey);
  const response = await asked(startRegistration({ optionsJSON: options as unknown as PublicKeyCredentialCreationOptionsJSON }));
  return (await call(api.session.confirmPasskey, { body: { name, response: { ...response } } })).recoveryCodes;
}

/** What the browser answers; its refusal in our words. */
async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw passkeyRefusal(error, window.location);
  }
}

import * as z from "zod";
import { generateAuthenticationOptions, verifyAuthenticationResponse, type PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/server";
import { Forbidden } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { audit } from "../access/audit.ts";
import { sha256 } from "../oneWay.ts";
import { parsed, textShape } from "../parse.ts";
import { VISITOR } from "../sessions/actors.ts";
import { openSession, type SignedIn } from "../sessions/openSession.ts";
import { insertChallenge, passkeyById, takeChallenge, usePasskey, type PasskeyRow } from "../store/factors.ts";
import { isOfProvider, userById } from "../store/users.ts";
import { ofProvider } from "./enrol.ts";
import { authenticationShape, CHALLENGE_MS, type Site } from "./webauthn.ts";

const shape = z.strictObject({ response: authenticationShape, previous: textShape.optional() });
type Answer = z.output<typeof authenticationShape>;

/** What the browser needs to use a passkey (`navigator.credentials.get`). Asks for no name, so it tells nothing about who has an account. */
export async function beginPasskeySignIn(ctx: DbCtx, site: Site): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const options = await generateAuthenticationOptions({ rpID: site.domain, userVerification: "required", timeout: CHALLENGE_MS });
  const now = ctx.now();
  await inTransaction(ctx, (tx) => insertChallenge(tx.db, { challengeHash: sha256(options.challenge), userId: null, expiresAt: new Date(now.getTime() + CHALLENGE_MS) }, now));
  return options;
}

/**
 * Signs in with a passkey alone: having it and unlocking it are two factors. It is not subject to the delays of passwords, since nothing can be guessed.
 * It opens no account of single sign-on, whose provider must be asked each time, even where one was added before this was so.
 * Call it outside of a transaction: the challenge is used up, and the failure audited, also when it throws.
 * @throws Forbidden, Invalid
 */
export async function finishPasskeySignIn(ctx: DbCtx, input: z.input<typeof shape>, site: Site): Promise<SignedIn> {
  const { response, previous } = parsed(shape, input);
  const passkey = await passkeyById(ctx.db, response.id);
  const counter = passkey && (await counterOf(ctx, response, passkey, site));
  const user = passkey && (await userById(ctx.db, passkey.userId));
  const foreign = user !== undefined && isOfProvider(user);
  const session =
    user && !foreign && user.disabledAt === null && counter !== undefined
      ? await inTransaction(ctx, async (tx) => ((await usePasskey(tx.db, passkey.id, counter, tx.now())) ? openSession(tx, user.id, "full", "passkey", previous) : null))
      : null;
  if (session) return session;
  await audit({ ...ctx, actor: VISITOR }, { action: "session.begin", resource: { type: "User", id: passkey?.userId ?? "unknown" }, outcome: "failed", detail: { wrong: "passkey", ...(foreign && { why: "single sign-on alone" }) } });
  // Only who has the passkey hears of it.
  if (foreign && counter !== undefined) throw ofProvider();
  throw new Forbidden("The passkey was not accepted.", { hint: "Try again, within five minutes. It may have been removed from your account." });
}

/** The counter of a right answer; undefined for a wrong one. */
async function counterOf(ctx: DbCtx, response: Answer, passkey: PasskeyRow, site: Site): Promise<number | undefined> {
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: (challenge) => takeChallenge(ctx.db, sha256(challenge), null, ctx.now()),
      expectedOrigin: site.origin,
      expectedRPID: site.domain,
      credential: { id: passkey.id, publicKey: new Uint8Array(Buffer.from(passkey.publicKey, "base64url")), counter: passkey.counter },
      requireUserVerification: true,
    });
    return verified ? authenticationInfo.newCounter : undefined;
  } catch {
    // The library throws at whatever does not fit; which it was helps nobody but a forger.
    return undefined;
  }
}

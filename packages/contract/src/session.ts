import * as z from "zod";
import { ById, Role, Time } from "./common.ts";
import { route } from "./route.ts";

const Email = z.email().max(254);
const Password = z.string().min(1).max(256);
const NewPassword = z.string().min(12).max(256);
const Code = z.string().min(6).max(40);
const Name = z.string().trim().min(1).max(100);

/** How far a sign-in is: a password without a second factor opens a session that can do nothing but enrol one. */
export const Stage = z.enum(["enrol", "full"]);

export const Session = z.object({
  stage: Stage,
  user: z.object({ id: z.string(), email: z.string(), name: z.string(), roles: z.array(Role) }),
  /** Goes into the header `X-CSRF-Token` of every request that changes something. */
  csrf: z.string(),
  /** Actions of policies that this person may use on things of whichever team. */
  may: z.array(z.string()),
  /** Further ones, on what one of `teams` owns alone. */
  mayForTeam: z.array(z.string()),
  /** Teams of the catalog that they are in. */
  teams: z.array(z.string()),
  /** Comes in by single sign-on alone: password and second factors are the provider's business. */
  singleSignOn: z.boolean(),
  secondFactors: z.object({ totp: z.boolean(), passkeys: z.number() }),
});
export type Session = z.infer<typeof Session>;

/** The password is right; the same is to be sent again with a code, or a passkey used. */
export const CodeNeeded = z.object({ stage: z.literal("code"), factors: z.array(z.enum(["totp", "passkey"])) });

/** What the sign-in page needs before anybody has signed in. `setUp`: there is an admin; until then only the one-time link leads on. */
export const SignInOptions = z.object({ setUp: z.boolean(), demo: z.boolean(), sso: z.object({ name: z.string() }).nullable(), version: z.string() });

export const ListedSession = z.object({ id: z.string(), createdAt: Time, lastSeenAt: Time, address: z.string().nullable(), current: z.boolean(), own: z.boolean(), user: z.string() });
export const Passkey = z.object({ id: z.string(), name: z.string(), createdAt: Time, lastUsedAt: Time.nullable() });

const Json = z.record(z.string(), z.unknown());

export const session = {
  options: route({ method: "GET", path: "/v1/sign-in", summary: "What the sign-in page offers", access: "public", response: SignInOptions }),
  setUp: route({ method: "POST", path: "/v1/setup", summary: "Create the first admin through the one-time link", access: "public", body: z.object({ secret: z.string().max(200), email: Email, name: Name, password: NewPassword }), response: Session }),
  acceptInvitation: route({ method: "POST", path: "/v1/invitations/accept", summary: "Create an account through an invitation", access: "public", body: z.object({ secret: z.string().max(200), name: Name, password: NewPassword }), response: Session }),
  signIn: route({ method: "POST", path: "/v1/sign-in", summary: "Sign in with a password and a code; without a code it says which second factors there are", access: "public", body: z.object({ email: Email, password: Password, code: Code.optional() }), response: z.union([Session, CodeNeeded]) }),
  passkeyOptions: route({ method: "POST", path: "/v1/sign-in/passkey/options", summary: "Begin a sign-in with a passkey", access: "public", response: z.object({ options: Json }) }),
  passkey: route({ method: "POST", path: "/v1/sign-in/passkey", summary: "Sign in with a passkey", access: "public", body: z.object({ response: Json }), response: Session }),
  current: route({ method: "GET", path: "/v1/session", summary: "Who has signed in, and what they may do", access: "public", response: Session }),
  signOut: route({ method: "DELETE", path: "/v1/session", summary: "Sign out", access: "self" }),
  list: route({ method: "GET", path: "/v1/sessions", summary: "Sessions: one's own, for who may see them all", access: "self", response: z.object({ items: z.array(ListedSession) }) }),
  end: route({ method: "DELETE", path: "/v1/sessions/{id}", summary: "End a session of one's own, or of another with sessions.end", access: "self", params: ById }),
  changePassword: route({ method: "PUT", path: "/v1/me/password", summary: "Change one's own password; all other sessions end", access: "self", body: z.object({ current: Password, password: NewPassword }) }),
  enrolTotp: route({ method: "POST", path: "/v1/me/totp", summary: "Begin to enrol an authenticator app", access: "self", response: z.object({ secret: z.string(), uri: z.string() }) }),
  confirmTotp: route({ method: "POST", path: "/v1/me/totp/confirm", summary: "Prove the authenticator app with a code; gives recovery codes", access: "self", body: z.object({ code: Code }), response: z.object({ recoveryCodes: z.array(z.string()) }) }),
  enrolPasskey: route({ method: "POST", path: "/v1/me/passkeys/options", summary: "Begin to enrol a passkey", access: "self", response: z.object({ options: Json }) }),
  confirmPasskey: route({ method: "POST", path: "/v1/me/passkeys", summary: "Enrol a passkey", access: "self", body: z.object({ name: Name, response: Json }), response: z.object({ recoveryCodes: z.array(z.string()) }) }),
  passkeys: route({ method: "GET", path: "/v1/me/passkeys", summary: "One's own passkeys", access: "self", response: z.object({ items: z.array(Passkey) }) }),
  removePasskey: route({ method: "DELETE", path: "/v1/me/passkeys/{id}", summary: "Remove a passkey of one's own", access: "self", params: ById }),
};

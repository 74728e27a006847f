import { Conflict, Forbidden } from "../../kernel/index.ts";
import type { DbCtx } from "../../store/index.ts";
import { audit } from "../access/audit.ts";
import { actorOf } from "../sessions/actors.ts";
import { openSession, type Proof, type SignedIn } from "../sessions/openSession.ts";
import { freshSession } from "../sessions/readSession.ts";
import { factorsOf } from "../store/factors.ts";
import { deleteSessionsOf, type SessionRow } from "../store/sessions.ts";
import { isOfProvider, lockedUser, type UserRow } from "../store/users.ts";
import { newRecoveryCodes } from "./codes.ts";

/** What adding a second factor gives. */
export interface Enrolled {
  /** The session to go on with; null: the one there was stays. */
  signedIn: SignedIn | null;
  /** Ten codes to write down, with the first factor; null with further ones. */
  recoveryCodes: string[] | null;
}

/** Who adds a factor by this session; until the transaction ends nobody else adds one for the same user. */
export interface Enroller {
  session: SessionRow;
  user: UserRow;
  hasFactors: boolean;
  hasTotp: boolean;
  passkeyIds: string[];
}

/**
 * The person who adds a factor.
 * @throws Forbidden when the session has ended or is too old, or the account is its provider's; Conflict when it came from the password alone and the account has a second factor by now
 */
export async function enroller(ctx: DbCtx, secret: string): Promise<Enroller> {
  const { session, user } = await freshSession(ctx, secret);
  await lockedUser(ctx.db, user.id);
  if (isOfProvider(user)) throw ofProvider();
  const { totp, passkeys } = await factorsOf(ctx.db, user.id);
  const hasFactors = totp || passkeys.length > 0;
  if (hasFactors && session.stage === "enrol") throw new Conflict("This account has a second factor already.", { hint: "Sign in with it; then add more." });
  return { session, user, hasFactors, hasTotp: totp, passkeyIds: passkeys.map(({ id }) => id) };
}

/** Audits a factor just added. The first one makes the recovery codes, ends every session that was opened without it, and opens a full one. */
export async function enrolled(ctx: DbCtx, { session, user, hasFactors }: Enroller, by: Extract<Proof, "totp" | "passkey">): Promise<Enrolled> {
  await audit({ ...ctx, actor: actorOf(user) }, { action: "factor.add", resource: { type: "User", id: user.id }, detail: { factor: by } });
  if (hasFactors) return { signedIn: null, recoveryCodes: null };
  await deleteSessionsOf(ctx.db, user.id, session.stage === "full" ? session.id : undefined);
  const signedIn = session.stage === "full" ? null : await openSession(ctx, user.id, "full", by);
  return { signedIn, recoveryCodes: await newRecoveryCodes(ctx, user.id) };
}

/** For accounts of single sign-on: a factor of ours would let in whom the provider does not let in any more. */
export function ofProvider(): Forbidden {
  return new Forbidden("This account comes in by single sign-on alone.", { hint: "Sign in there, and add second factors there." });
}

import { randomUUID } from "node:crypto";
import { Forbidden } from "../../kernel/index.ts";
import type { DbCtx } from "../../store/index.ts";
import { audit } from "../access/audit.ts";
import { newSecret, sha256 } from "../oneWay.ts";
import { deleteSession, insertSession, sessionBySecret } from "../store/sessions.ts";
import { lockedUser } from "../store/users.ts";
import { actorOf } from "./actors.ts";
import { csrfToken } from "./csrf.ts";
import { endOf, SESSION_MS } from "./lifetime.ts";

/** A session just begun. The secret is told this once; keep it in a cookie with HttpOnly, Secure and SameSite=Lax. */
export interface SignedIn {
  /** `enrol`: may only add a second factor, with `beginTotp` or `beginPasskey`. */
  stage: "enrol" | "full";
  session: string;
  csrf: string;
  /** At the latest. */
  expiresAt: Date;
  user: { id: string; name: string };
}

/** How somebody proved who they are, for the audit. */
export type Proof = "password" | "totp" | "recovery code" | "passkey" | "single sign-on" | "setup" | "invitation";

/**
 * Begins a session within the transaction of a verb that has made sure who it is. Always under a new secret: the one that the browser had before
 * (session fixation) ends.
 * @throws Forbidden when the user has been disabled meanwhile
 */
export async function openSession(ctx: DbCtx, userId: string, stage: SignedIn["stage"], by: Proof, previous?: string): Promise<SignedIn> {
  const user = await lockedUser(ctx.db, userId);
  if (!user || user.disabledAt !== null) throw new Forbidden("This account is disabled.", { hint: "Ask an administrator." });
  if (previous !== undefined) {
    const old = await sessionBySecret(ctx.db, sha256(previous));
    if (old) await deleteSession(ctx.db, old.session.id);
  }
  const now = ctx.now();
  const secret = newSecret();
  const id = randomUUID();
  await insertSession(ctx.db, { id, secretHash: sha256(secret), userId, stage, address: ctx.address, createdAt: now, lastSeenAt: now }, new Date(now.getTime() - SESSION_MS));
  await audit({ ...ctx, actor: actorOf(user) }, { action: "session.begin", resource: { type: "Session", id }, detail: { by, stage } });
  return { stage, session: secret, csrf: csrfToken(secret), expiresAt: endOf({ stage, createdAt: now }), user: { id: user.id, name: user.name } };
}

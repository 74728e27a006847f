import { Forbidden, type Actor } from "../../kernel/index.ts";
import type { DbCtx } from "../../store/index.ts";
import { sha256 } from "../oneWay.ts";
import { sessionBySecret, touchSession, type SessionRow } from "../store/sessions.ts";
import type { UserRow } from "../store/users.ts";
import { actorOf } from "./actors.ts";
import { FRESH_MS, isAlive, TOUCH_MS } from "./lifetime.ts";

/**
 * Who a session belongs to, with the roles and teams of this moment; null when it has ended, its user is disabled, or it may only add a second factor.
 * Notes no use: for asking whether somebody may go on with what they began, which does not keep a session alive.
 */
export async function sessionHolder(ctx: DbCtx, secret: string): Promise<Actor | null> {
  const found = await fullSession(ctx, secret);
  return found && holderOf(ctx, found.user);
}

/** As `sessionHolder`, for a request of theirs: notes the use, at most once a minute. */
export async function sessionActor(ctx: DbCtx, secret: string): Promise<Actor | null> {
  const found = await fullSession(ctx, secret);
  if (!found) return null;
  const now = ctx.now();
  const due = new Date(now.getTime() - TOUCH_MS);
  if (found.session.lastSeenAt < due) await touchSession(ctx.db, found.session.id, now, due);
  return holderOf(ctx, found.user);
}

/** The session of this secret, whatever its stage; null when it has ended. */
export async function livingSession(ctx: DbCtx, secret: string): Promise<{ session: SessionRow; user: UserRow } | null> {
  const found = await sessionBySecret(ctx.db, sha256(secret));
  return found && found.user.disabledAt === null && isAlive(found.session, ctx.now()) ? found : null;
}

/**
 * The session of somebody who changes how they sign in. It must be fresh, so that a machine left alone cannot be used to take the account over.
 * @throws Forbidden when it has ended or began more than 15 minutes ago
 */
export async function freshSession(ctx: DbCtx, secret: string): Promise<{ session: SessionRow; user: UserRow }> {
  const found = await livingSession(ctx, secret);
  if (!found) throw new Forbidden("You are not signed in.", { hint: "Sign in." });
  if (found.session.stage === "full" && ctx.now().getTime() - found.session.createdAt.getTime() > FRESH_MS)
    throw new Forbidden("You signed in too long ago for this.", { hint: "Sign in again; then this is possible for 15 minutes." });
  return found;
}

/** As `freshSession`, and not one that may only add a second factor. */
export async function freshFullSession(ctx: DbCtx, secret: string): Promise<{ session: SessionRow; user: UserRow }> {
  const found = await freshSession(ctx, secret);
  if (found.session.stage !== "full") throw new Forbidden("You have no second factor yet.", { hint: "Add one first." });
  return found;
}

async function fullSession(ctx: DbCtx, secret: string): Promise<{ session: SessionRow; user: UserRow } | null> {
  const found = await livingSession(ctx, secret);
  return found?.session.stage === "full" ? found : null;
}

function holderOf(ctx: DbCtx, user: UserRow): Actor {
  return { ...actorOf(user), teams: ctx.teamsOf?.(user.email) };
}

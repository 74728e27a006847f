import { randomUUID } from "node:crypto";
import * as z from "zod";
import { Conflict, Forbidden, ROLES } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { audit } from "../access/audit.ts";
import { authorize } from "../access/authorize.ts";
import { newSecret, sha256 } from "../oneWay.ts";
import { emailShape, nameShape, parsed, textShape } from "../parse.ts";
import { hashPassword, passwordShape } from "../password.ts";
import { actorOf } from "../sessions/actors.ts";
import { openSession, type SignedIn } from "../sessions/openSession.ts";
import { deleteLinksBy, insertUser, linkOf, lockAdmins, lockedUser, putLink, takeLink, userByEmail, type LinkRow, type UserRow } from "../store/users.ts";
import { LINK_MS, linkIsOver, type OneTimeLink } from "./links.ts";

/** Each once. */
export const rolesShape = z.array(z.enum(ROLES)).max(ROLES.length).transform((roles) => [...new Set(roles)]);

const inviteShape = z.strictObject({ email: emailShape, roles: rolesShape.refine((roles) => roles.length > 0, "choose a role") });
const acceptShape = z.strictObject({ secret: textShape, name: nameShape, password: passwordShape });

/**
 * Makes a link by which somebody gets an account with these roles; an older one for the same address ends. It works for as long as whoever made it may invite.
 * @throws Forbidden without `users.write`, Conflict when there is such an account, Invalid
 */
export async function inviteUser(ctx: DbCtx, input: z.input<typeof inviteShape>): Promise<OneTimeLink> {
  const { email, roles } = parsed(inviteShape, input);
  return inTransaction(ctx, async (tx) => {
    const resource = { type: "Invitation", id: email };
    await authorize(tx, "users.write", resource);
    if (tx.actor.kind !== "user") throw new Forbidden("Only people invite.", { hint: "Sign in as an administrator." });
    if (await userByEmail(tx.db, email)) throw new Conflict("There is an account with this e-mail address.", { hint: "Change its roles instead." });
    const secret = newSecret();
    const createdAt = tx.now();
    const expiresAt = new Date(createdAt.getTime() + LINK_MS);
    await putLink(tx.db, { secretHash: sha256(secret), kind: "invitation", email, roles, createdBy: tx.actor.id, createdAt, expiresAt });
    await audit(tx, { action: "users.write", resource, detail: { verb: "invite", roles, expires: expiresAt } });
    return { secret, expiresAt };
  });
}

/**
 * Makes the account of somebody who was invited, who goes on to add a second factor. Happens once, however many try at the same time.
 * @throws Forbidden for a link that is used, replaced, older than 24 hours, or made by somebody who may not invite any more; Conflict when the address got an account meanwhile; Invalid
 */
export async function acceptInvitation(ctx: DbCtx, input: z.input<typeof acceptShape>): Promise<SignedIn> {
  const { secret, name, password } = parsed(acceptShape, input);
  const link = await linkOf(ctx.db, "invitation", sha256(secret));
  if (!link || link.expiresAt <= ctx.now()) throw linkIsOver();
  const passwordHash = await hashPassword(password);
  return inTransaction(ctx, async (tx) => {
    // Before the link: whoever is being locked out at this moment must not be missed.
    await lockAdmins(tx.db);
    const taken = await takeLink(tx.db, "invitation", sha256(secret));
    if (!taken || !(await stillInvites(tx, taken))) throw linkIsOver();
    if (await userByEmail(tx.db, taken.email)) throw new Conflict("There is an account with this e-mail address.", { hint: "Sign in with it." });
    const id = randomUUID();
    await insertUser(tx.db, { id, email: taken.email, name, passwordHash, roles: taken.roles, createdAt: tx.now() });
    await audit({ ...tx, actor: { kind: "user", id, name, roles: taken.roles } }, { action: "invitation.accept", resource: { type: "User", id }, detail: { email: taken.email, roles: taken.roles } });
    return openSession(tx, id, "enrol", "invitation");
  });
}

/** The invitations of somebody who may not invite any more end with that. */
export async function endInvitations(ctx: DbCtx, user: UserRow): Promise<void> {
  if (!mayInvite(ctx, user)) await deleteLinksBy(ctx.db, user.id);
}

async function stillInvites(ctx: DbCtx, { createdBy }: LinkRow): Promise<boolean> {
  const creator = createdBy === null ? undefined : await lockedUser(ctx.db, createdBy);
  return creator !== undefined && mayInvite(ctx, creator);
}

function mayInvite(ctx: DbCtx, user: UserRow): boolean {
  return user.disabledAt === null && ctx.allows(actorOf(user), "users.write", { type: "Invitation", id: "*" });
}

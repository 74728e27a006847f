import * as z from "zod";
import { Conflict, Invalid, NotFound } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { audit } from "../access/audit.ts";
import { authorize } from "../access/authorize.ts";
import { parsed, textShape } from "../parse.ts";
import { deleteFactors } from "../store/factors.ts";
import { deleteSessionsOf } from "../store/sessions.ts";
import { revokeTokensOf } from "../store/tokens.ts";
import { isOfProvider, lockAdmins, lockedUser, otherAdminExists, updateUser, type UserRow } from "../store/users.ts";
import { endInvitations, rolesShape } from "./invitations.ts";

const userShape = z.strictObject({ user: textShape });
const setRolesShape = z.strictObject({ user: textShape, roles: rolesShape });

/**
 * Changes the roles that administrators give; those that come with groups stay. Who may not invite any more has no open invitations either.
 * @throws Forbidden without `users.write`, NotFound, Conflict for the last administrator, Invalid for no role where groups give none
 */
export async function setRoles(ctx: DbCtx, input: z.input<typeof setRolesShape>): Promise<void> {
  const { user: id, roles } = parsed(setRolesShape, input);
  await changeUser(ctx, id, async (tx, user) => {
    if (roles.length === 0 && !isOfProvider(user)) throw new Invalid("This person has no groups, and would have no role at all.", { hint: "Choose a role, or lock them out." });
    if (!roles.includes("admin")) await refuseLastAdmin(tx, user);
    await updateUser(tx.db, id, { roles });
    await endInvitations(tx, { ...user, roles });
    return { verb: "set roles", before: user.roles, after: roles };
  });
}

/** Shuts somebody out at once: sessions and invitations end, and tokens they made are revoked. @throws Forbidden without `users.write`, NotFound, Conflict for the last administrator */
export async function disableUser(ctx: DbCtx, input: z.input<typeof userShape>): Promise<void> {
  const { user: id } = parsed(userShape, input);
  await changeUser(ctx, id, async (tx, user) => {
    await refuseLastAdmin(tx, user);
    const disabledAt = user.disabledAt ?? tx.now();
    await updateUser(tx.db, id, { disabledAt });
    await endInvitations(tx, { ...user, disabledAt });
    await deleteSessionsOf(tx.db, id);
    await revokeTokensOf(tx.db, id, tx.now());
    return { verb: "disable" };
  });
}

/** Lets somebody in again; tokens stay revoked. @throws Forbidden without `users.write`, NotFound */
export async function enableUser(ctx: DbCtx, input: z.input<typeof userShape>): Promise<void> {
  const { user: id } = parsed(userShape, input);
  await changeUser(ctx, id, async (tx) => {
    await updateUser(tx.db, id, { disabledAt: null });
    return { verb: "enable" };
  });
}

/** For somebody who has lost the phone and the recovery codes: takes all second factors away and ends the sessions; the next sign-in adds new ones. @throws Forbidden without `users.write`, NotFound */
export async function resetFactors(ctx: DbCtx, input: z.input<typeof userShape>): Promise<void> {
  const { user: id } = parsed(userShape, input);
  await changeUser(ctx, id, async (tx) => {
    await deleteFactors(tx.db, id);
    await deleteSessionsOf(tx.db, id);
    return { verb: "reset second factors" };
  });
}

async function changeUser(ctx: DbCtx, id: string, change: (tx: DbCtx, user: UserRow) => Promise<Record<string, unknown>>): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    // Before the row: two changes of two administrators must see each other.
    await lockAdmins(tx.db);
    const user = await lockedUser(tx.db, id);
    const resource = { type: "User", id };
    await authorize(tx, "users.write", resource);
    if (!user) throw new NotFound("There is no such user.");
    await audit(tx, { action: "users.write", resource, detail: await change(tx, user) });
  });
}

async function refuseLastAdmin(ctx: DbCtx, user: UserRow): Promise<void> {
  if (!user.roles.includes("admin") || user.disabledAt !== null || (await otherAdminExists(ctx.db, user.id))) return;
  throw new Conflict("This is the last administrator.", { hint: "Make somebody else an administrator first." });
}

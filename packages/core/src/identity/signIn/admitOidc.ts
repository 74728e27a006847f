import { randomUUID } from "node:crypto";
import { Conflict, Forbidden, type Role } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { audit } from "../access/audit.ts";
import { actorOf } from "../sessions/actors.ts";
import { openSession, type SignedIn } from "../sessions/openSession.ts";
import { insertOidcAccount, insertUser, rolesOf, updateUser, userByEmail, userOfOidc, type UserRow } from "../store/users.ts";

/** What a provider says about a person. */
export interface OidcPerson {
  issuer: string;
  subject: string;
  email: string;
  name: string;
  roles: Role[];
}

/**
 * Lets in whom a provider vouches for. Somebody new gets an account; somebody known gets the roles that their groups have now, beside those that
 * administrators gave.
 * @throws Forbidden without any role; Conflict when the address belongs to another account
 */
export async function admitOidc(ctx: DbCtx, person: OidcPerson, previous?: string): Promise<SignedIn> {
  const result = await inTransaction(ctx, async (tx) => {
    const user = await knownOrNew(tx, person);
    // The roles of lost groups go even if nobody is let in any more: this must be committed, so it is not thrown from in here.
    return user !== null && rolesOf(user).length > 0 ? openSession(tx, user.id, "full", "single sign-on", previous) : null;
  });
  if (result === null) throw new Forbidden("None of your groups has a role here.", { hint: "Ask an administrator to let your group in." });
  return result;
}

async function knownOrNew(ctx: DbCtx, { issuer, subject, email, name, roles }: OidcPerson): Promise<UserRow | null> {
  const known = await userOfOidc(ctx.db, issuer, subject);
  if (known) {
    const changed = { ...known, name, mappedRoles: roles };
    await updateUser(ctx.db, known.id, { name, mappedRoles: roles });
    if (String(known.mappedRoles) !== String(roles)) await auditRoles(ctx, changed, known.mappedRoles);
    return changed;
  }
  if (roles.length === 0) return null;
  if (await userByEmail(ctx.db, email)) throw new Conflict("There is an account with this e-mail address that signs in another way.", { hint: "Sign in as before, or ask an administrator." });
  const user: UserRow = { id: randomUUID(), email, name, passwordHash: null, roles: [], mappedRoles: roles, createdAt: ctx.now(), disabledAt: null };
  await insertUser(ctx.db, user);
  await insertOidcAccount(ctx.db, { issuer, subject, userId: user.id, createdAt: ctx.now() });
  await auditRoles(ctx, user, []);
  return user;
}

async function auditRoles(ctx: DbCtx, user: UserRow, before: readonly string[]): Promise<void> {
  await audit({ ...ctx, actor: actorOf(user) }, { action: "users.write", resource: { type: "User", id: user.id }, detail: { verb: "roles of groups", before, after: user.mappedRoles } });
}

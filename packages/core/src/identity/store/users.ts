import { and, asc, eq, gt, isNull, ne, sql } from "drizzle-orm";
import type { Role } from "../../kernel/index.ts";
import type { Db } from "../../store/index.ts";
import { oidcAccounts, oneTimeLinks, users } from "../tables.ts";

export type UserRow = typeof users.$inferSelect;
export type LinkRow = typeof oneTimeLinks.$inferSelect;

const ADMINS_LOCK = 7_117_003;

/** Until the end of this transaction nobody else becomes or ceases to be an administrator. */
export async function lockAdmins(db: Db): Promise<void> {
  await db.execute(sql`SELECT pg_advisory_xact_lock(${ADMINS_LOCK})`);
}

/** Whether an enabled administrator exists, this user left aside. */
export async function otherAdminExists(db: Db, than: string | null): Promise<boolean> {
  const found = await db
    .select({ id: users.id })
    .from(users)
    .where(and(sql`'admin' = ANY(${users.roles})`, isNull(users.disabledAt), than === null ? undefined : ne(users.id, than)))
    .limit(1);
  return found.length > 0;
}

export async function insertUser(db: Db, user: typeof users.$inferInsert): Promise<void> {
  await db.insert(users).values(user);
}

export async function userByEmail(db: Db, email: string): Promise<UserRow | undefined> {
  return (await db.select().from(users).where(eq(users.email, email)))[0];
}

export async function userById(db: Db, id: string): Promise<UserRow | undefined> {
  return (await db.select().from(users).where(eq(users.id, id)))[0];
}

/** As `userById`; changes of the user wait until this transaction ends. */
export async function lockedUser(db: Db, id: string): Promise<UserRow | undefined> {
  return (await db.select().from(users).where(eq(users.id, id)).for("update"))[0];
}

export async function updateUser(db: Db, id: string, change: Partial<Pick<UserRow, "roles" | "mappedRoles" | "disabledAt" | "passwordHash" | "name">>): Promise<void> {
  await db.update(users).set(change).where(eq(users.id, id));
}

/** By e-mail address. */
export function usersAfter(db: Db, email: string | undefined, limit: number): Promise<UserRow[]> {
  return db.select().from(users).where(email === undefined ? undefined : gt(users.email, email)).orderBy(asc(users.email)).limit(limit);
}

/** Puts a link in the place of an older one of its kind for the same person. */
export async function putLink(db: Db, link: LinkRow): Promise<void> {
  await db.insert(oneTimeLinks).values(link).onConflictDoUpdate({ target: [oneTimeLinks.kind, oneTimeLinks.email], set: link });
}

export async function linkOf(db: Db, kind: LinkRow["kind"], secretHash: string): Promise<LinkRow | undefined> {
  return (await db.select().from(oneTimeLinks).where(and(eq(oneTimeLinks.secretHash, secretHash), eq(oneTimeLinks.kind, kind))))[0];
}

/** Ends the invitations that this person has given out. */
export async function deleteLinksBy(db: Db, userId: string): Promise<void> {
  await db.delete(oneTimeLinks).where(eq(oneTimeLinks.createdBy, userId));
}

/** Takes a link away; of several that try at once, one gets it. */
export async function takeLink(db: Db, kind: LinkRow["kind"], secretHash: string): Promise<LinkRow | undefined> {
  return (await db.delete(oneTimeLinks).where(and(eq(oneTimeLinks.secretHash, secretHash), eq(oneTimeLinks.kind, kind))).returning())[0];
}

export async function userOfOidc(db: Db, issuer: string, subject: string): Promise<UserRow | undefined> {
  const [row] = await db
    .select({ user: users })
    .from(oidcAccounts)
    .innerJoin(users, eq(users.id, oidcAccounts.userId))
    .where(and(eq(oidcAccounts.issuer, issuer), eq(oidcAccounts.subject, subject)))
    .for("update");
  return row?.user;
}

export async function insertOidcAccount(db: Db, account: typeof oidcAccounts.$inferInsert): Promise<void> {
  await db.insert(oidcAccounts).values(account);
}

/** Whether it is the identity provider alone that knows this person: there is no password here, and whoever is removed there must be out here. */
export function isOfProvider({ passwordHash }: Pick<UserRow, "passwordHash">): boolean {
  return passwordHash === null;
}

/** The roles that count: those given by administrators and those that come with groups. */
export function rolesOf({ roles, mappedRoles }: Pick<UserRow, "roles" | "mappedRoles">): Role[] {
  return [...new Set([...roles, ...mappedRoles])];
}

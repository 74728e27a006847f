import { and, desc, eq, gt, isNull, lt, or } from "drizzle-orm";
import type { Db } from "../../store/index.ts";
import { apiTokens, users } from "../tables.ts";
import type { UserRow } from "./users.ts";

export type TokenRow = typeof apiTokens.$inferSelect;

export async function insertToken(db: Db, token: TokenRow): Promise<void> {
  await db.insert(apiTokens).values(token);
}

/** The token if it is neither revoked nor expired, and whoever made it is not disabled; with its maker. */
export async function validToken(db: Db, id: string, now: Date): Promise<{ token: TokenRow; maker: Pick<UserRow, "id" | "name" | "roles" | "mappedRoles"> } | undefined> {
  const [row] = await db
    .select({ token: apiTokens, maker: { id: users.id, name: users.name, roles: users.roles, mappedRoles: users.mappedRoles } })
    .from(apiTokens)
    .innerJoin(users, eq(users.id, apiTokens.createdBy))
    .where(and(eq(apiTokens.id, id), isNull(apiTokens.revokedAt), gt(apiTokens.expiresAt, now), isNull(users.disabledAt)));
  return row;
}

/** Notes that the token was used, unless somebody else has done so since `before`. */
export async function touchToken(db: Db, id: string, at: Date, before: Date): Promise<void> {
  await db.update(apiTokens).set({ lastUsedAt: at }).where(and(eq(apiTokens.id, id), or(isNull(apiTokens.lastUsedAt), lt(apiTokens.lastUsedAt, before))));
}

/** Newest first; `before` is the token that the page before ended with. */
export function tokensBefore(db: Db, before: Pick<TokenRow, "createdAt" | "id"> | undefined, limit: number): Promise<TokenRow[]> {
  const older = before && or(lt(apiTokens.createdAt, before.createdAt), and(eq(apiTokens.createdAt, before.createdAt), lt(apiTokens.id, before.id)));
  return db.select().from(apiTokens).where(older).orderBy(desc(apiTokens.createdAt), desc(apiTokens.id)).limit(limit);
}

/** @returns whether there was such a token that was not revoked yet */
export async function revokeTokenRow(db: Db, id: string, at: Date): Promise<boolean> {
  return (await db.update(apiTokens).set({ revokedAt: at }).where(and(eq(apiTokens.id, id), isNull(apiTokens.revokedAt))).returning({ id: apiTokens.id })).length > 0;
}

export async function revokeTokensOf(db: Db, userId: string, at: Date): Promise<void> {
  await db.update(apiTokens).set({ revokedAt: at }).where(and(eq(apiTokens.createdBy, userId), isNull(apiTokens.revokedAt)));
}

import { and, eq, gt, isNull, lt, or } from "drizzle-orm";
import type { Db } from "../../store/index.ts";
import { apiTokens, users } from "../tables.ts";
import type { UserRow } from "./users.ts";

export type TokenRow = typeof apiTokens.$inferSelect;

export async function insertToken(db: Db, token: typeof apiTokens.$inferInsert): Promise<void> {
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

/** By id. */
export function tokensAfter(db: Db, id: string | undefined, limit: number): Promise<TokenRow[]> {
  return db.select().from(apiTokens).where(id === undefined ? undefined : gt(apiTokens.id, id)).orderBy(apiTokens.id).limit(limit);
}

/** @returns whether there was such a token that was not revoked yet */
export async function revokeTokenRow(db: Db, id: string, at: Date): Promise<boolean> {
  return (await db.update(apiTokens).set({ revokedAt: at }).where(and(eq(apiTokens.id, id), isNull(apiTokens.revokedAt))).returning({ id: apiTokens.id })).length > 0;
}

export async function revokeTokensOf(db: Db, userId: string, at: Date): Promise<void> {
  await db.update(apiTokens).set({ revokedAt: at }).where(and(eq(apiTokens.createdBy, userId), isNull(apiTokens.revokedAt)));
}

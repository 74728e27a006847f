import { asc, inArray, isNull } from "drizzle-orm";
import type { Db, DbCtx } from "../../store/index.ts";
import { authorize } from "../access/authorize.ts";
import { otherAdminExists, userById } from "../store/users.ts";
import { users } from "../tables.ts";

/** The name of somebody who can sign in; null when there is no such person. */
export async function userName(db: Db, id: string): Promise<string | null> {
  const user = await userById(db, id);
  return user && user.disabledAt === null ? user.name : null;
}

/** Names of people, those who cannot sign in any more included, by id. */
export async function userNames(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.select({ id: users.id, name: users.name }).from(users).where(inArray(users.id, [...new Set(ids)]));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Everybody a finding can be given to. @throws Forbidden */
export async function listPeople(ctx: DbCtx): Promise<{ id: string; name: string }[]> {
  await authorize(ctx, "findings.read", { type: "Finding", id: "*" });
  return ctx.db.select({ id: users.id, name: users.name }).from(users).where(isNull(users.disabledAt)).orderBy(asc(users.name), asc(users.id));
}

/** Whether somebody can administrate: until then the one-time link is the only door. */
export function hasAdmin(db: Db): Promise<boolean> {
  return otherAdminExists(db, null);
}

import { and, desc, eq, gt, lt, ne } from "drizzle-orm";
import type { Db } from "../../store/index.ts";
import { sessions, users } from "../tables.ts";
import type { UserRow } from "./users.ts";

export type SessionRow = typeof sessions.$inferSelect;

/** Begins a session, and clears away those of the user that began before this. */
export async function insertSession(db: Db, session: SessionRow, before: Date): Promise<void> {
  await db.delete(sessions).where(and(eq(sessions.userId, session.userId), lt(sessions.createdAt, before)));
  await db.insert(sessions).values(session);
}

export async function sessionBySecret(db: Db, secretHash: string): Promise<{ session: SessionRow; user: UserRow } | undefined> {
  const [row] = await db.select({ session: sessions, user: users }).from(sessions).innerJoin(users, eq(users.id, sessions.userId)).where(eq(sessions.secretHash, secretHash));
  return row;
}

/** Notes that the session was used, unless somebody else has done so since `before`. */
export async function touchSession(db: Db, id: string, at: Date, before: Date): Promise<void> {
  await db.update(sessions).set({ lastSeenAt: at }).where(and(eq(sessions.id, id), lt(sessions.lastSeenAt, before)));
}

export async function sessionById(db: Db, id: string): Promise<SessionRow | undefined> {
  return (await db.select().from(sessions).where(eq(sessions.id, id)))[0];
}

/** Sessions of a user, or of everybody, that have not run out, newest first. */
export function sessionsOf(db: Db, userId: string | undefined, createdAfter: Date, seenAfter: Date, most: number): Promise<SessionRow[]> {
  return db.select().from(sessions).where(and(userId === undefined ? undefined : eq(sessions.userId, userId), gt(sessions.createdAt, createdAfter), gt(sessions.lastSeenAt, seenAfter))).orderBy(desc(sessions.createdAt), sessions.id).limit(most);
}

export async function deleteSession(db: Db, id: string): Promise<boolean> {
  return (await db.delete(sessions).where(eq(sessions.id, id)).returning({ id: sessions.id })).length > 0;
}

/** Ends a user's sessions, all but one if that is named. */
export async function deleteSessionsOf(db: Db, userId: string, but?: string): Promise<void> {
  await db.delete(sessions).where(and(eq(sessions.userId, userId), but === undefined ? undefined : ne(sessions.id, but)));
}

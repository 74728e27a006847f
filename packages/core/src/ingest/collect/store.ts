import { and, asc, count, eq } from "drizzle-orm";
import type { Db } from "../../store/index.ts";
import { collectors } from "../tables.ts";

/** A collector, and how it does. */
export type CollectorRow = typeof collectors.$inferSelect;

/** All collectors, in the order in which they were made. */
export function allCollectors(db: Db): Promise<CollectorRow[]> {
  return db.select().from(collectors).orderBy(asc(collectors.createdAt), asc(collectors.id));
}

export async function countCollectors(db: Db): Promise<number> {
  return (await db.select({ count: count() }).from(collectors))[0]!.count;
}

/** @returns false if the queue has a collector already */
export async function insertCollector(db: Db, row: typeof collectors.$inferInsert): Promise<boolean> {
  return (await db.insert(collectors).values(row).onConflictDoNothing().returning({ id: collectors.id })).length === 1;
}

export async function collectorById(db: Db, id: string): Promise<CollectorRow | undefined> {
  return (await db.select().from(collectors).where(eq(collectors.id, id)))[0];
}

type Health = Partial<Pick<CollectorRow, "problem" | "waitingUntil" | "lastSuccessAt">>;

/** @returns whether there is such a collector */
export async function updateCollector(db: Db, id: string, change: Health & Partial<Pick<CollectorRow, "paused" | "backfill" | "checkpoint">>): Promise<boolean> {
  return (await db.update(collectors).set(change).where(eq(collectors.id, id)).returning({ id: collectors.id })).length === 1;
}

/** Moves a checkpoint, unless somebody has set it anew meanwhile. @returns whether it was moved */
export async function keepTrack(db: Db, id: string, which: "checkpoint" | "backfill", before: string, next: string | null, health: Health): Promise<boolean> {
  return (await db.update(collectors).set({ ...health, [which]: next }).where(and(eq(collectors.id, id), eq(collectors[which], before))).returning({ id: collectors.id })).length === 1;
}

/** @returns what was removed */
export async function deleteCollector(db: Db, id: string): Promise<CollectorRow | undefined> {
  return (await db.delete(collectors).where(eq(collectors.id, id)).returning())[0];
}

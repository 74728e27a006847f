import { and, asc, desc, eq, exists, gt, inArray, isNull, lt, lte, ne, not, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Db } from "../../store/index.ts";
import { deliveries } from "../tables.ts";

export type DeliveryRow = typeof deliveries.$inferSelect;

/** Rows of one INSERT: the protocol counts parameters in 16 bits. */
const CHUNK = 1_000;

const waiting = eq(deliveries.outcome, "waiting");
const standing = eq(deliveries.outcome, "in digest");
const unclaimed = (now: Date) => or(isNull(deliveries.claimedUntil), lte(deliveries.claimedUntil, now));

export async function insertDeliveries(db: Db, rows: readonly DeliveryRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += CHUNK) await db.insert(deliveries).values(rows.slice(at, at + CHUNK)).onConflictDoNothing();
}

/** Openings of these findings that a destination was told of, or is about to be. */
export function knownOpenings(db: Db, destination: string, findings: readonly string[]): Promise<{ finding: string | null; openedAt: Date | null }[]> {
  return db.select({ finding: deliveries.finding, openedAt: deliveries.openedAt }).from(deliveries).where(and(eq(deliveries.destination, destination), eq(deliveries.kind, "finding"), inArray(deliveries.finding, [...findings])));
}

/** Messages about single findings that a destination has before it, or was sent since. */
export async function messagesSince(db: Db, destination: string, since: Date): Promise<number> {
  const counted = and(eq(deliveries.destination, destination), eq(deliveries.kind, "finding"), ne(deliveries.outcome, "in digest"), or(waiting, gt(deliveries.triedAt, since)));
  return (await db.select({ count: sql<number>`count(*)::int` }).from(deliveries).where(counted))[0]?.count ?? 0;
}

/** The digest of a destination that still takes findings: one that nobody is sending. */
export async function openDigest(db: Db, destination: string, now: Date): Promise<DeliveryRow | undefined> {
  return (await db.select().from(deliveries).where(and(eq(deliveries.destination, destination), eq(deliveries.kind, "digest"), waiting, unclaimed(now))).limit(1))[0];
}

/** Findings that stand in a digest. */
export async function inDigest(db: Db, digest: string): Promise<{ id: string; finding: string; openedAt: Date }[]> {
  const rows = await db.select({ id: deliveries.id, finding: deliveries.finding, openedAt: deliveries.openedAt }).from(deliveries).where(and(eq(deliveries.digest, digest), standing));
  return rows.map(({ id, finding, openedAt }) => ({ id, finding: finding!, openedAt: openedAt! }));
}

/** Destinations that something is due at. */
export async function destinationsDue(db: Db, now: Date): Promise<string[]> {
  return (await db.selectDistinct({ id: deliveries.destination }).from(deliveries).where(and(waiting, lte(deliveries.nextAt, now), unclaimed(now)))).map(({ id }) => id);
}

/**
 * What is due first at a destination, held until the transaction ends. That a finding is open again waits until it was said that it was over: under the same
 * name at the vendor the end would otherwise end the new beginning.
 */
export async function nextDue(db: Db, destination: string, now: Date): Promise<DeliveryRow | undefined> {
  const before = alias(deliveries, "before");
  const unsaid = exists(db.select({ one: sql`1` }).from(before).where(and(eq(before.destination, destination), eq(before.finding, deliveries.finding), eq(before.kind, "resolved"), eq(before.outcome, "waiting"))));
  const due = and(eq(deliveries.destination, destination), waiting, lte(deliveries.nextAt, now), unclaimed(now), or(ne(deliveries.kind, "finding"), not(unsaid)));
  return (await db.select().from(deliveries).where(due).orderBy(asc(deliveries.nextAt), asc(deliveries.at), asc(deliveries.id)).limit(1).for("update", { skipLocked: true }))[0];
}

/** @param claimed only while it is still claimed until then; null for whatever its claim @returns false when it was not */
export async function updateDelivery(db: Db, id: string, claimed: Date | null, set: Partial<DeliveryRow>): Promise<boolean> {
  const mine = claimed === null ? undefined : and(waiting, eq(deliveries.claimedUntil, claimed));
  return (await db.update(deliveries).set(set).where(and(eq(deliveries.id, id), mine)).returning({ id: deliveries.id })).length > 0;
}

/** Messages about these findings alone, held until the transaction ends. */
export async function deliveriesOf(db: Db, findings: readonly string[]): Promise<DeliveryRow[]> {
  if (findings.length === 0) return [];
  return db.select().from(deliveries).where(and(inArray(deliveries.finding, [...findings]), eq(deliveries.kind, "finding"))).orderBy(asc(deliveries.id)).for("update");
}

/** What waits for a destination, digests and what stands in them included. */
export function waitingFor(db: Db, destination: string): Promise<DeliveryRow[]> {
  const digests = db.select({ id: deliveries.id }).from(deliveries).where(and(eq(deliveries.destination, destination), eq(deliveries.kind, "digest"), waiting));
  return db.select().from(deliveries).where(and(eq(deliveries.destination, destination), or(waiting, and(inArray(deliveries.digest, digests), standing)))).orderBy(asc(deliveries.id)).for("update");
}

export async function endDeliveries(db: Db, ids: readonly string[], set: Pick<DeliveryRow, "outcome" | "detail">): Promise<void> {
  for (let at = 0; at < ids.length; at += CHUNK) await db.update(deliveries).set({ ...set, nextAt: null, claimedUntil: null }).where(inArray(deliveries.id, ids.slice(at, at + CHUNK)));
}

/** Takes messages back as though nobody had thought of them. */
export async function removeLines(db: Db, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += CHUNK) await db.delete(deliveries).where(inArray(deliveries.id, ids.slice(at, at + CHUNK)));
}

/** Messages, the newest first. */
export function deliveriesPage(db: Db, after: { at: Date; id: string } | undefined, limit: number): Promise<DeliveryRow[]> {
  const place = after && or(lt(deliveries.at, after.at), and(eq(deliveries.at, after.at), lt(deliveries.id, after.id)));
  return db.select().from(deliveries).where(place).orderBy(desc(deliveries.at), desc(deliveries.id)).limit(limit);
}

/** How each destination did: when it last took something, and how the last attempt ended. */
export async function health(db: Db): Promise<Map<string, { lastDeliveryAt: Date | null; problem: string | null }>> {
  const last = await db.selectDistinctOn([deliveries.destination], { id: deliveries.destination, outcome: deliveries.outcome, detail: deliveries.detail }).from(deliveries).where(sql`${deliveries.triedAt} IS NOT NULL AND ${deliveries.detail} <> ''`).orderBy(deliveries.destination, desc(deliveries.triedAt));
  const taken = await db.select({ id: deliveries.destination, at: sql<Date | null>`max(${deliveries.triedAt})`.mapWith(deliveries.triedAt) }).from(deliveries).where(eq(deliveries.outcome, "delivered")).groupBy(deliveries.destination);
  const takenAt = new Map(taken.map(({ id, at }) => [id, at]));
  return new Map(last.map(({ id, outcome, detail }) => [id, { lastDeliveryAt: takenAt.get(id) ?? null, problem: outcome === "delivered" ? null : detail }]));
}

/** Forgets what was settled before this moment. */
export async function removeDeliveries(db: Db, before: Date): Promise<void> {
  await db.delete(deliveries).where(and(lt(deliveries.at, before), ne(deliveries.outcome, "waiting")));
}

import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, lte, not, sql, type SQL } from "drizzle-orm";
import type { Actor } from "../kernel/index.ts";
import type { Db } from "../store/index.ts";
import { ACTIVE } from "./state.ts";
import type { Seen } from "./stories.ts";
import { findingEvents, findings, suppressions } from "./tables.ts";
import { WINDOW_HOURS } from "./window.ts";

export type FindingRow = typeof findings.$inferSelect;
export type EventRow = typeof findingEvents.$inferSelect;
export type SuppressionRow = typeof suppressions.$inferSelect;

/** An event that is appended to a finding. */
export interface NewEvent {
  finding: string;
  at: Date;
  actor: Actor;
  kind: string;
  text: string;
  detail: Record<string, unknown>;
}

/** Rows of one INSERT: the protocol counts parameters in 16 bits. */
const CHUNK = 1_000;

/** A rule and an entity, with the hours in which they matched. */
export interface Cell {
  rule: string;
  entity: string;
  first: Date;
  last: Date;
}

/** When a match happened: its hour, and the last event in it (ISO 8601). */
export interface SeenMatch {
  hour: string;
  last: string;
}

/** The findings that matches of these cells may join, held until the transaction ends: the newest of each, and those whose window they may fall into; the newest first. */
export async function findingsOf(db: Db, cells: readonly Cell[]): Promise<FindingRow[]> {
  if (cells.length === 0) return [];
  const reach = sql.raw(`interval '${WINDOW_HOURS + 1} hours'`);
  const ids = await db.execute<{ id: string }>(sql`
    SELECT DISTINCT f.id
    FROM unnest(${sql.param(cells.map(({ rule }) => rule))}::text[], ${sql.param(cells.map(({ entity }) => entity))}::text[], ${sql.param(cells.map(({ first }) => first.toISOString()))}::timestamptz[], ${sql.param(cells.map(({ last }) => last.toISOString()))}::timestamptz[]) AS c (rule, entity, first, last)
    CROSS JOIN LATERAL (
      (SELECT id FROM findings WHERE rule_id = c.rule AND entity_key = c.entity ORDER BY window_start DESC LIMIT 1)
      UNION ALL
      (SELECT id FROM findings WHERE rule_id = c.rule AND entity_key = c.entity AND last_seen >= c.first - ${reach} AND first_seen <= c.last + ${reach})
    ) f`);
  if (ids.rows.length === 0) return [];
  const rows = await db.select().from(findings).where(inArray(findings.id, ids.rows.map(({ id }) => id))).orderBy(asc(findings.id)).for("update");
  return rows.sort((a, b) => b.windowStart.getTime() - a.windowStart.getTime());
}

/** When each of these findings was resolved for the last time. */
export async function resolvedAt(db: Db, ids: readonly string[]): Promise<Map<string, Date>> {
  if (ids.length === 0) return new Map();
  const rows = await db.select({ id: findingEvents.finding, at: sql`max(${findingEvents.at})`.mapWith(findingEvents.at) }).from(findingEvents).where(and(inArray(findingEvents.finding, [...ids]), eq(findingEvents.kind, "state"), sql`${findingEvents.detail} ->> 'to' = 'resolved'`)).groupBy(findingEvents.finding);
  return new Map(rows.map(({ id, at }) => [id, at]));
}

/** How many findings of each rule were opened since. */
export async function openedByRule(db: Db, rules: readonly string[], since: Date): Promise<Map<string, number>> {
  if (rules.length === 0) return new Map();
  const rows = await db.select({ rule: findings.ruleId, count: sql<number>`count(*)::int` }).from(findings).where(and(inArray(findings.ruleId, [...rules]), gte(findings.openedAt, since))).groupBy(findings.ruleId);
  return new Map(rows.map(({ rule, count }) => [rule, count]));
}

export async function upsertFindings(db: Db, rows: readonly FindingRow[]): Promise<void> {
  const changing = Object.fromEntries(
    (["rule", "title", "level", "count", "firstSeen", "lastSeen", "sources", "evidence", "news", "state", "dueAt", "acceptedUntil", "suppressedBy", "openedAt", "changedAt", "version"] as const).map((name) => [name, sql.raw(`excluded."${findings[name].name}"`)]),
  );
  for (let at = 0; at < rows.length; at += CHUNK) await db.insert(findings).values(rows.slice(at, at + CHUNK)).onConflictDoUpdate({ target: findings.id, set: changing });
}

export async function insertEvents(db: Db, events: readonly NewEvent[]): Promise<void> {
  const rows = events.map(({ finding, at, actor, kind, text, detail }) => ({ finding, at, actorKind: actor.kind, actorId: actor.kind === "system" ? "" : actor.id, actorName: actor.name, kind, text, detail }));
  for (let at = 0; at < rows.length; at += CHUNK) await db.insert(findingEvents).values(rows.slice(at, at + CHUNK));
}

/**
 * Suppressions that hold at this moment. One that has expired holds until `endExpiredSuppressions` has ended it, a minute later: what it hid is shown there
 * alone, where somebody is told.
 */
export function liveSuppressions(db: Db, now: Date): Promise<SuppressionRow[]> {
  return db.select().from(suppressions).where(holding(now)).orderBy(desc(suppressions.createdAt));
}

/** Suppressions that hold no more, the last to end first. */
export function pastSuppressions(db: Db, now: Date, limit: number): Promise<SuppressionRow[]> {
  return db.select().from(suppressions).where(not(holding(now)!)).orderBy(desc(sql`coalesce(${suppressions.endedAt}, ${suppressions.expiresAt})`), asc(suppressions.id)).limit(limit);
}

/** Without a schedule for so long an expired suppression is over all the same. */
const UNENDED_MS = 86_400_000;

function holding(now: Date): SQL | undefined {
  return and(isNull(suppressions.endedAt), gt(suppressions.expiresAt, new Date(now.getTime() - UNENDED_MS)));
}

export async function countHidden(db: Db, id: string, count: number): Promise<void> {
  await db.update(suppressions).set({ hidden: sql`${suppressions.hidden} + ${count}` }).where(eq(suppressions.id, id));
}

/** Events of a finding, oldest first. */
export function eventsOf(db: Db, finding: string): Promise<EventRow[]> {
  return db.select().from(findingEvents).where(eq(findingEvents.finding, finding)).orderBy(asc(findingEvents.id));
}

/** What timelines of these findings say of alerts. */
export async function alertsOf(db: Db, ids: readonly string[]): Promise<Pick<EventRow, "finding" | "detail">[]> {
  if (ids.length === 0) return [];
  return db.select({ finding: findingEvents.finding, detail: findingEvents.detail }).from(findingEvents).where(and(inArray(findingEvents.finding, [...ids]), eq(findingEvents.kind, "alerted")));
}

export async function findingById(db: Db, id: string, { lock }: { lock: boolean }): Promise<FindingRow | undefined> {
  const found = db.select().from(findings).where(eq(findings.id, id));
  return (await (lock ? found.for("update") : found))[0];
}

/** Holds findings until the transaction ends, in the order in which everybody does. */
export async function lockFindings(db: Db, ids: readonly string[]): Promise<void> {
  await db.select({ id: findings.id }).from(findings).where(inArray(findings.id, [...ids])).orderBy(asc(findings.id)).for("update");
}

/** These findings as they are, with their evidence, the most urgent first. For rooms above, which have authorized it or act for the product itself. */
export async function findingsById(db: Db, ids: readonly string[]): Promise<FindingRow[]> {
  if (ids.length === 0) return [];
  return db.select().from(findings).where(inArray(findings.id, [...ids])).orderBy(asc(findings.priority), desc(findings.lastSeen), asc(findings.id));
}

/** Keys, resources and accounts that were seen in these findings, so many of each at most. */
export async function seenIn(db: Db, ids: readonly string[], most: number): Promise<Map<string, Seen>> {
  if (ids.length === 0) return new Map();
  const some = (field: keyof Seen) => sql<string[]>`ARRAY(SELECT jsonb_object_keys(${findings.evidence} -> 'tallies' -> ${field}::text) LIMIT ${most})`;
  const rows = await db.select({ id: findings.id, access_keys: some("access_keys"), resources: some("resources"), accounts: some("accounts") }).from(findings).where(inArray(findings.id, [...ids]));
  return new Map(rows.map(({ id, ...seen }) => [id, seen]));
}

/** Writes what a person may have changed, or the end of what they have decided. */
export async function updateFinding(db: Db, row: FindingRow): Promise<void> {
  const { state, owner, priority, priorityWhy, dueAt, acceptedUntil, duplicateOf, labels, links, news, openedAt, changedAt, version } = row;
  await db.update(findings).set({ state, owner, priority, priorityWhy, dueAt, acceptedUntil, duplicateOf, labels, links, news, openedAt, changedAt, version }).where(eq(findings.id, row.id));
}

export async function insertSuppression(db: Db, row: SuppressionRow): Promise<void> {
  await db.insert(suppressions).values(row);
}

/** @returns false if there is none that has not ended */
export async function endSuppression(db: Db, id: string, at: Date): Promise<boolean> {
  return (await db.update(suppressions).set({ endedAt: at }).where(and(eq(suppressions.id, id), isNull(suppressions.endedAt))).returning({ id: suppressions.id })).length > 0;
}

/** Active findings in the scope of a suppression, held until the transaction ends; also those that another one hides, which may be about to end. */
export function findingsInScope(db: Db, { rule, entity, account }: Pick<SuppressionRow, "rule" | "entity" | "account">): Promise<Pick<FindingRow, "id" | "suppressedBy">[]> {
  const scope = [rule === null ? undefined : eq(findings.ruleId, rule), entity === null ? undefined : eq(findings.entityKey, entity), account === null ? undefined : sql`${findings.evidence} -> 'tallies' -> 'accounts' ? ${account}`];
  return db.select({ id: findings.id, suppressedBy: findings.suppressedBy }).from(findings).where(and(inArray(findings.state, [...ACTIVE]), ...scope)).orderBy(asc(findings.id)).for("update");
}

/** Ends what has expired, at the time at which it did. @returns what still hides something although it is over, however it ended */
export async function endExpired(db: Db, now: Date): Promise<string[]> {
  await db.update(suppressions).set({ endedAt: sql`${suppressions.expiresAt}` }).where(and(isNull(suppressions.endedAt), lte(suppressions.expiresAt, now)));
  const rows = await db.selectDistinct({ id: suppressions.id }).from(suppressions).innerJoin(findings, eq(findings.suppressedBy, suppressions.id)).where(isNotNull(suppressions.endedAt));
  return rows.map(({ id }) => id);
}

/** What these suppressions hide, held until the transaction ends. */
export async function findingsHiddenBy(db: Db, ids: readonly string[]): Promise<FindingRow[]> {
  if (ids.length === 0) return [];
  return db.select().from(findings).where(inArray(findings.suppressedBy, [...ids])).orderBy(asc(findings.id)).for("update");
}

export async function setSuppressed(db: Db, ids: readonly string[], suppressedBy: string | null, at: Date): Promise<void> {
  for (let from = 0; from < ids.length; from += CHUNK) await db.update(findings).set({ suppressedBy, changedAt: at, version: sql`${findings.version} + 1` }).where(inArray(findings.id, ids.slice(from, from + CHUNK)));
}

/** Acceptances that have expired. */
export function expiredAcceptances(db: Db, now: Date): Promise<FindingRow[]> {
  return db.select().from(findings).where(and(eq(findings.state, "accepted"), lte(findings.acceptedUntil, now))).orderBy(asc(findings.id)).for("update");
}

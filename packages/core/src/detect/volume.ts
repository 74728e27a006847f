import { and, asc, eq, gte, sql } from "drizzle-orm";
import type { Db, DbCtx } from "../store/index.ts";
import { ruleHours } from "./tables.ts";

/** How often a rule has matched. */
export interface RuleVolume {
  signals24h: number;
  signals7d: number;
  /** Time of the latest event that matched, ISO 8601; null when none ever did. */
  lastMatchAt: Date | null;
}

const HOUR_MS = 3_600_000;

/** Adds the signals of a batch, in its transaction. @param matches signals and the latest event's time, by rule */
export async function addRuleVolume({ db, now }: DbCtx, matches: ReadonlyMap<string, { signals: number; last: Date }>): Promise<void> {
  if (matches.size === 0) return;
  const hour = new Date(Math.floor(now().getTime() / HOUR_MS) * HOUR_MS);
  await db
    .insert(ruleHours)
    .values([...matches].sort(([a], [b]) => (a < b ? -1 : 1)).map(([rule, { signals, last }]) => ({ rule, hour, signals, lastMatchAt: last })))
    .onConflictDoUpdate({ target: [ruleHours.rule, ruleHours.hour], set: { signals: sql`${ruleHours.signals} + excluded.signals`, lastMatchAt: sql`greatest(${ruleHours.lastMatchAt}, excluded.last_match_at)` } });
}

/** The volume of every rule that has ever matched. */
export async function ruleVolumes({ db, now }: DbCtx): Promise<Map<string, RuleVolume>> {
  const since = (hours: number): Date => new Date(now().getTime() - hours * HOUR_MS);
  const within = (hours: number) => sql<number>`coalesce(sum(${ruleHours.signals}) FILTER (WHERE ${gte(ruleHours.hour, since(hours))}), 0)::bigint`.mapWith(Number);
  const rows = await db.select({ rule: ruleHours.rule, signals24h: within(24), signals7d: within(24 * 7), lastMatchAt: sql<Date>`max(${ruleHours.lastMatchAt})`.mapWith(ruleHours.lastMatchAt) }).from(ruleHours).groupBy(ruleHours.rule);
  return new Map(rows.map(({ rule, ...volume }) => [rule, volume]));
}

/** Signals of a rule in each hour since then that had any. */
export function ruleHistogram(db: Db, rule: string, since: Date): Promise<{ hour: Date; signals: number }[]> {
  return db.select({ hour: ruleHours.hour, signals: ruleHours.signals }).from(ruleHours).where(and(eq(ruleHours.rule, rule), gte(ruleHours.hour, since))).orderBy(asc(ruleHours.hour));
}

import { asc, gte, sql, type SQL } from "drizzle-orm";
import { authorize } from "../../identity/index.ts";
import { lakeSizes } from "../../lake/index.ts";
import { sources } from "../../sources/index.ts";
import type { DbCtx } from "../../store/index.ts";
import type { Silence } from "../silence/rhythm.ts";
import { silences } from "../silence/silences.ts";
import { intakeHours } from "../tables.ts";

/** A source, how it does, and what it takes. */
export interface SourceHealth {
  id: string;
  events: number;
  events24h: number;
  /** Events taken in, in each of the last 48 hours, oldest first. */
  volume: [Date, number][];
  lastEventAt: Date | null;
  lastReceivedAt: Date | null;
  /** From receipt to the lake, of the last batch. */
  lagSeconds: number | null;
  /** Whether it keeps its rhythm; null before anything came. */
  rhythm: Silence["state"] | null;
  dead: number;
  duplicates: number;
  bytes: number;
  parts: number;
}

const HOUR_MS = 3_600_000;
const SHOWN_HOURS = 48;

function sum(name: "dead" | "duplicate"): SQL<number> {
  return sql<number>`sum(${intakeHours[name]})`.mapWith(Number);
}

/** All sources that there are rules and mappings for, with what they have brought so far. @throws Forbidden */
export async function listSources(ctx: DbCtx): Promise<SourceHealth[]> {
  await authorize(ctx, "sources.read", { type: "Source", id: "*" });
  const { db } = ctx;
  const thisHour = Math.floor(ctx.now().getTime() / HOUR_MS) * HOUR_MS;
  const since = new Date(thisHour - (SHOWN_HOURS - 1) * HOUR_MS);
  const totals = await db
    .select({
      source: intakeHours.source, dead: sum("dead"), duplicates: sum("duplicate"), lastEventAt: sql<Date | null>`max(${intakeHours.lastEventAt})`.mapWith(intakeHours.lastEventAt), lastReceivedAt: sql<Date>`max(${intakeHours.lastReceivedAt})`.mapWith(intakeHours.lastReceivedAt),
      lagMs: sql<number>`(array_agg(${intakeHours.lagMs} ORDER BY ${intakeHours.hour} DESC))[1]`.mapWith(Number),
    })
    .from(intakeHours)
    .groupBy(intakeHours.source);
  const hours = await db.select({ source: intakeHours.source, hour: intakeHours.hour, stored: intakeHours.stored }).from(intakeHours).where(gte(intakeHours.hour, since)).orderBy(asc(intakeHours.hour));
  const sizes = await lakeSizes(db);
  const silent = await silences(db, ctx.now());
  return sources.map(({ id }) => {
    const total = totals.find(({ source }) => source === id);
    const size = sizes.get(id) ?? { rows: 0, bytes: 0, parts: 0 };
    const byHour = new Map(hours.flatMap(({ source, hour, stored }) => (source === id ? [[hour.getTime(), stored] as const] : [])));
    const volume = Array.from({ length: SHOWN_HOURS }, (_, index): [Date, number] => {
      const hour = since.getTime() + index * HOUR_MS;
      return [new Date(hour), byHour.get(hour) ?? 0];
    });
    return {
      id, events: size.rows, events24h: volume.slice(-24).reduce((all, [, count]) => all + count, 0), volume, lastEventAt: total?.lastEventAt ?? null, lastReceivedAt: total?.lastReceivedAt ?? null,
      lagSeconds: total ? total.lagMs / 1000 : null, rhythm: silent.get(id)?.state ?? null, dead: total?.dead ?? 0, duplicates: total?.duplicates ?? 0, bytes: size.bytes, parts: size.parts,
    };
  });
}

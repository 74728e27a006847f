import { sql } from "drizzle-orm";
import { commitTimes } from "../../lake/index.ts";
import type { Db } from "../../store/index.ts";
import { HOUR_MS, LEAST_SILENCE_MS, REMEMBERED_MS, silenceOf, type History, type Silence } from "./rhythm.ts";

/** After so long a source's hours say whether it is quiet, and nobody need look at its pauses. */
const PAUSES_COUNT_MS = 6 * HOUR_MS;
const ARRIVALS_MS = 24 * HOUR_MS;

/** How each source that has ever spoken stands with its rhythm at a moment. */
export async function silences(db: Db, now: Date): Promise<Map<string, Silence>> {
  const found = new Map<string, Silence>();
  for (const [source, hours] of await histories(db)) {
    const silent = now.getTime() - hours.last;
    const arrivals = silent >= LEAST_SILENCE_MS && silent < PAUSES_COUNT_MS ? await commitTimes(db, source, new Date(hours.last - ARRIVALS_MS)) : [];
    found.set(source, silenceOf({ ...hours, arrivals: arrivals.map((at) => at.getTime()) }, now.getTime()));
  }
  return found;
}

/** The hours in which each source has spoken, as far back from its last one as a rhythm reaches; what could not be read is speech too. */
async function histories(db: Db): Promise<Map<string, Omit<History, "arrivals">>> {
  const { rows } = await db.execute<{ source: string; hours: number[]; last: number }>(sql`
    WITH newest AS (SELECT DISTINCT ON (source) source, hour, last_received_at FROM intake_hours WHERE read > 0 ORDER BY source, hour DESC)
    SELECT n.source, (extract(epoch FROM n.last_received_at) * 1000)::float8 AS last, array_agg((extract(epoch FROM h.hour) * 1000)::float8) AS hours
    FROM newest n JOIN intake_hours h ON h.source = n.source AND h.read > 0 AND h.hour > n.hour - make_interval(hours => ${REMEMBERED_MS / HOUR_MS})
    GROUP BY n.source, n.last_received_at`);
  return new Map(rows.map(({ source, hours, last }) => [source, { hours: new Set(hours), last }]));
}

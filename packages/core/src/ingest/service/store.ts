import { inArray, sql } from "drizzle-orm";
import type { Db, DbCtx } from "../../store/index.ts";
import { deadLetterReplays, intakeHours } from "../tables.ts";
import type { Worked } from "./workerPool.ts";

const HOUR_MS = 3_600_000;

const added = (name: "read" | "stored" | "duplicate" | "dead" | "bytes") => sql`${intakeHours[name]} + ${sql.raw(`excluded.${name}`)}`;

/** Adds a batch to what its sources have taken in, in the batch's transaction. */
export async function addIntake({ db, now }: DbCtx, { results, headers }: Worked): Promise<void> {
  const at = now();
  const received = headers.reduce((least, header) => Math.min(least, header.at), at.getTime());
  const bySource = new Map<string, typeof intakeHours.$inferInsert>();
  for (const { source, counts, bytes, totals } of results) {
    const row = bySource.get(source) ?? { source, hour: new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS), read: 0, stored: 0, duplicate: 0, dead: 0, bytes: 0, lastEventAt: null, lastReceivedAt: at, lagMs: at.getTime() - received };
    for (const name of ["read", "stored", "duplicate", "dead"] as const) row[name] += counts[name];
    row.bytes += bytes;
    const last = totals.last === null ? null : new Date(totals.last);
    if (last !== null && (row.lastEventAt == null || last > row.lastEventAt)) row.lastEventAt = last;
    bySource.set(source, row);
  }
  if (bySource.size === 0) return;
  await db
    .insert(intakeHours)
    .values([...bySource.values()].sort((a, b) => (a.source < b.source ? -1 : 1)))
    .onConflictDoUpdate({
      target: [intakeHours.source, intakeHours.hour],
      set: {
        read: added("read"), stored: added("stored"), duplicate: added("duplicate"), dead: added("dead"), bytes: added("bytes"),
        lastEventAt: sql`greatest(${intakeHours.lastEventAt}, excluded.last_event_at)`, lastReceivedAt: sql`excluded.last_received_at`, lagMs: sql`excluded.lag_ms`,
      },
    });
}

/** Which of these dead letters were read again, and the receipt and time of it. */
export async function replaysOf(db: Db, letters: readonly string[]): Promise<Map<string, { receipt: string; at: Date }>> {
  const rows = letters.length === 0 ? [] : await db.select().from(deadLetterReplays).where(inArray(deadLetterReplays.letter, [...letters]));
  return new Map(rows.map(({ letter, ...replay }) => [letter, replay]));
}

export async function insertReplays(db: Db, rows: readonly (typeof deadLetterReplays.$inferInsert)[]): Promise<void> {
  if (rows.length > 0) await db.insert(deadLetterReplays).values([...rows]).onConflictDoNothing();
}

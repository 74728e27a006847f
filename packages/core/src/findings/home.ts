import type { FindingRow, SeenMatch } from "./store.ts";
import { SPAN_HOURS, WINDOW_HOURS } from "./window.ts";

const HOUR_MS = 3_600_000;

/**
 * The finding that a match joins: the newest whose window it falls into; else the newest of all where that one is accepted, or was resolved when the match happened.
 * @param rows findings of the match's rule and entity, the newest window first
 * @param resolvedAt when those of them that are resolved became so
 * @returns null where the match is to open another
 */
export function homeOf(rows: readonly FindingRow[], { hour, last }: SeenMatch, now: Date, resolvedAt: ReadonlyMap<string, Date>): FindingRow | null {
  const fitting = rows.find((row) => fits(row, Date.parse(hour)));
  if (fitting !== undefined) return fitting;
  const [newest] = rows;
  if (newest === undefined) return null;
  if (newest.state === "accepted" && !isOver(newest, now)) return newest;
  const resolved = newest.state === "resolved" ? resolvedAt.get(newest.id) : undefined;
  return resolved !== undefined && Date.parse(last) >= resolved.getTime() ? newest : null;
}

/** Whether an acceptance has come to its end. */
export function isOver({ acceptedUntil }: Pick<FindingRow, "acceptedUntil">, now: Date): boolean {
  return acceptedUntil !== null && acceptedUntil <= now;
}

function fits({ evidence }: FindingRow, at: number): boolean {
  const hours = Object.keys(evidence.hours).map((each) => Date.parse(each));
  const [first, last] = [Math.min(...hours), Math.max(...hours)];
  const inReach = at >= first - WINDOW_HOURS * HOUR_MS && at <= last + WINDOW_HOURS * HOUR_MS;
  return inReach && Math.max(last, at) - Math.min(first, at) < SPAN_HOURS * HOUR_MS;
}

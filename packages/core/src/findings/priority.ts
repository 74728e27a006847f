import type { Level } from "./schemas.ts";

export type Priority = "p1" | "p2" | "p3" | "p4";
export type Environment = "production" | "staging" | "development" | "unknown";

const BASE: Record<Level, number> = { critical: 1, high: 2, medium: 3, low: 4, informational: 4 };
/** Outside production the same thing is a note. */
const ELSEWHERE = 2;
/** Days until it should be closed. */
const DUE_DAYS: Record<Priority, number | null> = { p1: 1, p2: 3, p3: 14, p4: null };
const DAY_MS = 86_400_000;

/** How urgent a finding is, from its level, where it happened, and how much depends on the service; with the reason in a few words. */
export function priorityOf(level: Level, environment: Environment, tier: string | null): { priority: Priority; why: string } {
  let rank = BASE[level];
  const why: string[] = [level];
  if (environment === "staging" || environment === "development") {
    rank += ELSEWHERE;
    why.push(`in ${environment}`);
  } else {
    if (environment === "production") why.push("in production");
    if (tier === "1" && rank > 1 && rank < 4) {
      rank--;
      why.push("on a tier 1 service");
    }
  }
  return { priority: `p${Math.min(rank, 4)}` as Priority, why: why.join(" ") };
}

/** When a finding of this priority should be closed; null for never. */
export function dueAt(priority: Priority, from: Date): Date | null {
  const days = DUE_DAYS[priority];
  return days === null ? null : new Date(from.getTime() + days * DAY_MS);
}

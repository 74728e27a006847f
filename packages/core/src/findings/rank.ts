import { LEVELS, type Finding, type Level } from "./schemas.ts";

/** What a level weighs against others: ten of one are less urgent than one of the next. */
const WEIGHT: Record<Level, number> = { informational: 0, low: 1, medium: 10, high: 100, critical: 1000 };

/** Whose doing a finding is. A crowd is nobody: the crowds of two rules have no more to do with each other than two strangers. */
const actorOf = (finding: Ranked): string => (finding.entity.kind === "many" ? `${finding.entity.key}:${finding.id}` : finding.entity.key);

type Ranked = Pick<Finding, "id" | "level" | "entity" | "tactics" | "access_keys" | "addresses" | "first_seen" | "count">;

/**
 * Orders findings so that the first is the one to read first: by level; among equals, whoever shows up in more, and more serious,
 * findings over more tactics comes first, because that is what a break-in looks like; then the earliest.
 */
export function rank<T extends Ranked>(findings: readonly T[]): T[] {
  const actors = new Map<string, { weight: number; tactics: Set<string> }>();
  for (const finding of findings) {
    const actor = actors.get(actorOf(finding)) ?? { weight: 0, tactics: new Set() };
    actor.weight += WEIGHT[finding.level];
    for (const tactic of finding.tactics) actor.tactics.add(tactic);
    actors.set(actorOf(finding), actor);
  }
  const urgency = (finding: T): number => {
    const actor = actors.get(actorOf(finding))!;
    return actor.weight * Math.max(1, actor.tactics.size);
  };
  return [...findings].sort(
    (a, b) =>
      LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) ||
      urgency(b) - urgency(a) ||
      (a.first_seen < b.first_seen ? -1 : a.first_seen > b.first_seen ? 1 : 0) ||
      (a.id < b.id ? -1 : 1),
  );
}

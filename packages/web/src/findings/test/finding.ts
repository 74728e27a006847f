import { FindingSummary } from "@corduroy/contract";

/** A finding for tests, valid by the contract. */
export function finding(change: Partial<FindingSummary> = {}): FindingSummary {
  const at = "2026-11-18T14:06:00.000Z";
  return FindingSummary.parse({
    id: "f1", title: "A trail was told to record less", state: "open", level: "high", priority: "p2", priorityWhy: "high, in production",
    rule: { id: "r1", title: "A trail records less" }, entity: { kind: "user", key: "user:ci", name: "ci" }, count: 3, firstSeen: at, lastSeen: at, openedAt: at, changedAt: at,
    team: "platform", service: null, environment: "production", owner: null, dueAt: null, acceptedUntil: null, labels: ["q4"], news: [], suppressed: false, tactics: [], techniques: [], version: 1,
    ...change,
  });
}

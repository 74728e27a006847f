import { expect, it } from "vitest";
import { dueAt, priorityOf } from "./priority.ts";

it.each([
  ["critical", "production", null, "p1", "critical in production"],
  ["high", "production", null, "p2", "high in production"],
  ["high", "production", "1", "p1", "high in production on a tier 1 service"],
  ["medium", "production", "1", "p2", "medium in production on a tier 1 service"],
  ["low", "production", "1", "p4", "low in production"],
  ["high", "staging", "1", "p4", "high in staging"],
  ["critical", "development", null, "p3", "critical in development"],
  ["high", "unknown", null, "p2", "high"],
  ["informational", "unknown", null, "p4", "informational"],
] as const)("%s in %s, tier %s, is %s", (level, environment, tier, priority, why) => {
  expect(priorityOf(level, environment, tier)).toEqual({ priority, why });
});

it("gives urgent things a day, and notes for ever", () => {
  const from = new Date("2026-11-21T12:00:00Z");
  expect(dueAt("p1", from)?.toISOString()).toBe("2026-11-22T12:00:00.000Z");
  expect(dueAt("p4", from)).toBeNull();
});

import { expect, it } from "vitest";
import { csrfFits, csrfToken } from "./csrf.ts";
import { endOf, isAlive } from "./lifetime.ts";

const HOUR = 3_600_000;
const at = (hours: number): Date => new Date(Date.UTC(2026, 10, 21) + hours * HOUR);

it("ends twelve hours after the last use, and seven days after it began", () => {
  const session = (lastSeen: number) => ({ stage: "full" as const, createdAt: at(0), lastSeenAt: at(lastSeen) });
  expect([isAlive(session(0), at(11.99)), isAlive(session(0), at(12))]).toEqual([true, false]);
  expect([isAlive(session(160), at(167.99)), isAlive(session(160), at(168))]).toEqual([true, false]);
  expect(endOf(session(0))).toEqual(at(168));
});

it("ends after an hour when it may only add a second factor", () => {
  const session = { stage: "enrol" as const, createdAt: at(0), lastSeenAt: at(0.99) };
  expect([isAlive(session, at(0.99)), isAlive(session, at(1))]).toEqual([true, false]);
});

it("has a CSRF token that fits no other session", () => {
  expect(csrfFits("one", csrfToken("one"))).toBe(true);
  expect(csrfFits("two", csrfToken("one"))).toBe(false);
  expect(csrfFits("one", "")).toBe(false);
  expect(csrfToken("one")).not.toContain("one");
});

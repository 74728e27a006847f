import { FindingFilter, type FindingSummary } from "@corduroy/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSearch, stringifySearch } from "../app/address.ts";
import { filterFromUrl, filterToUrl, letsThrough, NO_FILTER, sameFilter } from "./filter.ts";
import { finding } from "./test/finding.ts";

const word = fc.string({ minLength: 1, maxLength: 40 }).filter((text) => text.trim() === text);
const anyFilter: fc.Arbitrary<FindingFilter> = fc
  .record(
    {
      state: fc.constantFrom("active", "closed", "all", "open", "resolved"),
      due: fc.constant("overdue"),
      level: fc.constantFrom("low", "critical"),
      priority: fc.constantFrom("p1", "p4"),
      team: word,
      owner: fc.constantFrom("me", "none", "u_7"),
      rule: word,
      entity: word,
      label: word,
      suppressed: fc.constantFrom("no", "yes", "all"),
      q: word,
    },
    { requiredKeys: [] },
  )
  .map((filter) => FindingFilter.parse(filter));

describe("a filter in the address", () => {
  it("comes back as it was", () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        const address = stringifySearch(filterToUrl(filter));
        expect(sameFilter(filterFromUrl(parseSearch(address)), filter)).toBe(true);
      }),
    );
  });

  it("is empty when nothing was chosen", () => {
    expect(stringifySearch(filterToUrl(NO_FILTER))).toBe("");
    expect(filterFromUrl({})).toEqual(NO_FILTER);
  });

  it("loses what is unknown or not allowed, and keeps the rest", () => {
    expect(filterFromUrl({ state: "nonsense", level: "high", q: "x".repeat(300), other: "1", owner: "" })).toEqual({ ...NO_FILTER, level: "high" });
  });

  it("holds for any address at all", () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant(null))), (raw) => FindingFilter.safeParse(filterFromUrl(raw)).success));
  });
});

function through(filter: Partial<FindingFilter>, change: Partial<FindingSummary> = {}): boolean {
  return letsThrough({ ...NO_FILTER, ...filter }, finding(change), "me-id", Date.parse("2026-11-20T12:00:00Z"));
}

describe("what a filter lets through", () => {
  it("is active and not suppressed when nothing was chosen", () => {
    expect(through({})).toBe(true);
    expect(through({}, { state: "resolved" })).toBe(false);
    expect(through({}, { suppressed: true })).toBe(false);
    expect(through({ state: "closed" }, { state: "resolved" })).toBe(true);
    expect(through({ state: "triaged" }, { state: "open" })).toBe(false);
  });

  it("is overdue when its day has passed and it is not closed", () => {
    const late = { dueAt: "2026-11-20T12:00:00.000Z" };
    expect([through({ due: "overdue" }, late), through({ due: "overdue" }, { dueAt: "2026-11-20T12:00:01.000Z" }), through({ due: "overdue" }), through({ due: "overdue", state: "all" }, { ...late, state: "resolved" })]).toEqual([true, false, false, false]);
  });

  it("knows me, nobody and others as owners", () => {
    const mine = { owner: { id: "me-id", name: "I" } };
    expect([through({ owner: "me" }, mine), through({ owner: "none" }, mine), through({ owner: "me-id" }, mine), through({ owner: "u2" }, mine)]).toEqual([true, false, true, false]);
    expect([through({ owner: "me" }), through({ owner: "none" })]).toEqual([false, true]);
  });

  it("asks for every word of the title, whatever its case", () => {
    expect(through({ q: "TRAIL record" })).toBe(true);
    expect(through({ q: "trail absent" })).toBe(false);
  });

  it("compares team, rule, entity, level, priority and label exactly", () => {
    expect(through({ team: "platform", level: "high", priority: "p2", rule: "r1", entity: "user:ci", label: "q4" })).toBe(true);
    for (const wrong of [{ team: "data" }, { level: "low" as const }, { priority: "p1" as const }, { rule: "r2" }, { entity: "user:c" }, { label: "q" }]) expect(through(wrong)).toBe(false);
  });
});

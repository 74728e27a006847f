import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ENTITIES_A_RULE, SignalGroups } from "./collect.ts";
import type { Draft } from "./finding.ts";
import type { SignalGroup } from "./group.ts";
import { batchOf, groupOf, HOUR, hourOf, iso, ruleOf, START, type TestSample, type TestSignal } from "./test/signals.ts";

const HOSTILE_KEYS = ["__proto__", "constructor", "toString", "", "k".repeat(4_000), "many", "a\u0000b", "\ud800"];

const signal = fc.record({
  rule: fc.integer({ min: 0, max: 2 }),
  entity: fc.oneof(fc.constant("user:anna"), fc.constantFrom("user:ben", ...HOSTILE_KEYS)),
  // Half of them within two hours, so that hours add up; half over weeks, so that windows are cut.
  at: fc.oneof(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 40 * 24 * 60 })).map((minutes) => START + minutes * 60_000),
  address: fc.constantFrom("192.0.2.1", "192.0.2.2", "", "__proto__", "constructor", "hasOwnProperty"),
});

/** A signal, the batch it comes in, and when that batch's share of it arrives. */
const scattered = fc.array(fc.record({ signal, batch: fc.integer({ min: 0, max: 4 }), turn: fc.nat() }), { maxLength: 60 });

function fold(groups: readonly SignalGroup<TestSample>[]): SignalGroups<TestSample> {
  const folded = new SignalGroups<TestSample>();
  for (const group of groups) folded.add(group);
  return folded;
}

const findingsOf = (groups: readonly SignalGroup<TestSample>[]): Draft<TestSample>[] => fold(groups).findings((no) => ruleOf(no));

/** The batches in the order their turns say, as a worker sends them: a message between processes drops prototypes. */
function arriving(rows: readonly { signal: TestSignal; batch: number; turn: number }[]): SignalGroup<TestSample>[] {
  const batches = [0, 1, 2, 3, 4].map((no) => rows.filter(({ batch }) => batch === no));
  return batches
    .flatMap((batch) => batchOf(batch.map((row) => row.signal)).map((group, index) => ({ group, turn: batch[index]!.turn })))
    .sort((a, b) => a.turn - b.turn)
    .map(({ group }) => structuredClone(group));
}

/** The windows of one rule and entity, told from the signals alone: `[first hour, count, first, last]`. */
function naiveWindows(signals: readonly TestSignal[]): [number, number, string, string][] {
  const windows: TestSignal[][] = [];
  for (const each of [...signals].sort((a, b) => a.at - b.at)) {
    const open = windows.at(-1);
    const silence = open ? (hourOf(each.at) - hourOf(open.at(-1)!.at)) / HOUR : 0;
    const span = open ? (hourOf(each.at) - hourOf(open[0]!.at)) / HOUR : 0;
    if (open && silence <= 24 && span < 168) open.push(each);
    else windows.push([each]);
  }
  return windows.map((window) => [hourOf(window[0]!.at), window.length, iso(window[0]!.at), iso(window.at(-1)!.at)]);
}

const alone = (minute: number, address: string): SignalGroup<TestSample> => structuredClone(groupOf({ rule: 0, entity: "user:anna", at: START + minute * 60_000, address }));

const storm = (count: number, entity: (no: number) => string): TestSignal[] => Array.from({ length: count }, (_, no) => ({ rule: 0, entity: entity(no), at: START + no * 8_000, address: "192.0.2.1" }));

const crowd = (size: number): TestSignal[] => Array.from({ length: size }, (_, no) => ({ rule: 0, entity: `user:${no}`, at: START + (no % 30) * HOUR, address: `192.0.2.${no % 7}` }));

describe("folding", () => {
  it("gives the same findings whatever the order and the batches that signals come in", () => {
    fc.assert(
      fc.property(scattered, (rows) => {
        const atOnce = findingsOf(batchOf(rows.map((row) => row.signal)));
        expect(findingsOf(arriving(rows))).toEqual(atOnce);
      }),
      { numRuns: 300 },
    );
  });

  it("agrees with windows cut from the signals one by one", () => {
    fc.assert(
      fc.property(scattered, (rows) => {
        const cells = new Map<string, TestSignal[]>();
        for (const { signal: each } of rows) {
          const cell = JSON.stringify([`rule-${each.rule}`, each.entity]);
          cells.set(cell, [...(cells.get(cell) ?? []), each]);
        }
        const expected = [...cells].flatMap(([cell, signals]) => naiveWindows(signals).map((window) => JSON.stringify([cell, ...window])));
        const found = findingsOf(arriving(rows)).map((each) =>
          JSON.stringify([JSON.stringify([each.rule.id, each.entity.key]), Date.parse(each.histogram[0]![0]), each.count, each.first_seen, each.last_seen]),
        );
        expect(found.sort()).toEqual(expected.sort());
      }),
      { numRuns: 300 },
    );
  });

  it("loses no signal: the counts of findings, and of their hours, add up to the signals", () => {
    fc.assert(
      fc.property(scattered, (rows) => {
        const folded = fold(arriving(rows));
        const findings = folded.findings((no) => ruleOf(no));
        expect(folded.signals).toBe(rows.length);
        expect(folded.matchedRules).toBe(new Set(rows.map((row) => row.signal.rule)).size);
        expect(findings.reduce((sum, { count }) => sum + count, 0)).toBe(rows.length);
        for (const { count, histogram } of findings) expect(histogram.reduce((sum, [, each]) => sum + each, 0)).toBe(count);
      }),
    );
  });

  it("counts every value of a field, also one that is the name of an object's own machinery", () => {
    const [finding] = findingsOf([alone(0, "192.0.2.1"), alone(1, "__proto__"), alone(2, "__proto__"), alone(3, "constructor")]);
    expect(finding!.addresses).toEqual(["__proto__", "192.0.2.1", "constructor"]);
  });

  it("leaves what it is given as it was, so that a second fold of the same groups gives the same", () => {
    const rows = Array.from({ length: 20 }, (_, no): TestSignal => ({ rule: 0, entity: "user:anna", at: START + no * 60_000, address: `192.0.2.${no}` }));
    const groups = rows.map(groupOf);
    const before = structuredClone(groups);
    const first = findingsOf(groups);
    expect(structuredClone(groups)).toEqual(before);
    expect(findingsOf(groups)).toEqual(first);
  });
});

describe("what belongs together", () => {
  it("makes one finding of ten thousand matches of one rule by one identity", () => {
    const found = findingsOf(batchOf(storm(10_000, () => "person:anna@example.com")));
    expect(found.map(({ count }) => count)).toEqual([10_000]);
  });

  it("keeps two identities apart, though they match the same rule at the same time", () => {
    const found = findingsOf(batchOf(storm(100, (no) => (no % 2 === 0 ? "person:anna@example.com" : "person:ben@example.com"))));
    expect(new Map(found.map(({ entity, count }) => [entity.key, count]))).toEqual(new Map([["person:anna@example.com", 50], ["person:ben@example.com", 50]]));
  });

  it("keeps two rules apart", () => {
    const rows = [0, 1].map((rule): TestSignal => ({ rule, entity: "user:anna", at: START, address: "" }));
    expect(findingsOf(batchOf(rows))).toHaveLength(2);
  });
});

describe("a rule that matches a crowd", () => {
  it(`names each of ${ENTITIES_A_RULE} entities, and makes one finding of more`, () => {
    expect(findingsOf(batchOf(crowd(ENTITIES_A_RULE)))).toHaveLength(ENTITIES_A_RULE);
    const [one, ...others] = findingsOf(batchOf(crowd(ENTITIES_A_RULE + 1)));
    expect(others).toEqual([]);
    expect(one!.entity.kind).toBe("many");
    expect(one!.count).toBe(ENTITIES_A_RULE + 1);
  });

  it("does not depend on the order, and leaves other rules alone", () => {
    const others = [{ rule: 1, entity: "user:0", at: START, address: "192.0.2.1" }];
    const groups = [...crowd(ENTITIES_A_RULE + 20), ...others].map(groupOf);
    const expected = findingsOf(groups);
    expect(expected).toHaveLength(2);
    fc.assert(
      fc.property(fc.shuffledSubarray(groups, { minLength: groups.length }), (shuffled) => {
        expect(findingsOf(shuffled)).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });
});

import { describe, expect, it } from "vitest";
import { attackOf, draftFinding, type Draft } from "./finding.ts";
import { addTally, emptyTally, type SignalGroup } from "./group.ts";
import { groupOf, HOUR, ruleOf, START, type TestSample } from "./test/signals.ts";

/** A finding of so many signals, one an hour, each from its own address. */
function draft(count: number, change: (group: SignalGroup<TestSample>) => void = () => undefined): Draft<TestSample> {
  const groups = Array.from({ length: count }, (_, no) => groupOf({ rule: 0, entity: "user:anna", at: START + no * HOUR, address: `192.0.2.${no}` }));
  groups.forEach(change);
  return draftFinding(ruleOf(0), groups);
}

const withKeys = (...keys: string[]): string => draft(1, ({ tallies }) => keys.forEach((key) => (tallies.access_keys[key] = 1))).title;

describe("the sentence", () => {
  it("says what, who, from where, in which account, and how often", () => {
    expect(draft(1, ({ tallies }) => (tallies.accounts["111122223333"] = 1)).title).toBe("Rule 0: name of user:anna from 192.0.2.0 in account 111122223333");
    expect(draft(1500, (group) => (group.tallies.addresses = { "192.0.2.1": 1 })).title).toBe("Rule 0: name of user:anna from 192.0.2.1, 1,500 times");
  });

  it("names a long-term key, for it may have leaked, and no other", () => {
    expect(withKeys("AKIAEXAMPLE")).toContain(" with key AKIAEXAMPLE from");
    expect(withKeys("ASIAEXAMPLE")).not.toContain("key");
    expect(withKeys("AKIAEXAMPLE", "AKIAANOTHER")).not.toContain("key");
  });

  it("counts all addresses, not only those it lists", () => {
    const many = draft(25);
    expect(many.addresses).toHaveLength(10);
    expect(many.title).toContain(" from 25 addresses");
  });

  it("says so when there are more than it can count", () => {
    expect(draft(300).title).toContain(" from 100 addresses or more");
  });
});

describe("what is shown of many", () => {
  it("lists the most frequent values first, equals by name", () => {
    const found = draft(1, (group) => (group.tallies.operations = { b: 2, a: 2, c: 9 }));
    expect(found.operations).toEqual(["c", "a", "b"]);
  });

  it("shows the first sample, the last one, and three spread between them", () => {
    const samples = draft(9).samples.map(({ time }) => (Date.parse(time) - START) / HOUR);
    expect(samples).toEqual([0, 2, 4, 6, 8]);
  });

  it("drops the rarest values of a tally that grows without end, and keeps the frequent ones", () => {
    const tally = emptyTally();
    for (let no = 0; no < 1000; no++) addTally(tally, { [`value ${no}`]: 1, frequent: 1 });
    expect(Object.keys(tally).length).toBeLessThanOrEqual(200);
    expect(tally["frequent"]).toBe(1000);
  });
});

it("reads tactics and techniques from Sigma tags", () => {
  expect(attackOf(["attack.initial_access", "attack.defense-evasion", "ATTACK.T1098.003", "attack.g0016", "attack.s0154", "attack.ta0001", "cve.2021-44228", "attack.t1078"])).toEqual({
    tactics: ["initial-access", "defense-evasion"],
    techniques: ["T1098.003", "T1078"],
  });
});

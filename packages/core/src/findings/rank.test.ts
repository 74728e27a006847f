import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rank } from "./rank.ts";
import { LEVELS, type Entity, type Level } from "./schemas.ts";
import { entityOf, iso, START } from "./test/signals.ts";

type Ranked = Parameters<typeof rank>[0][number];

function finding(id: string, level: Level, actor: string | Entity, tactics: string[] = ["discovery"], minutes = 0): Ranked {
  return { id, level, entity: typeof actor === "string" ? entityOf(actor) : actor, tactics, access_keys: [], addresses: [], first_seen: iso(START + minutes * 60_000), count: 1 };
}

const ids = (findings: readonly Ranked[]): string[] => rank(findings).map(({ id }) => id);

const some = fc.uniqueArray(
  fc.record({
    id: fc.nat({ max: 255 }).map(String),
    level: fc.constantFrom(...LEVELS),
    actor: fc.constantFrom("user:anna", "user:ben", "__proto__", "constructor", ""),
    tactics: fc.subarray(["discovery", "persistence", "impact", "__proto__"]),
    minutes: fc.integer({ min: 0, max: 3 }),
  }),
  { selector: ({ id }) => id, maxLength: 20 },
);
const made = some.map((rows) => rows.map(({ id, level, actor, tactics, minutes }) => finding(id, level, actor, tactics, minutes)));

describe("the order to read findings in", () => {
  it("is one order, whatever the order they come in, and leaves the list it is given alone", () => {
    fc.assert(
      fc.property(made.chain((findings) => fc.tuple(fc.constant(findings), fc.shuffledSubarray(findings, { minLength: findings.length }))), ([findings, shuffled]) => {
        const before = findings.map(({ id }) => id);
        expect(ids(shuffled)).toEqual(ids(findings));
        expect(findings.map(({ id }) => id)).toEqual(before);
        expect([...ids(findings)].sort()).toEqual([...before].sort());
      }),
      { numRuns: 300 },
    );
  });

  it("puts the level first", () => {
    fc.assert(
      fc.property(made, (findings) => {
        const levels = rank(findings).map(({ level }) => LEVELS.indexOf(level));
        expect(levels).toEqual([...levels].sort((a, b) => b - a));
      }),
    );
  });

  it("among equals puts the actor first who shows up in more serious findings", () => {
    expect(ids([finding("1", "high", "user:anna"), finding("2", "high", "user:ben"), finding("3", "medium", "user:ben")])).toEqual(["2", "1", "3"]);
    const low = ["4", "5", "6"].map((id) => finding(id, "low", "user:anna"));
    expect(ids([finding("1", "high", "user:anna"), ...low, finding("2", "high", "user:ben"), finding("3", "medium", "user:ben")])[0]).toBe("2");
  });

  it("among equals puts the actor first who covers more tactics: that is what a break-in looks like", () => {
    const anna = [finding("1", "high", "user:anna", ["discovery"]), finding("2", "medium", "user:anna", ["discovery"])];
    const ben = [finding("3", "high", "user:ben", ["discovery"]), finding("4", "medium", "user:ben", ["impact"])];
    expect(ids([...anna, ...ben])[0]).toBe("3");
  });

  it("then puts the earliest first, and last decides the id", () => {
    expect(ids([finding("1", "low", "user:anna", [], 5), finding("2", "low", "user:ben", [], 4)])).toEqual(["2", "1"]);
    expect(ids([finding("b", "low", "user:anna"), finding("a", "low", "user:ben")])).toEqual(["a", "b"]);
  });

  it("does not take the crowds of several rules for one busy actor", () => {
    const crowd: Entity = { kind: "many", key: "many", name: "more than 500 identities" };
    const crowds = [finding("1", "medium", crowd, ["discovery"]), finding("2", "medium", crowd, ["impact"]), finding("3", "medium", crowd, ["execution"])];
    const anna = [finding("4", "medium", "user:anna", ["discovery"]), finding("5", "low", "user:anna", ["persistence"])];
    expect(ids([...crowds, ...anna])[0]).toBe("4");
  });
});

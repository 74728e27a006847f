import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { storiesOf, storyText, type Told } from "./stories.ts";
import { ruleOf } from "./test/signals.ts";

const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 20) + hour * 3_600_000);
function told(id: string, entity: string, [from, to]: readonly [number, number], keys: readonly string[] = [], kind: Told["finding"]["entityKind"] = "user", resources: readonly string[] = [], account = "1"): Told {
  return { finding: { id, entityKind: kind, entityKey: `${account}:${entity}`, entityName: entity, firstSeen: at(from), lastSeen: at(to) }, seen: { access_keys: keys, resources, accounts: [account] } };
}
const ids = (stories: readonly Told[][]): string[][] => stories.map((story) => story.map(({ finding }) => finding.id)).sort((a, b) => (a[0]! < b[0]! ? -1 : 1));

describe("stories", () => {
  it("hold what one entity did, or what was done with one key, in order of time", () => {
    const stories = storiesOf([told("3", "mallory", [3, 3]), told("4", "erik", [1, 2]), told("2", "ci", [1, 2], ["AKIA1"]), told("1", "ci", [0, 1]), told("5", "account", [2, 2], ["AKIA1", "AKIA9"], "account")]);
    expect(ids(stories)).toEqual([["1", "2", "5"], ["3"], ["4"]]);
  });

  it("end with a silence of more than a day, counted from the latest match", () => {
    expect(ids(storiesOf([told("1", "ci", [0, 90]), told("2", "ci", [1, 1]), told("3", "ci", [114, 114]), told("4", "ci", [138.5, 139])]))).toEqual([["1", "2", "3"], ["4"]]);
  });

  it("go on with a user whom somebody made or changed, in the same account", () => {
    const maker = told("1", "ci", [0, 1], [], "user", ["helper"]);
    expect(ids(storiesOf([maker, told("2", "helper", [2, 2])]))).toEqual([["1", "2"]]);
    expect(ids(storiesOf([maker, told("2", "helper", [2, 2], [], "user", [], "2"), told("3", "helper", [26, 27]), told("4", "erik", [0, 1], [], "user", ["helper"], "2"), told("5", "x", [0, 1], [], "role", ["a", "b", "c", "helper"])]))).toEqual([["1"], ["3"], ["4", "2"], ["5"]]);
  });

  it("are tied by nothing that many share", () => {
    const crowd = ["AKIA1", "AKIA2", "AKIA3", "AKIA4"];
    expect(ids(storiesOf([told("1", "ci", [0, 1], ["AKIA1"]), told("2", "many", [0, 1], ["AKIA1"], "many"), told("3", "many", [0, 1], [], "many"), told("4", "root", [0, 1], crowd, "account"), told("5", "x", [0, 1], [], "unknown"), told("6", "x", [0, 1], [], "unknown")]))).toEqual([["1"], ["2"], ["3"], ["4"], ["5"], ["6"]]);
  });

  it("hold each finding once, whatever order findings come in", () => {
    const any = fc.record({ entity: fc.constantFrom("a", "b", "c"), from: fc.nat(200), length: fc.nat(40), keys: fc.uniqueArray(fc.constantFrom("k1", "k2", "k3", "k4", "k5"), { maxLength: 4 }), resources: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { maxLength: 4 }), kind: fc.constantFrom("user" as const, "many" as const, "unknown" as const) });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 25 }), fc.array(fc.nat(), { minLength: 25, maxLength: 25 }), (drawn, order) => {
        const all = drawn.map(({ entity, from, length, keys, resources, kind }, n) => told(String(n).padStart(2, "0"), entity, [from, from + length], keys, kind, resources));
        const stories = ids(storiesOf(all));
        expect(stories.flat().sort()).toEqual(all.map(({ finding }) => finding.id));
        const shuffled = all.map((each, n) => [order[n]!, each] as const).sort(([a], [b]) => a - b).map(([, each]) => each);
        expect(ids(storiesOf(shuffled))).toEqual(stories);
      }),
    );
  });
});

describe("a story's text", () => {
  const line = (name: string, [from, to]: readonly [number, number], tactic: string) => ({ entityName: name, firstSeen: at(from), lastSeen: at(to), rule: { ...ruleOf(1), tags: [`attack.${tactic}`, "attack.t1098"] } });

  it("says how many findings, about whom, within what time, over how many tactics", () => {
    expect(storyText([line("ci", [0, 0.2], "discovery"), line("ci", [0.5, 0.8], "exfiltration")])).toBe("2 findings about ci within 48 min, over 2 tactics");
    expect(storyText([line("ci", [0, 1], "impact"), line("erik", [2, 30], "impact")])).toBe("2 findings about ci and erik within 30 h");
    expect(storyText([line("a", [0, 0], "impact"), line("b", [0, 0], "impact"), line("c", [0, 100], "impact")])).toBe("3 findings about 3 identities within 5 d");
  });
});

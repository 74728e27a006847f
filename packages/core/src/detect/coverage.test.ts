import { compileRule, parseSigma } from "@corduroy/sigma";
import { expect, it } from "vitest";
import { Shape, sourceById } from "../sources/index.ts";
import { coverageOf, fieldsToSee, type SeenSource } from "./coverage.ts";
import type { DetectionRule } from "./rule.ts";

function rule(title: string, detection: string, logsource = "product: okta, service: okta"): DetectionRule {
  const { rules, problems } = parseSigma(`title: ${title}\nid: 00000000-0000-4000-8000-000000000000\nlogsource: { ${logsource} }\ndetection:\n  s: { ${detection} }\n  condition: s\n`, "r.yml");
  const { expr } = compileRule(rules[0]!, { filters: [] });
  if (problems.length > 0 || !expr) throw new Error(JSON.stringify(problems));
  return { no: 0, file: "r.yml", line: 1, logsource: rules[0]!.logsource, status: null, author: null, expr, groupBy: "identity", summary: { id: title, title, level: "low", tags: [], description: "", falsepositives: [], references: [], check: [], respond: [] } };
}

function seen(id: string, rules: readonly DetectionRule[], records: readonly unknown[], columns: readonly string[] = []): SeenSource {
  const source = sourceById(id)!;
  const shape = new Shape(fieldsToSee(rules, source));
  for (const record of records) shape.add(JSON.stringify(record));
  return { source, shape, columns: new Set(columns) };
}

const told = (rules: readonly DetectionRule[], sources: readonly SeenSource[]) => {
  const { blind, withoutEvents, withoutRules } = coverageOf(rules, sources);
  return { blind: blind.map(({ rule: { summary }, missing }) => [summary.title, ...missing]), withoutEvents: withoutEvents.map(({ summary }) => summary.title), withoutRules };
};

it("names rules that no event can fulfil, by their fields alone, and not those that can be", () => {
  const rules = [
    rule("there", "eventType: a, outcome.result: SUCCESS"), rule("missing", "eventType: a, outcome.reason: b"), rule("all missing", "x.y: 1, z: 2"), rule("null is enough", "outcome.reason: null"),
    rule("in lists", "target.alternateId: a"), rule("numbered", "target.0.alternateId: a"), rule("not there is enough", "outcome.reason|exists: false"),
  ];
  const source = seen("okta.system", rules, [{ eventType: "user.login", outcome: { result: "SUCCESS" }, target: [{ type: "User" }, { alternateId: "b" }] }]);
  expect(told(rules, [source])).toEqual({ blind: [["missing", "outcome.reason"], ["all missing", "x.y", "z"]], withoutEvents: [], withoutRules: [] });
});

it("looks where the vendor has the field that a rule calls otherwise, and in the columns of text", () => {
  const okta = sourceById("okta.system")!;
  const [name, place] = Object.entries(okta.sigmaNames)[0]!;
  const rules = [rule("by its name", `${name}: a`), rule("of lines", "cs-method: GET", "category: webserver"), rule("of no line", "cs-host: a", "category: webserver")];
  const record = [place].flat()[0]!.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), "x");
  expect(told(rules, [seen("okta.system", rules, [record]), seen("web.access", rules, [], ["cs-method"])]).blind).toEqual([["of no line", "cs-host"]]);
});

it("names rules of logs that nobody sends, and sources that no rule looks at", () => {
  const rules = [rule("windows", "EventID: 1", "product: windows"), rule("okta", "eventType: a")];
  expect(told(rules, [seen("github.audit", rules, [{ action: "a" }]), seen("okta.system", rules, [{ eventType: "a" }])])).toEqual({ blind: [], withoutEvents: ["windows"], withoutRules: ["github.audit"] });
});

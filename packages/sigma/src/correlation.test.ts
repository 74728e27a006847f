import { describe, expect, test } from "vitest";
import { parseSigma } from "./index.ts";

const correlation = (section: string): ReturnType<typeof parseSigma> => parseSigma(`title: C\nid: c1\nlevel: high\ncorrelation:\n${section.replaceAll(/^/gm, "  ")}\n`, "c.yml");

describe("correlations are parsed", () => {
  test("event_count", () => {
    const { correlations, problems } = correlation("type: event_count\nrules: [a, b]\ngroup-by: [user, host]\ntimespan: 90m\ncondition: {gte: 100, lt: 200}\ngenerate: true");
    expect(problems).toEqual([]);
    expect(correlations[0]).toMatchObject({
      id: "c1", level: "high", type: "event_count", rules: ["a", "b"], groupBy: ["user", "host"], timespanSeconds: 5_400, generate: true, aliases: {},
      condition: { kind: "compare", all: [{ op: "gte", value: 100 }, { op: "lt", value: 200 }], fields: [], percentile: null },
    });
  });

  test.each(["value_count", "value_sum", "value_avg", "value_min", "value_max", "value_median", "value_percentile"])("%s", (type) => {
    expect(correlation(`type: ${type}\nrules: a\ntimespan: 1d\ncondition: {field: [x, y], neq: 1.5}`).correlations[0]).toMatchObject({ type, rules: ["a"], groupBy: [], timespanSeconds: 86_400, condition: { fields: ["x", "y"], all: [{ op: "neq", value: 1.5 }] } });
  });

  test("temporal without a condition wants every rule", () => {
    expect(correlation("type: temporal\nrules: [a, b, c]\ntimespan: 5s").correlations[0]!.condition).toEqual({ kind: "compare", all: [{ op: "gte", value: 3 }], fields: [], percentile: null });
  });

  test("an extended condition, and aliases", () => {
    const found = correlation("type: temporal_ordered\nrules: [a, b, c]\ntimespan: 1h\ngroup-by: [ip]\naliases:\n  ip: {a: src.ip, b: dst.ip}\ncondition: a AND (b or not c)").correlations[0]!;
    expect(found.aliases).toEqual({ ip: { a: "src.ip", b: "dst.ip" } });
    expect(found.condition).toMatchObject({ kind: "expression", expression: { kind: "and", parts: [{ name: "a" }, { kind: "or", parts: [{ name: "b" }, { kind: "not", part: { name: "c" } }] }] } });
  });

  test("percentiles", () => {
    expect(correlation("type: value_percentile\nrules: [a]\ntimespan: 1h\ncondition: {field: x, percentile: 95, gt: 9}").correlations[0]!.condition).toMatchObject({ percentile: 95 });
  });
});

describe("what is wrong with a correlation is a problem", () => {
  test.each([
    ["type: evnt_count\nrules: [a]\ntimespan: 1h\ncondition: {gte: 1}", "5:9", 'unknown correlation type "evnt_count"'],
    ["type: event_count\ntimespan: 1h\ncondition: {gte: 1}", "5:3", "needs rules"],
    ["type: event_count\nrules: [a]\ncondition: {gte: 1}", "5:3", "needs a timespan"],
    ["type: event_count\nrules: [a]\ntimespan: 1w\ncondition: {gte: 1}", "7:13", '"1w" is not a timespan'],
    ["type: event_count\nrules: [a]\ntimespan: 1h", "5:3", "needs a condition"],
    ["type: event_count\nrules: [a]\ntimespan: 1h\ncondition: {over: 1}", "8:15", 'unknown key "over"'],
    ["type: event_count\nrules: [a]\ntimespan: 1h\ncondition: {gte: many}", "8:20", "gte must be a number"],
    ["type: event_count\nrules: [a]\ntimespan: 1h\ncondition: {gte: 1, field: x}", "8:14", "takes no field"],
    ["type: value_count\nrules: [a]\ntimespan: 1h\ncondition: {gte: 1}", "8:14", "needs the field"],
    ["type: event_count\nrules: [a]\ntimespan: 1h\ncondition: a", "8:14", "must be a map"],
    ["type: temporal\nrules: [a, b]\ntimespan: 1h\ncondition: a and bb", "8:20", '"bb", which is not among the rules'],
    ["type: temporal\nrules: [a, b]\ntimespan: 1h\ngroup_by: [x]", "8:3", 'unknown key "group_by"'],
    ["type: temporal\nrules: [a, b]\ntimespan: 1h\naliases: {x: y}", "8:16", "must map rules to fields"],
    ["type: value_percentile\nrules: [a]\ntimespan: 1h\ncondition: {field: x, gt: 1, percentile: 101}", "8:14", "between 0 and 100"],
    ["type: temporal\nrules: [a]\ntimespan: 1h\ngenerate: perhaps", "8:13", "true or false"],
  ])("%s", (section, place, message) => {
    const { correlations, problems } = correlation(section);
    expect(correlations).toEqual([]);
    expect(problems.map(({ line, column, message: text }) => `${line}:${column} ${text}`).find((text) => text.startsWith(place) && text.includes(message))).toBeDefined();
  });
});

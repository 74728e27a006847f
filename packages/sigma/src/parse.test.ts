import { describe, expect, test } from "vitest";
import { ruleFile } from "../test/matching.ts";
import { compileRule, parseSigma, type Problem } from "./index.ts";

/** All problems of a file, of parsing and of compiling. */
function problemsOf(text: string): readonly Problem[] {
  const parsed = parseSigma(text, "rule.yml");
  return [...parsed.problems, ...parsed.rules.flatMap((rule) => compileRule(rule).problems ?? [])];
}

const head = "title: Test\nid: x-1\nlogsource: {product: test}\n";
const body = "detection:\n  sel: {a: 1}\n  condition: sel\n";

/** The place is line:column, or its beginning; message and hint are parts of the real ones. */
const broken: readonly (readonly [what: string, file: string, place: string, message: string, hint?: string | undefined])[] = [
  ["no title", `id: x\nlogsource: {product: t}\n${body}`, "1:1", "title is missing"],
  ["no id", `title: T\nlogsource: {product: t}\n${body}`, "1:1", "id is missing", "UUID"],
  ["a misspelled title", `titel: T\nid: x\nlogsource: {product: t}\n${body}`, "1:1", 'unknown key "titel"', '"title"'],
  ["no logsource", `title: T\nid: x\n${body}`, "1:1", "logsource is missing"],
  ["a misspelled logsource", `title: T\nid: x\nlogsorce: {product: t}\n${body}`, "1:1", "logsource is missing", '"logsorce"'],
  ["an empty logsource", `title: T\nid: x\nlogsource: {definition: t}\n${body}`, "3:12", "none of category"],
  ["a misspelled key in logsource", `title: T\nid: x\nlogsource:\n  product: t\n  servise: s\n${body}`, "5:3", 'unknown key "servise"', '"service"'],
  ["no detection", head, "1:1", "detection is missing"],
  ["a bad level", `${head}level: hihg\n${body}`, "4:8", 'unknown level "hihg"', '"high"'],
  ["a bad status", `${head}status: done\n${body}`, "4:9", 'unknown status "done"', "stable"],
  ["a misspelled level key", `${head}levle: high\n${body}`, "4:1", 'unknown key "levle"', '"level"'],
  ["a duplicate key", `${head}${body}title: again\n`, "7:1", '"title" is given twice'],
  ["no condition", `${head}detection:\n  sel: {a: 1}\n`, "5:3", "no condition"],
  ["a misspelled condition", `${head}detection:\n  sel: {a: 1}\n  conditon: sel\n`, "5:3", "no condition", '"conditon"'],
  ["an undefined selection", `${head}detection:\n  sel: {a: 1}\n  condition: sel and not flter\n  filter: {b: 1}\n`, "6:26", '"flter", which is not defined', '"filter"'],
  ["an unused selection", `${head}detection:\n  sel: {a: 1}\n  more: {a: 1}\n  condition: sel\n`, "6:3", '"more" is never used'],
  ["a pattern that fits nothing", `${head}detection:\n  sel: {a: 1}\n  condition: sel and not 1 of filter_*\n`, "6:26", 'fits "filter_*"'],
  ["an aggregation", `${head}detection:\n  sel: {a: 1}\n  condition: sel | count() > 5\n`, "6:18", "aggregations", "correlation"],
  ["a timeframe", `${head}detection:\n  sel: {a: 1}\n  timeframe: 5m\n  condition: sel\n`, "6:3", "timeframe", "correlation"],
  ["2 of them", `${head}detection:\n  sel: {a: 1}\n  condition: 2 of them\n`, "6:14", '"2 of" is not', "1 of"],
  ["a pattern without a quantifier", `${head}detection:\n  sel: {a: 1}\n  condition: sel*\n`, "6:14", "needs a quantifier"],
  ["a missing parenthesis", `${head}detection:\n  sel: {a: 1}\n  condition: (sel\n`, "6:18", "parenthesis is missing"],
  ["a condition cut short", `${head}detection:\n  sel: {a: 1}\n  condition: sel and\n`, "6:21", "ends too early"],
  ["two names in a row", `${head}detection:\n  sel: {a: 1}\n  condition: "sel sel"\n`, "6:19", '"sel" is not expected'],
  ["a null selection", `${head}detection:\n  sel:\n  condition: sel\n`, "5:3", "must be a map"],
  ["an empty map", `${head}detection:\n  sel: {}\n  condition: sel\n`, "5:8", "empty map"],
  ["a nested map", `${head}detection:\n  sel:\n    a:\n      b: 1\n  condition: sel\n`, "7:7", "holds a map", "a.b.c"],
  ["an empty list of values", `${head}detection:\n  sel: {a: []}\n  condition: sel\n`, "5:12", "empty list"],
  ["a value that is no JSON number", `${head}detection:\n  sel: {a: .nan}\n  condition: sel\n`, "5:12", "not a number"],
  ["half of a surrogate pair", `${head}detection:\n  sel: {a: "\\uD800"}\n  condition: sel\n`, "5:12", "surrogate"],
  ["a merge key", `${head}detection:\n  _x: &x {a: 1}\n  sel: {<<: *x}\n  condition: sel\n`, "6:9", "merge keys"],
  ["a rule collection", `action: global\n${head}${body}`, "1:1", "rule collections"],
  ["broken YAML", `${head}detection: {a: [}\n`, "4:17", "YAML is broken"],
  ["a tab", `${head}detection:\n\tsel: 1\n`, "5:1", "YAML is broken"],
  ["a list", "- a\n- b\n", "1:1", "must be a map"],
  ["nothing", "# only a comment\n", "1:1", "no rule"],
  ["correlation beside detection", `${head}${body}correlation: {type: event_count}\n`, "3:1", "does not belong"],
  ...([
    ["a|contians: x", 'unknown modifier "contians"', '"contains"'], ["a|contains|contains: x", "given twice"], ["a|startswith|endswith: x", "contradict"],
    ["a|i: x", '"i" cannot be combined', '"re"'], ["a|i|re: x", 'must come after "re"'], ["a|re|contains: x", "cannot be combined", "anchor"],
    ["a|contains|base64: x", '"base64" must come before "contains"'], ["a|base64: 'x*'", "wildcards"], ["a|base64offset|contains: a", "too short"], ["a|wide: é", "not text"],
    ["a|base64|windash: x", '"windash" must come before "base64"'], ["a|gt|lt: 5", "cannot be combined", "two lines"], ["a|gt: '5'", "takes a number", "quotes"], ["a|gt: x", "takes a number"], ["a|gt|neq: 5", "cannot be combined", "opposite"],
    ["a|exists: yes", "true or false"], ["a|exists|neq: true", "cannot be combined"], ["a|cidr: 10.0.0.0/33", "prefix length"], ["a|cidr: 10.1.0.0/8", "bits set", "10.0.0.0/8"], ["a|cidr: 10.0.0.*", "not a network"],
    ["a|hour: 24", "between 0 and 23"], ["a|gte|hour: 3", "must come after"], ["a|contains: null", "null is not"], ["a|fieldref: 'b*'", "name of a field"], ["a|expand: '%x%'", "%x% has no values"],
    ["a|re: '(?=x)'", "lookaround", "linear"], ["a|re: '(?<!x)'", "lookaround"], ["a|re: '(a)\\1'", "backreferences"], ["a|re: 'a*+'", "possessive"], ["a|re: 'a{1001}'", "more than 1000"], ["a|re: '(a{40}){40}'", "more than 1000"],
    ["a|re: '(a'", "invalid"], ["a|re: 'a)'", "invalid"], ["a|re: '[a'", "invalid"], ["a|re: '*a'", "invalid"], ["a|re: 'a**'", "invalid"], ["a|re: 'a\\'", "invalid"], ["a|re: '[z-a]'", "backwards"], ["a|re: 'a\\Z'", "\\Z", "\\z"],
    ["a|re: '(?>a)'", "atomic"], ["a|re: '\\p{L}{900}'", "too large"], ["'|gt': 5", "needs a field"], ["'': ''", "every event"],
  ] as const).map(([item, message, hint]): (typeof broken)[number] => [`the item ${item}`, `${head}detection:\n  sel:\n    ${item}\n  condition: sel\n`, "6:", message, hint]),
];

describe("what cannot be honoured is a problem with its place", () => {
  test.each(broken.map(([what, file, place, message, hint]) => ({ what, file, place, message, hint })))("$what", ({ file, place, message, hint }) => {
    const problems = problemsOf(file);
    const found = problems.find((problem) => problem.message.includes(message));
    expect(problems.map((problem) => problem.message).join("\n")).toContain(message);
    expect(`${found!.line}:${found!.column}`.startsWith(place)).toBe(true);
    if (hint !== undefined) expect(found!.hint).toContain(hint);
    expect(found!.file).toBe("rule.yml");
  });

  test("the rule's id comes along", () => {
    expect(problemsOf(`${head}level: x\n${body}`)[0]!.rule_id).toBe("x-1");
    expect(problemsOf(ruleFile("s: {a|x: 1}\ncondition: s"))[0]!.rule_id).toBe("4cbe2a3c-5f1e-4f0e-9c66-6b8a0a7b2f1d");
  });

  test("a broken document does not take its neighbours along", () => {
    const parsed = parseSigma(`${head}${body}---\n${head}level: x\n${body}---\n${head}${body}`, "three.yml");
    expect([parsed.rules.length, parsed.broken, parsed.problems.length]).toEqual([2, 1, 1]);
    expect(parsed.problems[0]!.line).toBe(11);
    expect(parsed.rules[1]!.line).toBe(16);
  });
});

test("a rule's metadata", () => {
  const [rule] = parseSigma(`title: T
id: i
name: n
status: test
level: high
description: d
author: A
date: 2024-01-02
tags: [attack.t1078]
references: https://example.org
falsepositives: [none]
fields: [a]
related: [{id: j, type: derived}]
logsource: {category: c, product: p, service: s, definition: d}
corduroy: {group: [user], n: 1}
${body}`, "m.yml").rules;
  expect(rule).toMatchObject({
    id: "i", title: "T", name: "n", status: "test", level: "high", description: "d", author: "A", date: "2024-01-02", tags: ["attack.t1078"], references: ["https://example.org"],
    falsepositives: ["none"], fields: ["a"], related: [{ id: "j", type: "derived" }], logsource: { category: "c", product: "p", service: "s", definition: "d" },
    custom: { corduroy: { group: ["user"], n: 1 } }, file: "m.yml", line: 1,
  });
  expect(rule!.modified).toBeNull();
});

test("anchors and aliases are followed", () => {
  const parsed = parseSigma(`${head}detection:\n  _v: {x: &v [1, 2]}\n  sel: {a: *v}\n  condition: sel\n`, "a.yml");
  expect(parsed.problems).toEqual([]);
  expect(compileRule(parsed.rules[0]!).expr).toMatchObject({ kind: "or", any: [{ test: { number: "1" } }, { test: { number: "2" } }] });
});

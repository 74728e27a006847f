import { describe, expect, test } from "vitest";
import { compileRule, matchesLogsource, parseSigma } from "./index.ts";

const files = (rules: string, logsource: string): ReturnType<typeof parseSigma> => parseSigma(`title: R
id: r1
name: logins
logsource: {product: windows, category: process_creation}
detection:
  selection: {a: 1}
  condition: selection
---
title: F
id: f1
logsource: ${logsource}
filter:
  rules: ${rules}
  selection: {User|startswith: adm_}
  condition: not selection
`, "filters.yml");

const filtered = (rules: string, logsource: string): boolean => {
  const { rules: [rule], filters } = files(rules, logsource);
  return compileRule(rule!, { filters }).expr?.kind === "and";
};

describe("a filter is and-ed to the rules it names", () => {
  test.each([
    ["by id", "[r1]", "{product: windows}", true], ["by name", "[logins]", "{product: windows}", true], ["any", "any", "{category: process_creation}", true],
    ["another rule", "[r2]", "{product: windows}", false], ["another log source", "[r1]", "{product: linux}", false], ["any, another log source", "any", "{service: sysmon}", false],
  ] as const)("%s", (_, rules, logsource, expected) => expect(filtered(rules, logsource)).toBe(expected));

  test("its selections do not mix with the rule's", () => {
    const { rules: [rule], filters } = files("[r1]", "{product: windows}");
    expect(compileRule(rule!, { filters }).expr).toMatchObject({ kind: "and", all: [{ field: "a" }, { kind: "not", not: { field: "User", test: { kind: "startsWith" } } }] });
  });
});

test("a filter without rules, or with an unused selection, is a problem", () => {
  const broken = parseSigma("title: F\nid: f\nlogsource: {product: p}\nfilter:\n  sel: {a: 1}\n  other: {a: 1}\n  condition: not sel\n", "f.yml");
  expect(broken.filters).toEqual([]);
  expect(broken.problems.map(({ line, message }) => [line, message])).toEqual([[6, 'the selection "other" is never used'], [5, "a filter must name its rules"]]);
});

test("log sources", () => {
  const offered = { product: "aws", service: "cloudtrail" };
  expect(matchesLogsource({ product: "aws" }, offered)).toBe(true);
  expect(matchesLogsource({ product: "AWS", service: "CloudTrail", definition: "x" }, offered)).toBe(true);
  expect(matchesLogsource({ category: "process_creation" }, offered)).toBe(false);
  expect(matchesLogsource({ product: "aws", service: "guardduty" }, offered)).toBe(false);
});

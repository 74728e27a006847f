import fc from "fast-check";
import { expect, test } from "vitest";
import { fieldNames, rule } from "../test/arbitraries.ts";
import { ruleText } from "../test/compiled.ts";
import { compileRule, jsonAccess, parseSigma, printDuckdb } from "./index.ts";

const sample = `title: T
id: 5638f7c0-ac70-491d-8465-2a65075e0d86
status: test
level: high
tags:
  - attack.t1078
logsource:
  product: aws
  service: cloudtrail
detection:
  sel: &a
    a.b|contains|all: ['x', "y*"]
    c|re: '^a(b|c)+$'
    n|gte: 5
  keys: [one, 'two', *a]
  filter_1: {f: null, g|exists: true}
  condition: (sel or keys) and not 1 of filter_*
---
title: C
id: c
correlation:
  type: value_count
  rules: [a, b]
  group-by: [u]
  timespan: 5m
  condition: {field: x, gte: 3}
---
title: F
id: f
logsource: {product: aws}
filter:
  rules: [a]
  sel: {u|startswith: adm_}
  condition: not sel
`;

/** Parses, compiles and prints whatever comes; every file ends as something usable or as a problem. */
function survives(text: string): void {
  const parsed = parseSigma(text, "fuzz.yml");
  expect(parsed.rules.length + parsed.correlations.length + parsed.filters.length + parsed.broken).toBeGreaterThan(0);
  expect(parsed.broken === 0 || parsed.problems.length > 0).toBe(true);
  for (const { line, column, message } of parsed.problems) expect(line >= 1 && column >= 1 && message.length > 0).toBe(true);
  for (const one of parsed.rules) {
    const compiled = compileRule(one, { filters: parsed.filters });
    if (compiled.expr) printDuckdb(compiled.expr, jsonAccess("event"));
  }
}

test("mutated rules never throw", () => {
  const pieces = ["", ":", " ", "\n", "- ", "|", "*", "&a", "*a", "!x", "[", "]", "{", "}", "'", '"', "%", "?", "\t", "\\", "---\n", "<<: *a", "\u0000", "condition", "re", "(", ")", "of", "not", "0x1f", "1e999", "null", "# "];
  const edit = fc.tuple(fc.nat(sample.length), fc.nat(30), fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })));
  fc.assert(fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
    survives(edits.reduce((text, [at, removed, added]) => text.slice(0, at) + added + text.slice(at + (removed % 7)), sample));
  }), { numRuns: 600 });
});

test("mutated random rules never throw", () => {
  fc.assert(fc.property(rule(fieldNames, true), fc.nat(), fc.string({ maxLength: 4 }), (one, at, added) => {
    const text = ruleText(one);
    survives(text.slice(0, at % text.length) + added + text.slice((at % text.length) + 1));
  }), { numRuns: 200 });
});

const condition = (text: string): string => `title: T\nid: x\nlogsource: {product: t}\ndetection:\n  s: {a: 1}\n  condition: ${text}\n`;

test("hostile files end in a problem, quickly", () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghij".split("").map((name, index) => `${name}: &${name} [${Array<string>(9).fill(`*${"abcdefghi"[index]!}`).join(",")}]`).join("\n")}\ntitle: T\n`;
  for (const text of ["[".repeat(20_000), "{a: ".repeat(5_000), "- ".repeat(5_000), bomb, condition("(".repeat(5_000)), condition("not ".repeat(5_000) + "s"), "a: 1\n".repeat(20_000), "\0".repeat(1_000), "x".repeat(16_000_001)])
    expect(parseSigma(text, "hostile.yml").problems.length).toBeGreaterThan(0);
  survives(condition(Array<string>(5_000).fill("s").join(" and ")));
  for (const regex of ["(".repeat(50_000), "a|".repeat(5_000), "(a*)*".repeat(500), "[".repeat(1_000), "(?:".repeat(60) + ")".repeat(60)]) survives(condition("s").replace("{a: 1}", `{a|re: '${regex}'}`));
});

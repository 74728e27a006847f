import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isMap, isScalar, isSeq, parseAllDocuments, stringify } from "yaml";
import { readBlockYaml } from "./block-yaml.ts";

const sample = `title: Access Key Created By Root # why
id: 5638f7c0-ac70-491d-8465-2a65075e0d86
status: test
description: |
  Two lines,
    one deeper.

  And a gap.
summary: >-
  Two lines,
  joined.

  And

  gaps.
also: >
  one
references:
- https://example.org/a?b=c#d
- 'it''s'
date: 2024-01-02
tags:
  - attack.t1078

logsource:
    product: aws
    # a comment
    service: cloudtrail
detection:
    selection:
        eventName: CreateAccessKey
        eventVersion: 1.08
        userIdentity.type|contains|all:
            - Root
            - "Federated"
            - "a\\\\b \\"c\\""
        '|re': ^a+$
        n: -5
        o: null
        p: true
    other:
        - a: 1
          b|endswith:
              - x
        - c: 'y'
    keywords:
        - foo bar
    condition: selection and not 1 of other*
level: high
`;

/** A node's shape, values and places, as both readers must give them. */
function shape(node: unknown): unknown {
  if (isScalar(node)) return [node.type, node.value, node.type === "PLAIN" ? node.source : "", node.range?.[0]];
  if (isMap(node)) return [node.range?.[0], ...node.items.map((pair) => [shape(pair.key), shape(pair.value)])];
  return isSeq(node) ? [node.range?.[0], ...node.items.map(shape)] : "something else";
}

/** Whether the quick reader took it; if so, the library must agree, without an error or a warning. */
function agrees(text: string): boolean {
  const quick = readBlockYaml(text);
  if (quick === null) return false;
  const documents = [...parseAllDocuments(text, { prettyErrors: false, uniqueKeys: false })];
  expect(documents.length).toBe(1);
  expect([...documents[0]!.errors, ...documents[0]!.warnings].map((error) => `${error.message}\n${text}`)).toEqual([]);
  expect([text, shape(quick)]).toEqual([text, shape(documents[0]!.contents)]);
  return true;
}

test("the usual style is read", () => expect(agrees(sample)).toBe(true));

test("what it takes of mutated files, it reads as the library does", () => {
  const pieces = ["", ":", ": ", " ", "  ", "\n", "\n  ", "\n    ", "- ", "-", "|", ">", "*", "&a", "!x", "[", "]", "{}", "'", '"', "''", "%", "?", "? ", "\\", "---", "#", " #", "null", "Null", "~", "0x1f", "1.5", "1e3", "+1", ".5", "007", "1_0", "2024-01-01", "é", "\ufeff", "<<", "=", "yes", ".inf", "true", "@", "`", ",", "1-2", "1.2.3", "- - ", "a: b: c", "-1-", "0o17", "1e", "-.5", "5."];
  const edit = fc.tuple(fc.nat(sample.length), fc.nat(6), fc.constantFrom(...pieces));
  let taken = 0;
  fc.assert(fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
    taken += agrees(edits.reduce((text, [at, removed, added]) => text.slice(0, at) + added + text.slice(at + removed), sample)) ? 1 : 0;
  }), { numRuns: 2_000 });
  expect(taken).toBeGreaterThan(200);
});

test("what it takes of any data, it reads as the library does", () => {
  const text = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom("a", "null", "1", "1.5", "- a", "a: b", "x # y", "2024-01-01", " lead", "trail ", "it's", 'q"q', "1e5", "0x1f", "-", "~", "a\nb", "5638f7c0-ac70", "12e4", "1-1", "7e12-aa"));
  const value = fc.letrec<{ node: unknown }>((tie) => ({ node: fc.oneof({ maxDepth: 3 }, text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(tie("node"), { maxLength: 3 }), fc.dictionary(text, tie("node"), { maxKeys: 3 })) })).node;
  fc.assert(fc.property(fc.dictionary(fc.constantFrom("a", "b c", "d.e|f"), value, { minKeys: 1 }), fc.boolean(), (data, indentSeq) => {
    agrees(stringify(data, { indentSeq, lineWidth: 0 }));
  }), { numRuns: 1_000 });
});

test("all rules of ours are read", () => {
  const folder = new URL("../../../content/rules/", import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".yml") && !name.endsWith(".test.yml"));
  const left = files.filter((name) => !agrees(readFileSync(new URL(name, folder), "utf8")));
  expect(files.length).toBeGreaterThan(200);
  // One that is left to the library loads all of it: a tenth of a second at every start. Mostly it is a quoted text of several lines.
  expect(left).toEqual([]);
});

const samples = process.env["CORDUROY_SAMPLES"];
describe.skipIf(!samples)("rules of the field", () => {
  test("most files are read, all as the library does", () => {
    const folder = join(samples ?? "", "sigma-rules");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".yml"));
    const taken = files.filter((name) => agrees(readFileSync(join(folder, name), "utf8")));
    expect(taken.length / files.length).toBeGreaterThan(0.85);
  });
});

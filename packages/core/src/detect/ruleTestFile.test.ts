import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { parseRuleTests } from "./ruleTestFile.ts";

const good = `tests:
  - name: a trail is stopped
    match: true
    event:
      eventName: StopLogging
      requestParameters: null
  - name: "the trail does not exist: near miss"
    match: false
    event: { errorCode: TrailNotFoundException, count: 3, at: 2026-11-18T09:00:00Z }
`;

/** Where each problem is and what it says. */
const problemsOf = (text: string): string[] => parseRuleTests(text, "x.test.yml").problems.map(({ line, column, message }) => `${line}:${column} ${message}`);

describe("parseRuleTests", () => {
  it("refuses what is nested too deeply before it is parsed, which V8 would not survive", () => {
    expect(problemsOf("- ".repeat(500_000))).toEqual(["1:1 it cannot be read: it is nested too deeply"]);
  });

  it("reads tests with their places", () => {
    expect(parseRuleTests(good, "x.test.yml")).toEqual({
      problems: [],
      tests: [
        { name: "a trail is stopped", match: true, event: '{"eventName":"StopLogging","requestParameters":null}', line: 2, column: 5 },
        { name: "the trail does not exist: near miss", match: false, event: '{"errorCode":"TrailNotFoundException","count":3,"at":"2026-11-18T09:00:00Z"}', line: 7, column: 5 },
      ],
    });
  });

  it("gives back any JSON event that was written as YAML", () => {
    const event = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue());
    fc.assert(
      fc.property(event, fc.boolean(), (record, match) => {
        fc.pre(!/:-0[,}\]]|e\+/.test(JSON.stringify(record)) && noLargeNumbers(record));
        const { tests, problems } = parseRuleTests(stringify({ tests: [{ name: "n", match, event: record }] }, { aliasDuplicateObjects: false }), "x");
        expect(problems).toEqual([]);
        expect(tests.map((test) => [test.match, JSON.parse(test.event)])).toEqual([[match, JSON.parse(JSON.stringify(record))]]);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ["", ["1:1 a test file is a map"]],
    ["- 1", ["1:1 a test file is a map"]],
    ["other: 1", ['1:1 unknown key "other"', "1:1 tests must be a list"]],
    ["tests: x", ["1:8 tests must be a list"]],
    ["tests:\n  - 5", ["2:5 a test is a map"]],
    ["tests:\n  - name: a\n    match: true", ["2:5 the test has no event"]],
    ["tests:\n  - {}", ["2:5 the test has no name and no match and no event"]],
    ["tests:\n  - name: a\n    match: yes\n    event: {}", ["3:12 match must be true or false"]],
    ["tests:\n  - name: 7\n    match: true\n    event: []", ["2:11 name must be text", "4:12 event must be a map: the whole record, as the vendor writes it"]],
    ["tests:\n  - name: a\n    match: true\n    event: {}\n    evnt: {}", ['5:5 unknown key "evnt"']],
    ["tests:\n  - name: a\n    match: true\n    event: { id: 12345678901234567890 }", ["4:18 the number 12345678901234567890 cannot be kept exactly"]],
    ["tests:\n  - name: a\n    match: true\n    event: { id: .inf }", ["4:18 the number .inf cannot be kept exactly"]],
    ["tests:\n  - name: a\n    name: b", ["3:5 YAML: Map keys must be unique"]],
    ["tests: [", ["1:9 YAML: Flow sequence in block collection must be sufficiently indented and end with a ]"]],
  ])("tells what is wrong, and where: %j", (text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it("keeps the tests beside a broken one", () => {
    const { tests, problems } = parseRuleTests(`${good}  - name: third\n`, "x");
    expect([tests.length, problems.length]).toEqual([2, 1]);
  });

  it("ends on hostile text with a problem", () => {
    const bomb = `tests:\n- &a {x: 1}\n${"abcdefgh".split("").map((name, i, all) => `- &${name}${i} [${Array(20).fill(`*${i === 0 ? "a" : `${all[i - 1]}${i - 1}`}`).join(",")}]\n`).join("")}- {name: n, match: true, event: {x: *h7}}`;
    for (const text of [`tests: ${"[".repeat(20_000)}`, bomb, "\0\u{1b}[31m", "tests:\n  - name: a\n    match: true\n    event: {a: *nowhere}"]) expect(problemsOf(text)).not.toEqual([]);
  });
});

function noLargeNumbers(value: unknown): boolean {
  if (typeof value === "number") return !Number.isInteger(value) || Number.isSafeInteger(value);
  return typeof value !== "object" || value === null || Object.values(value).every(noLargeNumbers);
}

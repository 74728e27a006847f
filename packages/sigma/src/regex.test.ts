import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { printDuckdb, type Expr, type FieldAccess, type TextTest } from "./index.ts";
import { regexTest } from "./regex.ts";
import { sqlString } from "./duckdb-text.ts";
import { ValueError } from "./value-error.ts";

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
});
afterAll(() => connection.closeSync());

const pieces = [
  "a", "b", "A", "s", "k", "é", "😀", "\n", "\u0000", " ", "-", "/", "_", "&&", "~", "#", ".", "^", "$", "*", "+", "?", "*?", "{2}", "{2,}", "{1,3}", "{,2}", "{", "}", "|", "(", ")", "(?:", "(?i)", "(?i:", "(?s-i:", "(?P<n>", "(?<n>", "(?", "[", "]", "[^", "[]", "[^]]", "a-c", "[a-z]", "[\\d-]", "[[:alpha:]]", "[[:^digit:]x]", "[[:foo:]]",
  "\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\b", "\\B", "\\A", "\\z", "\\.", "\\\\", "\\/", "\\-", "\\_", "\\n", "\\t", "\\v", "\\x41", "\\x{1F600}", "\\x{110000}", "\\pL", "\\p{Lu}", "\\P{^Nd}", "\\p{Greek}", "\\p{Foo}", "\\1", "\\Q", "\\0", "\\é", "\\", "{1000}", "(?=", "++", "\\pN{30}",
];
const texts = ["", "a", "b", "A", "ab", "abc", "aaa", "s", "ſ", "K", "k", "é", "É", "😀", "a\nb", "\n", "\u0000", "a b-c/_", "1a2", "α", "&&", "{", "}", "{,2}", "]", "^", "AB\naB", "\\", "#~"];

/** RE2JS lacks `[\\b]`, a backspace; what it cannot read it gets in the portable form. */
function elsewhere(source: string, compiled: TextTest, flags: number): RE2JS {
  try {
    return RE2JS.compile(source, flags);
  } catch {
    return RE2JS.compile(compiled.kind === "regex" ? compiled.source : "", flags);
  }
}

test("whatever is accepted compiles in DuckDB and matches as RE2 elsewhere does", async () => {
  const flags = fc.record({ ignoreCase: fc.boolean(), multiline: fc.boolean(), dotAll: fc.boolean() });
  const access: FieldAccess = { field: () => ({ form: "scalar", text: "value", exists: "true", isNull: "false" }), keywords: () => ({ list: "[]" }) };
  let accepted = 0;
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.array(fc.constantFrom(...pieces), { maxLength: 7 }).map((found) => found.join("")), flags), { minLength: 40, maxLength: 60 }), async (candidates) => {
    const good = candidates.flatMap(([source, given]) => {
      try {
        return [{ source, flags: given, test: regexTest(source, given) }];
      } catch (error) {
        if (!(error instanceof ValueError)) throw error;
        return [];
      }
    });
    if (good.length === 0) return;
    accepted += good.length;
    const columns = good.map((each) => printDuckdb({ kind: "field", field: "f", test: each.test } satisfies Expr, access));
    const rows = (await connection.runAndReadAll(`SELECT ${columns.join(", ")} FROM (VALUES ${texts.map((text) => `(${sqlString(text)})`).join(", ")}) AS texts(value)`)).getRows();
    good.forEach((each, column) => {
      const engine = elsewhere(each.source, each.test, (each.flags.ignoreCase ? 1 : 0) | (each.flags.dotAll ? 2 : 0) | (each.flags.multiline ? 4 : 0));
      expect([each.source, each.flags, ...rows.map((row) => row[column])]).toEqual([each.source, each.flags, ...texts.map((text) => engine.matcher(text).find())]);
    });
  }), { numRuns: 30 });
  expect(accepted).toBeGreaterThan(300);
});

test.each([
  ["foo", ["foo"]], ["^foo.*barbaz$", ["barbaz"]], ["(?:abc|de)", ["abc", "de"]], ["a*bc?d", ["b"]], ["(foo)+", ["foo"]], ["(foo)?x", ["x"]], ["a|", null], ["[ab]c", ["c"]], ["\\d+", null], ["FOO", ["foo"]], ["a{0,2}", null], ["ab{2}c", ["a"]], ["(?i)password", ["word"]],
] as const)("%s contains one of %j", (source, required) => {
  expect(regexTest(source, { ignoreCase: false, multiline: false, dotAll: false })).toMatchObject({ required });
});

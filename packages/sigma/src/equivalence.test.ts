import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { event, fieldNames, flatEvent, keyedEvent, keyedRule, lineRule, rule } from "../test/arbitraries.ts";
import { compiled, ruleText, usingAll } from "../test/compiled.ts";
import { JsonObject, jsonText, type Json } from "../test/json-model.ts";
import { naiveMatch, naiveTexts, type NaiveRule } from "../test/naive.ts";
import { fieldsOf, jsonAccess, lowerCase, printDuckdb, requiredKeys, requiredLiterals, type FieldAccess } from "./index.ts";

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
});
afterAll(() => connection.closeSync());

/** One answer per event and rule. */
async function answers(rules: readonly NaiveRule[], events: readonly Json[], access: FieldAccess): Promise<unknown[][]> {
  const rows = events.map((each) => `('${jsonText(each).replaceAll("'", "''")}')`);
  const columns = rules.map((each) => printDuckdb(compiled(each), access));
  const found = await connection.runAndReadAll(`SELECT ${columns.join(", ")} FROM (VALUES ${rows.join(", ")}) AS events(event)`);
  return found.getRows();
}

async function agree(rules: readonly NaiveRule[], events: readonly Json[], access: FieldAccess): Promise<number> {
  const rows = await answers(rules, events, access);
  let matches = 0;
  events.forEach((each, row) => rules.forEach((one, column) => {
    const expected = naiveMatch(usingAll(one), each);
    if (rows[row]![column] !== expected) expect.fail(`${ruleText(one)}\n${jsonText(each)}\nnaive ${expected}, compiled ${String(rows[row]![column])}`);
    matches += expected ? 1 : 0;
  }));
  return matches;
}

describe("a compiled rule answers as the naive matcher does", () => {
  test("over any JSON event", async () => {
    let [cases, matches] = [0, 0];
    await fc.assert(fc.asyncProperty(fc.array(rule(fieldNames, true), { minLength: 4, maxLength: 6 }), fc.array(event, { minLength: 20, maxLength: 30 }), async (rules, events) => {
      matches += await agree(rules, events, jsonAccess("event"));
      cases += rules.length * events.length;
    }), { numRuns: 25 });
    expect(cases).toBeGreaterThanOrEqual(2_000);
    expect(matches).toBeGreaterThan(cases / 20);
  });

  test("over objects that stand for all that is in them", async () => {
    const opened = ["a", "b", "a.b"];
    const line = fc.tuple(fc.constantFrom(...opened), fc.constantFrom("", "|contains", "|contains|neq", "|endswith"), fc.constantFrom("foo", "a", "5", "o", "*", "true", null)).filter(([, modifier, value]) => value !== null || modifier === "");
    const openedRule = line.map(([field, modifier, value]): NaiveRule => ({ selections: new JsonObject([["s", new JsonObject([[field + modifier, value]])]]), condition: { name: "s" }, placeholders: {}, fields: {}, opened }));
    const around = fc.tuple(event, event).map(([a, b]) => new JsonObject([["a", a], ["b", [[b]]]]));
    let more = 0;
    await fc.assert(fc.asyncProperty(fc.array(openedRule, { minLength: 12, maxLength: 12 }), fc.array(around, { minLength: 30, maxLength: 30 }), async (rules, events) => {
      await agree(rules, events, jsonAccess("event", opened));
      for (const each of events) for (const one of rules) if (naiveMatch(one, each) !== naiveMatch({ ...one, opened: [] }, each)) more++;
    }), { numRuns: 3 });
    expect(more).toBeGreaterThan(20);
  });

  test("keywords over events that look deeply nested", async () => {
    // Enough brackets in a text to make the reader take the linear way.
    const padded = event.map((each) => new JsonObject([...(each instanceof JsonObject ? each.pairs : []), ["padding", Array<string>(150).fill("{".repeat(50))]]));
    await fc.assert(fc.asyncProperty(fc.array(rule(fieldNames, true).filter((one) => fieldsOf(compiled(one)).keywords), { minLength: 4, maxLength: 6 }), fc.array(padded, { minLength: 10, maxLength: 15 }), async (rules, events) => {
      await agree(rules, events, jsonAccess("event"));
    }), { numRuns: 4 });
  });

  const columns: FieldAccess = {
    field: (name) => {
      const path = `'/${name}'`;
      return { form: "scalar", text: `json_extract_string(event, ${path})`, exists: `json_type(event, ${path}) IS NOT NULL`, isNull: `json_extract_string(event, ${path}) IS NULL` };
    },
    keywords: () => jsonAccess("event").keywords(),
  };

  test("over columns", async () => {
    let cases = 0;
    await fc.assert(fc.asyncProperty(fc.array(rule(["a", "b", "c"], false), { minLength: 4, maxLength: 8 }), fc.array(flatEvent, { minLength: 40, maxLength: 40 }), async (rules, events) => {
      await agree(rules, events, columns);
      cases += rules.length * events.length;
    }), { numRuns: 25 });
    expect(cases).toBeGreaterThanOrEqual(2_000);
  });

  test("line by line", async () => {
    await fc.assert(fc.asyncProperty(fc.array(lineRule, { minLength: 25, maxLength: 25 }), fc.array(flatEvent, { minLength: 60, maxLength: 60 }), async (rules, events) => {
      await agree(rules, events, columns);
    }), { numRuns: 12 });
  });
});

describe("what an index may rely on", () => {
  const fields = ["a", "b", "a.b"];

  test("a match has one of the required keys", () => {
    let [keyed, checked] = [0, 0];
    fc.assert(fc.property(fc.oneof({ weight: 1, arbitrary: rule(fieldNames, true) }, { weight: 3, arbitrary: keyedRule(fields) }), fc.array(fc.oneof({ weight: 1, arbitrary: event }, { weight: 4, arbitrary: keyedEvent }), { minLength: 20, maxLength: 40 }), (one, events) => {
      const keys = requiredKeys(compiled(one), fields);
      if (keys === null) return;
      keyed++;
      for (const each of events) {
        if (!naiveMatch(usingAll(one), each)) continue;
        checked++;
        const values = fields.map((field) => naiveTexts(each, field).map(lowerCase));
        expect(keys.some((key) => key.every((literal, column) => literal === null || values[column]!.includes(literal)))).toBe(true);
      }
    }), { numRuns: 600 });
    expect(keyed).toBeGreaterThan(60);
    expect(checked).toBeGreaterThan(100);
  });

  test("a match holds one of the required literals", () => {
    let bound = 0;
    fc.assert(fc.property(rule(fieldNames, true), fc.array(event, { maxLength: 12 }), (one, events) => {
      const literals = requiredLiterals(compiled(one));
      if (literals === null) return;
      bound++;
      for (const each of events)
        if (naiveMatch(usingAll(one), each)) expect(literals.some(({ field, literal }) => naiveTexts(each, field).some((text) => lowerCase(text).includes(literal)))).toBe(true);
    }), { numRuns: 600 });
    expect(bound).toBeGreaterThan(100);
  });
});

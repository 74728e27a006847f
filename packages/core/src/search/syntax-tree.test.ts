import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { beforeAll, describe, expect, it } from "vitest";
import { Forbidden, Invalid } from "../kernel/index.ts";
import { ALLOWED_FUNCTIONS, ALLOWED_TABLE_FUNCTIONS } from "./functions.ts";
import { nearest } from "./nearest.ts";
import { pointAt } from "./place.ts";
import { checkStatement } from "./statement.ts";
import { checkSyntaxTree } from "./syntax-tree.ts";

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
});

const views = new Set(["events", "signals"]);
const check = (tree: unknown) => checkSyntaxTree(tree, "select 1", views);
const used = async (sql: string) => [...(await checkStatement(connection, sql, views)).keys()].toSorted();

describe("a statement", () => {
  it.each([
    ["select 1", []],
    ["from Events", ["events"]],
    ["with events as (select 1) from events", []],
    ["with a as (from events), b as (from a) from b", ["events"]],
    ["with events as (from events) from events", ["events"]],
    ["select (with signals as (select 1) select 1 from signals) from events", ["events"]],
    ["with recursive a(n) as (select 1 from signals union all select n + 1 from a) from a", ["signals"]],
    ["with recursive a(n, m) using key (n) as (select 1, 2 union select n, m from recurring.a) from a", []],
    ["show tables", ["events", "signals"]],
    ["describe signals", ["signals"]],
  ])("%s reads %j", async (sql, expected) => expect(await used(sql)).toEqual(expected));

  it("points at the place that is refused, also behind other letters than ASCII", async () => {
    await expect(used("select 'é日',\n  getenv('x')")).rejects.toThrow(/\n\nLINE 2: {3}getenv\('x'\)\n {10}\^$/);
    await expect(used("select 1 frm x y")).rejects.toThrow(/^syntax error .*\n\nLINE 1: .*\n +\^$/);
    await expect(used("select * from evnts")).rejects.toMatchObject({ hint: "Did you mean events? Tables: events, signals." });
    await expect(used("select 1; select 2")).rejects.toThrow("One statement");
    await expect(used("select lowr('x')")).rejects.toMatchObject({ hint: "Did you mean lower?" });
    await expect(used("pivot events on a")).rejects.toMatchObject({ hint: expect.stringContaining("PIVOT needs its values") as unknown });
  });

  it("is refused where its tree has something unknown", () => {
    for (const tree of [{ class: "BRAND_NEW" }, { node: { type: "BRAND_NEW_NODE" } }, [{ a: [{ type: "COPY_NODE" }] }], { class: "FUNCTION", function_name: "lower", catalog: "x" }]) expect(() => check(tree)).toThrow(Forbidden);
    expect(() => check({ type: "BASE_TABLE", table_name: "events", schema_name: "x" })).toThrow(Invalid);
    let deep: unknown = {};
    for (let level = 0; level < 5_000; level++) deep = { node: deep };
    expect(() => check(deep)).toThrow("nested too deeply");
  });
});

describe("the functions that may be called", () => {
  it("all exist, and table functions among them only compute", async () => {
    const reader = await connection.runAndReadAll("SELECT DISTINCT lower(function_name), function_type FROM duckdb_functions()");
    const types = new Map<string, string[]>();
    for (const [name, type] of reader.getRows()) types.set(String(name), [...(types.get(String(name)) ?? []), String(type)]);
    // Part of the grammar, not of the catalog.
    const grammar = ["unnest", "switch", "xor", "grouping", "grouping_id"];
    expect([...ALLOWED_FUNCTIONS].filter((name) => !types.has(name) && !grammar.includes(name))).toEqual([]);
    const suspicious = /read|write|glob|sniff|scan|parquet|csv|setting|variable|env|secret|pragma|query|serialize|sleep|duckdb|(?:nex|curr)tval|checkpoint|_log$|copy|version$/;
    expect([...ALLOWED_FUNCTIONS, ...ALLOWED_TABLE_FUNCTIONS].filter((name) => suspicious.test(name) && !["uuid_extract_version", "formatreadabledecimalsize", "formatreadablesize"].includes(name))).toEqual([]);
  });
});

it("nearest finds what was meant, if anything", () => {
  expect(nearest("opertion", ["time", "operation", "status"])).toBe("operation");
  expect(nearest("xyz", ["time", "operation"])).toBeUndefined();
  expect(nearest("x".repeat(100_000), ["time"])).toBeUndefined();
});

it("pointAt shows a part of a long line", () => {
  const sql = `select ${"a, ".repeat(1000)}b`;
  const [, , line, caret] = pointAt(sql, 1000).split("\n");
  expect(line?.length).toBeLessThan(150);
  expect(line?.[caret!.length - 1]).toBe(sql[1000]);
  expect(pointAt("x", null)).toBe("");
  expect(pointAt("x", 99)).toBe("");
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, test } from "vitest";
import { compileRule, jsonAccess, parseSigma, printDuckdb } from "./index.ts";

const samples = process.env["CORDUROY_SAMPLES"];

describe.skipIf(!samples)("rules of the field", () => {
  test("every file compiles to SQL that DuckDB accepts", async () => {
    const folder = join(samples ?? "", "sigma-rules");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".yml"));
    const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
    const problems: string[] = [];
    let compiled = 0;
    for (const file of files) {
      const parsed = parseSigma(readFileSync(join(folder, file), "utf8"), file);
      const results = parsed.rules.map((rule) => compileRule(rule));
      for (const problem of [...parsed.problems, ...results.flatMap((result) => result.problems ?? [])]) problems.push(`${problem.file}:${problem.line}:${problem.column} ${problem.message}`);
      for (const { expr } of results) {
        if (expr === undefined) continue;
        await connection.prepare(`SELECT ${printDuckdb(expr, jsonAccess("event"))} FROM (SELECT '{}' AS event)`);
        compiled++;
      }
    }
    connection.closeSync();
    expect(files.length).toBeGreaterThan(100);
    expect(problems).toEqual([]);
    expect(compiled).toBeGreaterThanOrEqual(files.length);
  });
});

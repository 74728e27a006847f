import { rmSync } from "node:fs";
import { join } from "node:path";
import { readLake } from "@corduroy/core/lake";
import { DuckDBInstance } from "@duckdb/node-api";
import type { DataSet } from "./data.ts";
import { measure, type Measured } from "./measure.ts";

/** Where a benchmark runs: the checkout, and a folder for everything it writes on the way. */
export interface Place {
  root: string;
  work: string;
}

/** One scan, checked. */
export interface ProductRun extends Measured {
  signals: number;
  findings: number;
}

/**
 * Runs `corduroy scan DATA --keep LAKE --format json` into a lake that does not exist yet, and removes the lake afterwards.
 * @param rules folder of rules; null takes the built-in ones
 * @throws Error when the counts are not those of the data, or the lake does not hold what the scan says
 */
export async function runProduct(place: Place, data: DataSet, rules: string | null): Promise<ProductRun> {
  const lake = join(place.work, "lake");
  rmSync(lake, { recursive: true, force: true });
  const run = await runScan(place, data, ["--keep", lake, ...(rules === null ? [] : ["--rules", rules])]);
  const held = await countLake(lake);
  if (held !== data.distinct) throw new Error(`the lake holds ${held} events, and it should be ${data.distinct}`);
  rmSync(lake, { recursive: true });
  return run;
}

/**
 * Runs `corduroy scan DATA --format json` with these options.
 * @throws Error when the counts are not those of the data
 */
export async function runScan({ root }: Place, data: DataSet, more: readonly string[]): Promise<ProductRun> {
  const options = [...more, "--format", "json", "--fail-on", "never", "--workers", "2"];
  const measured = await measure([join(root, "packages/cli/bin/corduroy.mjs"), "scan", data.folder, ...options]);
  const { events, signals, findings } = JSON.parse(measured.stdout) as { events: Record<string, number>; signals: number; findings: unknown[] };
  const expected = { read: data.events, stored: data.distinct, duplicate: data.events - data.distinct, dead: 0 };
  for (const [name, count] of Object.entries(expected)) if (events[name] !== count) throw new Error(`the scan of ${data.folder} says ${name} = ${events[name]}, and it should be ${count}`);
  return { ...measured, signals, findings: findings.length };
}

/** The events that a lake's manifest names, counted in their files. */
async function countLake(folder: string): Promise<number> {
  const { folder: home, parts } = await readLake(folder);
  const files = parts.filter(({ kind }) => kind === "events").map(({ path }) => `'${join(home, path).replaceAll("'", "''")}'`);
  if (files.length === 0) return 0;
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  try {
    const counted = await connection.runAndReadAll(`SELECT count(*) FROM read_parquet([${files.join(", ")}])`);
    return Number(counted.getRows()[0]?.[0]);
  } finally {
    connection.closeSync();
  }
}

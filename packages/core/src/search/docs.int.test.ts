import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, expect, it } from "vitest";
import { makeSampleLake } from "./test/sample-lake.ts";

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

it("the way to read a lake that docs/lake.md shows gives all events", async () => {
  const folder = await mkdtemp(join(tmpdir(), "corduroy-docs-"));
  folders.push(folder);
  await makeSampleLake(join(folder, "lake"));
  const page = await readFile(new URL("../../../../docs/lake.md", import.meta.url), "utf8");
  const sql = /```sql\n(.*?)```/s.exec(page)?.[1] ?? "";
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  const reader = await connection.runAndReadAll(sql.replaceAll("'lake/", `'${folder}/lake/`));
  expect(reader.getRows()).toEqual([[1003n]]);
});

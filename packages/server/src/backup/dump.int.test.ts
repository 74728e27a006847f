import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { inTransaction, tablesOf } from "@corduroy/core/store";
import { testDatabase } from "@corduroy/core/store/test";
import { dump, type DumpedTable } from "./dump.ts";

const test = testDatabase();
const folder = mkdtempSync(join(tmpdir(), "corduroy-dump-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const dumped = (): Promise<DumpedTable[]> => inTransaction(test.ctx(), ({ db }) => dump(db, folder));

it("has every row of every table", async () => {
  await test.pool.query("INSERT INTO receipts (sender, source, key, id, bytes, at) SELECT 'token', 'generic.json', n::text, n::text, n, now() FROM generate_series(1, 3000) AS n");
  const files = await dumped();
  expect(files.map(({ name }) => name)).toEqual(await tablesOf(test.db));
  const { rows, path } = files.find(({ name }) => name === "receipts")!;
  expect(rows).toBe(3_000);
  expect(new Set(gunzipSync(readFileSync(path)).toString().trimEnd().split("\n").map((line) => (JSON.parse(line) as { key: string }).key)).size).toBe(3_000);
});

it.skipIf(!existsSync("/dev/full"))("ends with the disk's own word when that is full", async () => {
  rmSync(join(folder, "receipts.ndjson.gz"));
  symlinkSync("/dev/full", join(folder, "receipts.ndjson.gz"));
  await expect(dumped()).rejects.toMatchObject({ code: "ENOSPC" });
  expect((await test.pool.query("SELECT count(*)::int AS many FROM receipts")).rows).toEqual([{ many: 3_000 }]);
});

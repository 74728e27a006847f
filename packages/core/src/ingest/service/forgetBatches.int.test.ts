import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { testDatabase } from "../../store/test/index.ts";
import { forgetBatches } from "./forgetBatches.ts";
import { running, send, settled } from "./test/running.ts";

const database = testDatabase();
const place = running(database);

it("forgets old batches that nobody can ask for", async () => {
  const ingest = await place.start();
  for (let n = 0; n < 5; n++) {
    await send(ingest, `{"user":"ines","n":${n}}\n{"broken`, { source: "generic.json" });
    await settled(ingest);
  }
  const ask = async (sql: string, values: unknown[] = []): Promise<unknown[]> => (await database.pool.query<unknown[]>({ text: sql, values, rowMode: "array" })).rows.flat();
  const ids = await ask("SELECT id FROM lake_batches ORDER BY no");
  const parts = await ask("SELECT path FROM lake_parts ORDER BY path");
  expect(ids).toHaveLength(5);
  const now = new Date("2026-11-21T00:00:00Z");
  const ctx = { ...database.ctx(), now: () => now };
  // The first two and the last are old; the second still lies in quarantine.
  await ask("UPDATE lake_batches SET at = CASE WHEN id = ANY($1) THEN '2026-11-13T23:59:59.000Z' ELSE '2026-11-14T00:00:00.000Z' END", [[ids[0], ids[1], ids[4]]]);
  mkdirSync(join(place.folder, "spool/quarantine"));
  writeFileSync(join(place.folder, "spool/quarantine", `${String(ids[1])}.seg`), "");
  for (let twice = 0; twice < 2; twice++) await forgetBatches(ctx, ingest);
  expect(await ask("SELECT id FROM lake_batches ORDER BY no")).toEqual(ids.slice(1));
  // What they have brought is there as before.
  expect(await ask("SELECT path FROM lake_parts ORDER BY path")).toEqual(parts);
  expect(place.troubles).toEqual([]);
});

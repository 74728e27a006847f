import { copyFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { Conflict, NotFound } from "../../kernel/index.ts";
import { checkParts, currentParts, rebuildManifest, removeReplaced, openServiceLake, serviceSnapshot, type Part } from "../../lake/index.ts";
import { batches, intents, parts } from "../../lake/test/index.ts";
import { EVERYTHING, query } from "../../search/index.ts";
import type { Db } from "../../store/index.ts";
import { testDatabase } from "../../store/test/index.ts";
import { lakeViews } from "../lakeViews.ts";
import { trailFrom } from "./test/records.ts";
import { running, send, settled } from "./test/running.ts";

const database = testDatabase();
const fresh = testDatabase();
const place = running(database);
const folder = join(place.folder, "lake");

const partsIn = async (db: Db): Promise<Part[]> => (await currentParts(db)).toSorted((a, b) => (a.path < b.path ? -1 : 1));

async function answers(db: Db): Promise<string> {
  const output = new PassThrough();
  const sql = "select source, count(*) n, min(time), bit_xor(event_hash) from events group by all union all select rule_id, count(*), max(time), bit_xor(hash(signals)) from signals group by all union all select 'dead', count(*), null, bit_xor(hash(raw_data)) from dead_letters order by 1";
  await query(await serviceSnapshot(db, { folder }), sql, { childEntry: place.queryEntry, views: lakeViews(), sight: EVERYTHING, format: "lines", output, maxRows: null, width: 80, forTerminal: false, mayStayRoot: false });
  output.end();
  return text(output);
}

it("a lost manifest is made anew from the parts alone, after many batches and compactions", async () => {
  const ingest = await place.start();
  const round = async (no: number): Promise<void> => {
    await send(ingest, trailFrom(no * 7));
    await send(ingest, `{"time":"2020-11-19T10:00:00Z","user":"ines","n":${no}}\n{"broken ${no}\n`, { source: "generic.json" });
    await settled(ingest);
  };
  for (let no = 0; no < 17; no++) {
    await round(no);
    if (no === 8 || no === 16) expect(await ingest.upkeep.compact({ ...database.ctx(), now: () => new Date() })).toMatchObject({ merges: 4, failed: [] });
  }
  await round(17);
  const before = { parts: await partsIn(database.db), answers: await answers(database.db) };
  expect(before.parts.length).toBeGreaterThan(10);
  await ingest.close();

  const someEvents = join(folder, before.parts.find(({ kind }) => kind === "events")!.path);
  copyFileSync(someEvents, join(folder, "dead/cut.parquet"));
  truncateSync(join(folder, "dead/cut.parquet"), 1_000);
  copyFileSync(someEvents, join(folder, "dead/moved.parquet"));
  writeFileSync(join(folder, "dead/notes.txt"), "");
  await fresh.db.insert(intents).values({ id: "x", paths: [], begunAt: fresh.at });
  const options = { spoolSegments: [], onProgress: () => undefined };
  await expect(rebuildManifest(fresh.ctx(), folder, options)).rejects.toThrow(Conflict);
  await fresh.db.delete(intents);
  await expect(rebuildManifest(fresh.ctx(), place.folder, options)).rejects.toThrow(NotFound);

  const rebuilt = await rebuildManifest(fresh.ctx(), folder, options);
  expect(rebuilt.problems.map(({ path }) => path).toSorted()).toEqual(["dead/cut.parquet", "dead/moved.parquet", "dead/notes.txt"]);
  expect(await partsIn(fresh.db)).toEqual(before.parts);
  expect(await answers(fresh.db)).toBe(before.answers);
  const rows = await fresh.db.select().from(batches);
  expect(rows.reduce((sum, { counts }) => sum + counts.stored, 0)).toBe(18 * 8);
  expect(rows.reduce((sum, { counts }) => sum + counts.dead, 0)).toBe(18);
  expect(rebuilt).toMatchObject({ parts: before.parts.length, batches: rows.length });
  await expect(rebuildManifest(fresh.ctx(), folder, options)).rejects.toThrow(Conflict);

  // What was replaced goes by itself; what remains is what was reported.
  fresh.at = new Date(fresh.at.getTime() + 600_001);
  const lake = await openServiceLake(fresh.ctx(), folder);
  expect(await removeReplaced(fresh.ctx(), lake)).toBe(rebuilt.superseded);
  expect((await checkParts(fresh.ctx(), lake, () => undefined)).problems.map(({ path }) => path).toSorted()).toEqual(["dead/cut.parquet", "dead/moved.parquet", "dead/notes.txt"]);

  // A segment that is still in the spool will be committed again, under its own id.
  const inSpool = (await database.db.select().from(batches)).at(-1)!.id;
  for (const table of [batches, parts]) await fresh.db.delete(table);
  await rebuildManifest(fresh.ctx(), folder, { ...options, spoolSegments: [inSpool] });
  const ofIt = new Set((await database.db.select().from(parts)).flatMap(({ batch, path }) => (batch === inSpool ? [path] : [])));
  expect(ofIt.size).toBeGreaterThan(0);
  expect(await partsIn(fresh.db)).toEqual(before.parts.filter(({ path }) => !ofIt.has(path)));
  expect(await lake.manifest.committed(inSpool)).toBe(false);
});

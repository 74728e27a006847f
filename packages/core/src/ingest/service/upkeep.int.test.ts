import { join } from "node:path";
import { expect, it } from "vitest";
import { quoteList } from "../../detect/index.ts";
import { findings } from "../../findings/test/index.ts";
import { listAudit } from "../../identity/index.ts";
import { currentParts, Engine, newBatchId, type Part } from "../../lake/index.ts";
import { batches } from "../../lake/test/index.ts";
import { Unavailable } from "../../kernel/index.ts";
import type { DbCtx } from "../../store/index.ts";
import { testDatabase } from "../../store/test/index.ts";
import { lakeViews } from "../lakeViews.ts";
import { LakeCheck } from "./checkLake.ts";
import type { Ingest } from "./service.ts";
import { trailFrom } from "./test/records.ts";
import { running, send, settled } from "./test/running.ts";

const database = testDatabase();
const place = running(database);

/** Commits a part by hand: one of an older version, which lacks a column, or of a newer one, which has one more. */
async function commitOtherSchema(ingest: Ingest, engine: Engine, select: string): Promise<void> {
  const { lake } = ingest;
  const id = newBatchId(new Date());
  const path = lake.newPartPath("events", "aws.cloudtrail", "2020-11-18");
  const temporary = join(lake.staging, `${id}.parquet`);
  await engine.once(`COPY (${select}) TO '${temporary}' (FORMAT parquet)`);
  await lake.manifest.begin(id, [path]);
  const digest = await lake.finishPart(temporary, path);
  const [[bytes] = []] = await engine.rowsOnce(`SELECT size FROM read_blob('${join(lake.folder, path)}')`);
  const times = { first: "2020-11-18T09:00:00.000Z", last: "2020-11-18T09:00:59.000Z" };
  const part: Part = { kind: "events", source: "aws.cloudtrail", day: "2020-11-18", path, rows: 7, bytes: Number(bytes), digest, ...times };
  await lake.manifest.commit({ id, at: new Date().toISOString(), parts: [part], objects: [], counts: { read: 7, stored: 7, duplicate: 0, dead: 0 } });
  ingest.index.add([part]);
}

/** What the audit says of the upkeep, oldest first. */
async function trail(): Promise<unknown[]> {
  const { items } = await listAudit(database.ctx(), { action: "lake.maintain" });
  return items.toReversed().map(({ actor, detail }) => ({ by: actor.name, ...detail }));
}

it("compaction leaves every row, count, finding and duplicate as it was", async () => {
  const ingest = await place.start();
  const engine = await Engine.open(join(place.folder, "test"));
  const parts = (): Promise<Part[]> => currentParts(database.db);
  const pathsOf = async (kind: string, source: string): Promise<string[]> => (await parts()).filter((part) => part.kind === kind && part.source === source).map(({ path }) => join(ingest.lake.folder, path));
  /** Rows, and a digest over all columns and rows that does not ask for their order. */
  const digest = async (): Promise<unknown> =>
    Promise.all(
      lakeViews().filter(({ name }) => ["aws_cloudtrail", "generic_json", "signals", "dead_letters"].includes(name)).map(async ({ name, kind, source, columns }) => {
        const from = `read_parquet(${quoteList(await pathsOf(kind, kind === "dead" ? "generic.json" : (source ?? "")))}, union_by_name = true)`;
        const all = [...columns.map(([column]) => `"${column}"`), ...(source === "aws.cloudtrail" ? ["added_later"] : [])];
        return [name, ...(await engine.rowsOnce(`SELECT count(*), bit_xor(hash(${all.join(", ")})), sum(hash(${all.join(", ")}) % 1000003)::VARCHAR FROM ${from}`))];
      }),
    );
  const about = async (): Promise<unknown> => [await database.db.select({ counts: batches.counts }).from(batches).then((rows) => rows.map(({ counts }) => counts).filter(({ read }) => read > 0)), await database.db.select().from(findings)];

  for (let no = 0; no < 12; no++) {
    await send(ingest, trailFrom(no * 7));
    await send(ingest, `{"time":"2020-11-18T10:00:00Z","user":"ines","n":${no}}\n{"broken ${no}\n`, { source: "generic.json" });
    await settled(ingest);
  }
  const [like] = await pathsOf("events", "aws.cloudtrail");
  const other = (change: string, from: number): string => `SELECT * ${change} REPLACE (hash(event_hash, ${from}) AS event_hash, event_uid || '-${from}' AS event_uid) FROM read_parquet('${like}')`;
  await commitOtherSchema(ingest, engine, other("EXCLUDE (user_agent)", 1_000));
  await commitOtherSchema(ingest, engine, `SELECT *, 'new ' || line AS added_later FROM (${other("", 2_000)})`);
  expect((await parts()).length).toBeGreaterThan(40);
  const before = { digest: await digest(), about: await about() };

  const compactor: DbCtx = { ...database.ctx({ kind: "system", name: "compact" }), now: () => new Date() };
  const { bytes } = await ingest.upkeep.compact(compactor);
  expect(await ingest.upkeep.compact(compactor)).toEqual({ merges: 0, replaced: 0, bytes: 0, failed: [] });
  expect(await trail()).toEqual([{ by: "compact", verb: "compact", merges: 4, replaced: expect.any(Number) as number, bytes, failed: 0 }]);
  expect((await parts()).map(({ kind, source, rows }) => `${kind} ${source} ${rows}`).toSorted()).toEqual(["dead generic.json 12", "events aws.cloudtrail 98", "events generic.json 12", "signals  28"]);
  expect({ digest: await digest(), about: await about() }).toEqual(before);

  // Whatever comes again is told from the merged part, also once the files of the others are gone.
  await ingest.lake.manifest.removeReplaced(new Date(Date.now() + 60_000));
  for (let no = 0; no < 12; no++) await send(ingest, trailFrom(no * 7));
  await settled(ingest);
  expect(place.troubles).toEqual([]);
  const last = (await database.db.select().from(batches)).at(-1)!;
  expect(last.counts).toEqual({ read: 84, stored: 0, duplicate: 84, dead: 0 });
  expect(await digest()).toEqual(before.digest);

  const retainer: DbCtx = { ...compactor, actor: { kind: "system", name: "retain" } };
  const { bytes: size } = (await parts()).find(({ source }) => source === "aws.cloudtrail")!;
  for (const retired of [1, 0]) expect(await ingest.upkeep.retain(retainer, { days: 1, sources: { "generic.json": 36_500 } })).toBe(retired);
  expect((await trail()).slice(1)).toEqual([{ by: "retain", verb: "retire", parts: 1, rows: 98, bytes: size, sources: ["aws.cloudtrail"] }]);
  expect((await parts()).map(({ kind, source }) => `${kind} ${source}`).toSorted()).toEqual(["dead generic.json", "events generic.json", "signals "]);
  expect(ingest.index.overlapping("aws.cloudtrail", "2020-11-18T00:00:00.000Z", "2020-11-19T00:00:00.000Z")).toEqual([]);
  engine.close();
});

it("a look at the lake ends with the service, however much is left of it", async () => {
  const ingest = await place.start();
  await send(ingest, trailFrom(1_000));
  await settled(ingest);
  const ending = new AbortController();
  const check = new LakeCheck(ingest.lake, () => undefined, ending.signal);
  const looked = check.run(database.ctx());
  ending.abort(new Unavailable("The service is stopping."));
  await expect(looked).rejects.toThrow("The service is stopping.");
  expect(check.last).toBeNull();
});

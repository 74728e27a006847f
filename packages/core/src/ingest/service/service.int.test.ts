import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { Conflict, Invalid } from "../../kernel/index.ts";
import { currentParts, serviceSnapshot } from "../../lake/index.ts";
import { EVERYTHING, query, type QueryOptions } from "../../search/index.ts";
import { testDatabase } from "../../store/test/index.ts";
import { lakeViews } from "../lakeViews.ts";
import type { Ingest } from "./service.ts";
import { metadataOf } from "../batch/test/metadataOf.ts";
import { running, send, settled } from "./test/running.ts";

const database = testDatabase();
const place = running(database);
let ingest: Ingest;

let made = 0;
/** A CloudTrail record of its own; `StopLogging` by a user is a finding. */
function record(eventName: string, userName = "dana"): object {
  return {
    eventVersion: "1.10", eventTime: "2026-11-18T09:00:00Z", eventSource: "cloudtrail.amazonaws.com", eventName, awsRegion: "eu-west-1", sourceIPAddress: "203.0.113.24",
    userIdentity: { type: "IAMUser", userName, accountId: "111122223333", arn: `arn:aws:iam::111122223333:user/${userName}`, principalId: "AIDAEXAMPLE" },
    eventID: `5d7c1ec2-45a4-42ca-b3ce-${String(++made).padStart(12, "0")}`, recipientAccountId: "111122223333", requestParameters: { name: "company" }, responseElements: null,
  };
}
const trail = (...records: object[]): string => JSON.stringify({ Records: records });

const totals = async (): Promise<Record<string, number>> => {
  const all = { read: 0, stored: 0, duplicate: 0, dead: 0 };
  const { rows } = await database.pool.query<{ counts: typeof all }>("SELECT counts FROM lake_batches");
  for (const { counts } of rows) for (const name of Object.keys(all) as (keyof typeof all)[]) all[name] += counts[name];
  return all;
};
const found = async (): Promise<unknown[]> => (await database.pool.query("SELECT entity_name, count, version FROM findings ORDER BY entity_name")).rows;
const stored = async (): Promise<number> => (await currentParts(database.db, { kind: "events" })).reduce((sum, { rows }) => sum + rows, 0);

beforeEach(async () => {
  ingest ??= await place.start();
  ingest.index.remove(await currentParts(database.db));
  for (const table of ["lake_batches", "lake_parts", "findings"]) await database.pool.query(`DELETE FROM ${table}`);
});

describe("what is received", () => {
  it("is in the lake, once, and its matches are findings", async () => {
    const body = trail(record("StopLogging"), record("GetTrail"));
    expect(await send(ingest, body)).toMatchObject({ bytes: body.length, repeated: false });
    await send(ingest, gzipSync(body));
    await settled(ingest);
    expect(await totals()).toEqual({ read: 4, stored: 2, duplicate: 2, dead: 0 });
    expect(await stored()).toBe(2);
    expect(await found()).toEqual([{ entity_name: "dana", count: 1, version: 1 }]);
    expect(readdirSync(join(place.folder, "spool"))).toEqual([]);
    expect(place.troubles).toEqual([]);
  });

  it("is taken once under one idempotency key, before and after it is in the lake", async () => {
    const body = '{"user":"ines","action":"login"}\n{"user":"ines","action":"login"}\n';
    const twice = await Promise.all([send(ingest, body, { source: "generic.json", key: "a" }), send(ingest, body, { source: "generic.json", key: "a" })]);
    expect(new Set(twice.map(({ repeated }) => repeated))).toEqual(new Set([false, true]));
    expect(twice[0].id).toBe(twice[1].id);
    await settled(ingest);
    expect(await send(ingest, body, { source: "generic.json", key: "a" })).toMatchObject({ repeated: true, id: twice[0].id });
    await expect(send(ingest, "{}", { source: "generic.json", key: "a" })).rejects.toThrow(Conflict);
    await send(ingest, body, { source: "generic.json", key: "b" });
    await settled(ingest);
    expect(await totals()).toEqual({ read: 4, stored: 4, duplicate: 0, dead: 0 });
  });

  it("can be asked for with SQL as soon as it is in the lake", async () => {
    await send(ingest, trail(record("StopLogging"), record("GetTrail")));
    await settled(ingest);
    const output = new PassThrough();
    const options: QueryOptions = { childEntry: place.queryEntry, views: lakeViews(), sight: EVERYTHING, format: "lines", output, maxRows: null, width: 80, forTerminal: false, mayStayRoot: false };
    await query(await serviceSnapshot(database.db, ingest.lake), "select operation, time from aws_cloudtrail order by line", options);
    output.end();
    expect(await text(output)).toBe('{"columns":[{"name":"operation","type":"text"},{"name":"time","type":"time"}]}\n{"row":["StopLogging","2026-11-18T09:00:00Z"]}\n{"row":["GetTrail","2026-11-18T09:00:00Z"]}\n');
  });

  it("is in parts that tell their own digest, and say inside what they are and of which batch", async () => {
    await send(ingest, `${trail(record("StopLogging"))}\n`);
    await send(ingest, '{"broken\n', { source: "generic.json" });
    await settled(ingest);
    const { rows } = await database.pool.query<Record<"path" | "digest" | "batch" | "kind" | "source" | "day", string>>("SELECT path, digest, batch, kind, source, day FROM lake_parts");
    expect(rows.map(({ kind }) => kind).toSorted()).toEqual(["dead", "events", "signals"]);
    for (const { path, digest, batch, kind, source, day } of rows) {
      const file = join(ingest.lake.folder, path);
      expect(digest).toBe(createHash("sha256").update(readFileSync(file)).digest("hex"));
      expect(await metadataOf(file)).toEqual({ format: 1, batch, kind, source, day });
    }
    const committed = await database.pool.query<{ id: string }>("SELECT id FROM lake_batches");
    expect(new Set(rows.map(({ batch }) => batch))).toEqual(new Set(committed.rows.map(({ id }) => id)));
  });

  it("is kept whole as a dead letter where it cannot be read", async () => {
    const cut = gzipSync(trail(record("GetTrail"), record("GetTrail"))).subarray(0, 200);
    await send(ingest, cut);
    await send(ingest, '{"broken\n', { source: "generic.json" });
    await settled(ingest);
    const { read, stored: kept, dead } = await totals();
    expect({ lost: read! - kept! - dead!, dead: dead! >= 2 }).toEqual({ lost: 0, dead: true });
  });

  it("is refused when it is empty", async () => {
    await expect(send(ingest, "")).rejects.toThrow(Invalid);
  });
});

it("matches of one entity over many batches are one finding", async () => {
  for (let batch = 0; batch < 3; batch++) {
    await send(ingest, trail(record("StopLogging"), record("StopLogging", "erik")));
    await settled(ingest);
  }
  expect(await found()).toEqual([
    { entity_name: "dana", count: 3, version: 1 },
    { entity_name: "erik", count: 3, version: 1 },
  ]);
});

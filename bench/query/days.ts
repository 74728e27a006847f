import { randomUUID } from "node:crypto";
import { realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { mergedFormat } from "@corduroy/core/ingest";
import { newBatchId, openServiceLake, partMetadata, type Part, type ServiceLake } from "@corduroy/core/lake";
import type { DbCtx } from "@corduroy/core/store";
import { openServiceDatabase } from "../service/lakeCheck.ts";

const SOURCE = "aws.cloudtrail";
const DAY_MS = 86_400_000;

/**
 * Makes many days of one: every earlier day has the same calls at other moments of the day, with ids and temporary keys of its own, in a file as compaction
 * leaves it. The day there is stays as the service has written it.
 * @param data the data folder of a running service that holds events of one day and is at rest
 * @param days how many there are to be, with that one
 * @param made told after each day
 */
export async function makeDays(data: string, days: number, made: (day: number) => void): Promise<void> {
  const database = openServiceDatabase(data);
  const ctx: DbCtx = { actor: { kind: "system", name: "bench" }, db: database.db, now: () => new Date(), address: null, allows: () => true };
  try {
    const lake = await openServiceLake(ctx, join(realpathSync(data), "lake"));
    const seeds = (await database.pool.query<{ path: string; rows: number }>("SELECT path, rows FROM lake_parts WHERE kind = 'events' AND source = $1 AND replaced_at IS NULL", [SOURCE])).rows;
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    const left = Array.from({ length: days - 1 }, (_, index) => new Date(today - (index + 1) * DAY_MS));
    // Two at a time: each uses one thread, so that the files are those of the product's own merges.
    await Promise.all(
      [0, 1].map(async (lane) => {
        for (let index = lane; index < left.length; index += 2) {
          await makeDay(lake, seeds, left[index]!);
          made(index + 2);
        }
      }),
    );
  } finally {
    await database.close();
  }
}

async function makeDay(lake: ServiceLake, seeds: readonly { path: string; rows: number }[], date: Date): Promise<void> {
  const day = date.toISOString().slice(0, 10);
  const id = newBatchId(new Date());
  const path = lake.newPartPath("events", SOURCE, day);
  const temporary = join(lake.staging, `${randomUUID()}.parquet`);
  await lake.manifest.begin(id, [path]);
  const rows = seeds.reduce((sum, seed) => sum + seed.rows, 0);
  const instance = await DuckDBInstance.create(":memory:", { threads: "1", preserve_insertion_order: "false" });
  const connection = await instance.connect();
  try {
    const list = seeds.map((seed) => `'${join(lake.folder, seed.path)}'`).join(", ");
    const key = `CASE WHEN access_key LIKE 'ASIA%' THEN 'ASIA' || upper(left(md5(access_key || '${day}'), 16)) ELSE access_key END`;
    const select = `SELECT * REPLACE (
        split_part(event_uid, ':', 1) || ':' || uuid()::VARCHAR AS event_uid, hash(uuid()) AS event_hash, ${key} AS access_key,
        coalesce(replace(raw_data, access_key, ${key}), raw_data) AS raw_data,
        TIMESTAMP '${day}' + to_microseconds(row_number() OVER () * ${DAY_MS * 1000} // ${rows + 1}) AS time)
      FROM read_parquet([${list}], union_by_name = true, hive_partitioning = false)`;
    await connection.run(`COPY (${select}) TO '${temporary}' (${mergedFormat(partMetadata({ batch: id, kind: "events", source: SOURCE, day }))})`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  const { size } = statSync(temporary);
  const digest = await lake.finishPart(temporary, path);
  const part: Part = { kind: "events", path, source: SOURCE, day, rows, bytes: size, first: date.toISOString(), last: new Date(date.getTime() + DAY_MS - 1).toISOString(), digest };
  await lake.manifest.commitWith({ id, at: new Date().toISOString(), parts: [part], objects: [], counts: { read: rows, stored: rows, duplicate: 0, dead: 0 } }, async () => undefined);
}

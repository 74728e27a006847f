import { statSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { newBatchId, openLake, type Part } from "../../lake/index.ts";
import type { View } from "../views.ts";

const COLUMNS = [
  ["event_uid", "VARCHAR"],
  ["time", "TIMESTAMP"],
  ["operation", "VARCHAR"],
  ["status", "VARCHAR"],
  ["actor_user", "VARCHAR"],
  ["raw_data", "JSON"],
] as const;

/** Views as a caller makes them; no part has the column `added_later` yet, and there is no dead letter. */
export const sampleViews: readonly View[] = [
  { name: "events", about: "", kind: "events", source: null, columns: [...COLUMNS, ["added_later", "INTEGER"]] },
  { name: "aws_cloudtrail", about: "", kind: "events", source: "aws.cloudtrail", columns: COLUMNS, select: "*, raw_data->'requestParameters' AS request" },
  { name: "signals", about: "", kind: "signals", source: null, columns: [["rule_id", "VARCHAR"], ["time", "TIMESTAMP"]] },
  { name: "dead_letters", about: "", kind: "dead", source: null, columns: [["location", "VARCHAR"], ["reason", "VARCHAR"]] },
];

function events(day: string, rows: number): string {
  return `SELECT '${day}-' || i AS event_uid, TIMESTAMP '${day} 00:00:00' + INTERVAL (i) MINUTE AS "time", ['GetObject', 'PutObject', 'AssumeRole'][i % 3 + 1] AS operation,
    ['Success', 'Failure'][(i % 10 = 0)::INTEGER + 1] AS status, 'user' || i % 7 AS actor_user,
    '{"requestParameters": {"bucketName": "b' || i % 4 || '", "tags": ["x", "y' || i || '"]}, "a.b": {"c-d": ' || i || '}}' AS raw_data FROM range(${rows}) t(i)`;
}

/** Makes a lake: two days of 500 CloudTrail events each, one part of another source with 3 events, one of 100 signals. */
export async function makeSampleLake(folder: string): Promise<void> {
  const lake = await openLake(folder, { create: true });
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  const wanted = [
    { kind: "events", source: "aws.cloudtrail", day: "2026-11-17", rows: 500, sql: events("2026-11-17", 500) },
    { kind: "events", source: "aws.cloudtrail", day: "2026-11-18", rows: 500, sql: events("2026-11-18", 500) },
    { kind: "events", source: "generic.json", day: "2026-11-18", rows: 3, sql: events("2026-11-19", 3) },
    { kind: "signals", source: "", day: "2026-11-18", rows: 100, sql: `SELECT 'rule-' || i % 5 AS rule_id, TIMESTAMP '2026-11-18' + INTERVAL (i * 5) MINUTE AS "time" FROM range(100) t(i)` },
  ] as const;
  const parts: Part[] = [];
  const temporaries: string[] = [];
  for (const [index, { kind, source, day, rows, sql }] of wanted.entries()) {
    const temporary = join(lake.staging, `${index}.parquet`);
    await connection.run(`COPY (${sql}) TO '${temporary}' (FORMAT parquet)`);
    parts.push({ kind, source, day, rows, path: lake.newPartPath(kind, source, day), bytes: statSync(temporary).size, first: null, last: null });
    temporaries.push(temporary);
  }
  const id = newBatchId(new Date());
  await lake.manifest.begin(id, parts.map((part) => part.path));
  for (const [index, part] of parts.entries()) await lake.finishPart(temporaries[index] ?? "", part.path);
  await lake.manifest.commit({ id, at: new Date().toISOString(), parts, objects: [], counts: { read: 1003, stored: 1003, duplicate: 0, dead: 0 } });
  await lake.close();
  connection.closeSync();
}

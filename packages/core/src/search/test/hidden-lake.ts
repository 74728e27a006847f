import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { FilledView, View } from "../views.ts";

/** Who is not to be seen, in every way that events tell of somebody. */
export const ADDRESS = "203.0.113.7";
const COLUMNS: View["columns"] = [
  ["source", "VARCHAR"], ["event_uid", "VARCHAR"], ["time", "TIMESTAMP"], ["operation", "VARCHAR"], ["entity_kind", "VARCHAR"], ["address", "VARCHAR"], ["entity_name", "VARCHAR"], ["peers", "VARCHAR[]"], ["raw_data", "VARCHAR"],
];
const SIGNALS: View["columns"] = [["rule_id", "VARCHAR"], ["event_uid", "VARCHAR"], ["source", "VARCHAR"], ["entity_kind", "VARCHAR"], ["entity_key", "VARCHAR"], ["entity_name", "VARCHAR"], ["line", "INTEGER"]];
const DEAD: View["columns"] = [["reason", "VARCHAR"], ["source", "VARCHAR"], ["raw_data", "BLOB"]];

const hidden = { address: "pseudonym", entity_name: "entity", entity_key: "entity", peers: "pseudonym", raw_data: "withheld", reason: "withheld" } as const;
const VIEWS: readonly View[] = [
  { name: "events", about: "", kind: "events", source: null, columns: COLUMNS, hidden },
  { name: "aws_cloudtrail", about: "", kind: "events", source: "aws.cloudtrail", columns: COLUMNS, select: "*, json_merge_patch(raw_data, to_json({'ip': address}))::JSON AS ocsf", hidden },
  { name: "okta_system", about: "", kind: "events", source: "okta.system", columns: COLUMNS, hidden },
  { name: "signals", about: "", kind: "signals", source: null, columns: SIGNALS, hidden },
  { name: "dead_letters", about: "", kind: "dead", source: null, columns: DEAD, hidden },
];

const events = (source: string, operation: string) => `SELECT '${source}' AS source, 'e' || i AS event_uid, TIMESTAMP '2026-11-18' + INTERVAL (i) MINUTE AS "time", '${operation}' AS operation, ['address', 'role'][i % 2 + 1] AS entity_kind,
  CASE WHEN i < 5 THEN '${ADDRESS}' ELSE '203.0.113.90' END AS address, CASE WHEN i % 2 = 0 THEN '${ADDRESS}' ELSE 'deploy' END AS entity_name, ['${ADDRESS}'] AS peers, '{"ip": "${ADDRESS}"}' AS raw_data FROM range(1, 6) t(i)`;
const signals = (source: string, rule: string, line: number) => `SELECT '${rule}' AS rule_id, 'e1' AS event_uid, '${source}' AS source, 'address' AS entity_kind, 'address:${ADDRESS}' AS entity_key, '${ADDRESS}' AS entity_name, ${line} AS line`;
const dead = (source: string, reason: string) => `SELECT '${reason}' AS reason, '${source}' AS source, encode('${ADDRESS}') AS raw_data`;

/** Writes files of two sources and gives the views over them, with the source of each file, as `query` hands them on. @param folder that does not exist yet @param others whether there is anything of the second source */
export async function makeHiddenLake(folder: string, others: boolean): Promise<{ views: FilledView[]; sourceOf: ReadonlyMap<string, string> }> {
  mkdirSync(folder, { recursive: true });
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  // The other source first: what fails at its rows says so.
  const parts = [
    ...(others ? [{ name: "okta", kind: "events", source: "okta.system", sql: events("okta.system", "of okta") }, { name: "dead-okta", kind: "dead", source: "okta.system", sql: dead("okta.system", "of okta") }] : []),
    { name: "aws", kind: "events", source: "aws.cloudtrail", sql: events("aws.cloudtrail", "GetObject") },
    { name: "signals", kind: "signals", source: "", sql: `${others ? `${signals("okta.system", "of okta", 7)} UNION ALL ` : ""}${signals("aws.cloudtrail", "of aws", 0)}` },
    { name: "dead-aws", kind: "dead", source: "aws.cloudtrail", sql: dead("aws.cloudtrail", `broken at ${ADDRESS}`) },
  ];
  const path = (name: string) => join(folder, `${name}.parquet`);
  for (const { name, sql } of parts) await connection.run(`COPY (${sql}) TO '${path(name)}' (FORMAT parquet)`);
  connection.closeSync();
  const filled = VIEWS.map((view): FilledView => ({ ...view, files: parts.filter(({ kind, source }) => kind === view.kind && (view.source === null || view.source === source)).map(({ name }) => ({ path: path(name), first: null, last: null })) }));
  return { views: filled, sourceOf: new Map(parts.map(({ name, source }) => [path(name), source])) };
}

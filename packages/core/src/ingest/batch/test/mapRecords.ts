import { DuckDBInstance, type Json } from "@duckdb/node-api";
import { planRules } from "../../../detect/index.ts";
import type { JsonRecord, SourceDefinition } from "../../../sources/index.ts";
import { registerRecords, Rows } from "../rows.ts";
import { batchSelect, storedColumns } from "../table.ts";

/** A record as the lake shows it: its stored columns and its OCSF form. */
export interface Mapped {
  columns: Record<string, Json>;
  ocsf: JsonRecord;
}

/** Takes records (JSON text) the way a scan takes them: batch table, stored columns, OCSF view. In the order given. */
export async function mapRecords(source: SourceDefinition, texts: readonly string[]): Promise<Mapped[]> {
  const rows = new Rows();
  for (const [index, text] of texts.entries()) {
    const buffer = Buffer.from(text);
    const inner = source.wrapper === null ? undefined : (JSON.parse(text) as JsonRecord)[source.wrapper];
    rows.add({ buffer, start: 0, end: buffer.length, no: index + 1 }, 1, typeof inner === "string" ? inner : null);
  }
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run("CREATE TABLE objects (object_no INTEGER, location VARCHAR, object_key VARCHAR, object_time TIMESTAMP)");
    await connection.run("INSERT INTO objects VALUES (1, 'samples.json', 'samples.json', TIMESTAMP '2024-01-01')");
    registerRecords(connection, () => rows);
    await connection.run(`CREATE TABLE batch AS ${batchSelect(source, planRules(source, []))}`);
    await connection.run(`CREATE TABLE stored AS SELECT ${storedColumns(source)} FROM batch JOIN objects USING (object_no)`);
    const reader = await connection.runAndReadAll(`SELECT *, ${source.ocsf} AS ocsf FROM stored ORDER BY line`);
    return reader.getRowObjectsJson().map(({ ocsf, ...columns }) => ({ columns, ocsf: JSON.parse(String(ocsf)) as JsonRecord }));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

import { DuckDBInstance } from "@duckdb/node-api";
import { quote } from "../../../detect/index.ts";

/** What a Parquet file says of itself under `corduroy`. */
export async function metadataOf(file: string): Promise<unknown> {
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  const reader = await connection.runAndReadAll(`SELECT decode(value) FROM parquet_kv_metadata(${quote(file)}) WHERE key = 'corduroy'`);
  connection.closeSync();
  return JSON.parse(String(reader.getRows()[0]?.[0])) as unknown;
}

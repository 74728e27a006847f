import { realpathSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { openServiceDatabase } from "../service/lakeCheck.ts";
import { PROBES_FROM } from "./reader.ts";

/** The load's events in the lake, counted by nobody of the product. */
export interface Counted {
  /** Rows with a number of the load. */
  rows: number;
  /** Different numbers among them that were acknowledged. */
  acknowledged: number;
  probes: number;
  parts: number;
}

/**
 * Counts events by the number in their id, in the parts that the manifest names.
 * @param unclear first and last numbers of bodies that were never acknowledged: they may be there or not
 */
export async function countLoad(data: string, unclear: readonly (readonly [number, number])[]): Promise<Counted> {
  const database = openServiceDatabase(data);
  const { rows: parts } = await database.pool.query<{ path: string }>("SELECT path FROM lake_parts WHERE replaced_at IS NULL AND kind = 'events'");
  await database.close();
  const lake = realpathSync(join(data, "lake"));
  const list = parts.map(({ path }) => `'${join(lake, path).replaceAll("'", "''")}'`).join(", ");
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: "4GB" });
  const connection = await instance.connect();
  try {
    const number = `('0x' || replace(split_part(event_uid, ':', 2)[1:18], '-', ''))::UBIGINT`;
    const isClear = ["true", ...unclear.map(([first, last]) => `n NOT BETWEEN ${first} AND ${last}`)].join(" AND ");
    const counted = await connection.runAndReadAll(`SELECT count(*) FILTER (n < ${PROBES_FROM}), count(DISTINCT n) FILTER (n < ${PROBES_FROM} AND ${isClear}), count(DISTINCT n) FILTER (n >= ${PROBES_FROM})
      FROM (SELECT ${number} AS n FROM read_parquet([${list}]))`);
    const [rows, acknowledged, probes] = (counted.getRows()[0] ?? []).map(Number);
    return { rows: rows ?? 0, acknowledged: acknowledged ?? 0, probes: probes ?? 0, parts: parts.length };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

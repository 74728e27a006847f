import type { Writable } from "node:stream";
import { once } from "node:events";
import { DuckDBTypeId, type DuckDBDataChunk, type DuckDBResult } from "@duckdb/node-api";
import type { Timed } from "./clock.ts";
import { rowWriter, type ResultColumn } from "./formats.ts";
import type { QueryRequest } from "./protocol.ts";
import { openSandbox } from "./sandbox.ts";

const NUMBERS = new Set<DuckDBTypeId>(
  (["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL"] as const).map((name) => DuckDBTypeId[name]),
);
const PIECE = 65_536;

/**
 * Runs a query and writes its rows as they come; at no time are more of them in memory than the engine hands out at once.
 * @returns how many rows were written, and whether there were more than asked for.
 */
export async function runQuery(request: QueryRequest, output: Writable, timed: Timed): Promise<{ rows: number; more: boolean }> {
  const { connection, statement } = await openSandbox(request, timed);
  const result = await timed(connection, () => statement.stream());
  const writer = rowWriter(request.format, columnsOf(result), request);
  const limit = request.maxRows ?? Infinity;
  let rows = 0;
  let more = false;
  let text = "";
  const flush = async () => {
    if (text !== "" && !output.write(text)) await once(output, "drain");
    text = "";
  };
  const nextChunk = (): Promise<DuckDBDataChunk | null> => timed(connection, () => result.fetchChunk());

  for (let chunk = await nextChunk(); chunk !== null && chunk.rowCount > 0; chunk = await nextChunk()) {
    for (let index = 0; index < chunk.rowCount; index++) {
      if (rows === limit) {
        more = true;
        break;
      }
      text += writer.row(chunk.getRowValues(index));
      rows++;
      if (text.length >= PIECE) await flush();
    }
    if (more) break;
  }
  text += writer.end(more);
  await flush();
  return { rows, more };
}

function columnsOf(result: DuckDBResult): ResultColumn[] {
  return result.deduplicatedColumnNames().map((name, index) => ({ name, isNumber: NUMBERS.has(result.columnTypeId(index)) }));
}

import type { Writable } from "node:stream";
import { once } from "node:events";
import { DuckDBTypeId, ResultReturnType, type DuckDBConnection, type DuckDBDataChunk, type DuckDBPreparedStatement, type DuckDBResult } from "@duckdb/node-api";
import { Unavailable } from "../kernel/index.ts";
import type { Timed } from "./clock.ts";
import { namingTheFile } from "./damage.ts";
import { rowWriter, type ResultColumn } from "./formats.ts";
import type { QueryRequest } from "./protocol.ts";
import { openSandbox } from "./sandbox.ts";

const TYPES: readonly [type: ResultColumn["type"], ids: readonly (keyof typeof DuckDBTypeId)[]][] = [
  ["number", ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL"]],
  ["time", ["TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP_TZ", "DATE"]],
  ["json", ["LIST", "ARRAY", "STRUCT", "MAP", "UNION"]],
];
const PIECE = 65_536;

/**
 * Runs a query and writes its rows as they come; at no time are more of them in memory than the engine hands out at once.
 * @returns how many rows were written, and whether there were more than asked for.
 */
export async function runQuery(request: QueryRequest, output: Writable, timed: Timed): Promise<{ rows: number; more: boolean }> {
  const { connection, statement } = await openSandbox(request, timed);
  try {
    return await writeRows(request, connection, statement, output, timed);
  } catch (error) {
    throw await namingTheFile(error, request, connection, timed);
  }
}

async function writeRows(request: QueryRequest, connection: DuckDBConnection, statement: DuckDBPreparedStatement, output: Writable, timed: Timed): Promise<{ rows: number; more: boolean }> {
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
  if (!more && result.returnType === ResultReturnType.INVALID) throw await whyItStopped(request.sql, connection, timed);
  text += writer.end(more);
  await flush();
  return { rows, more };
}

/**
 * The error that ended a stream. The engine hands out the same nothing after the last row and after a failure (a value that cannot be
 * cast, no memory, an interrupt); only the type of the result tells the two apart, and the reason is lost. So all rows are
 * computed again, without being kept, by a statement that reports its errors.
 */
async function whyItStopped(sql: string, connection: DuckDBConnection, timed: Timed): Promise<unknown> {
  try {
    const reader = await connection.runAndReadAll("SELECT json_deserialize_sql(json_serialize_sql($1::VARCHAR))", [sql]);
    await timed(connection, () => connection.run(`SELECT bit_xor(hash(result)) FROM (${String(reader.getRows()[0]?.[0])}) result`));
  } catch (error) {
    if (error instanceof Error && !/^(?:Parser|Binder|Catalog) Error/.test(error.message)) return error;
  }
  return new Unavailable("The query failed before its last row. The rows that were written are not the whole answer.");
}

function columnsOf(result: DuckDBResult): ResultColumn[] {
  return result.deduplicatedColumnNames().map((name, index): ResultColumn => {
    const isJson = result.columnType(index).alias === "JSON";
    const id = result.columnTypeId(index);
    const known = TYPES.find(([, ids]) => ids.some((each) => DuckDBTypeId[each] === id));
    return { name, type: isJson ? "json" : (known?.[0] ?? "text"), isJson };
  });
}

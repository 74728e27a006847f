import type { DuckDBConnection } from "@duckdb/node-api";
import { Unavailable } from "../kernel/index.ts";
import type { Timed } from "./clock.ts";
import type { QueryRequest } from "./protocol.ts";
import { literal } from "./views.ts";

/** What the engine says of the content of a file ("Invalid Error: don't know what type"), where SQL that fails by itself hardly leads to. */
const OF_A_FILE = /^(?:Invalid|IO|Serialization) Error|^TProtocolException|parquet|thrift|zstd|magic bytes/i;

/** Names the file of the lake that cannot be read, where the engine speaks of its content alone; any other error is given back as it is. */
export async function namingTheFile(error: unknown, { folder, views }: QueryRequest, connection: DuckDBConnection, timed: Timed): Promise<unknown> {
  if (!(error instanceof Error) || !OF_A_FILE.test(error.message)) return error;
  for (const file of new Set(views.flatMap(({ files }) => files.map(({ path }) => path)))) {
    try {
      await timed(connection, () => connection.run(`SELECT bit_xor(hash(part)) FROM read_parquet(${literal(file)}, hive_partitioning = false) part`));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message.split("\n")[0]!.replaceAll(`${folder}/`, "") : String(cause);
      return new Unavailable(`The file ${file.slice(folder.length + 1)} of the lake cannot be read: ${reason}`, { hint: "Restore it from a backup. Until then ask for other days, which are read without it. The check of the lake, under Settings, names all that is damaged.", cause });
    }
  }
  return error;
}

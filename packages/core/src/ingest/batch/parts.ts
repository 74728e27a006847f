import { stat } from "node:fs/promises";
import { join } from "node:path";
import { quote, quoteList } from "../../detect/index.ts";
import { partMetadata, type Engine, type Merged, type MergeOrder, type PartKind } from "../../lake/index.ts";
import type { WrittenPart } from "../messages.ts";

/**
 * Level 1 packs vendor JSON as small as the default level in 60 % of the time; small row groups keep the writer's memory at
 * 600 instead of 1,550 MB. No dictionary of a megabyte ever pays, and to give up `raw_data`'s early saves an eighth of the time, at the same size.
 */
const FORMAT = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, STRING_DICTIONARY_PAGE_SIZE_LIMIT 1000000";
const SMALL_GROUPS = "ROW_GROUP_SIZE 20480";
/**
 * For parts that are read more often than written. Rows of 1.6 KB and more make smaller groups: 40,000 rows of 256 KB would not fit into any memory.
 * Groups of up to 192 MB take 158 MB more while they are written, and are 3 % smaller.
 */
const LARGE_GROUPS = "ROW_GROUP_SIZE 40960, ROW_GROUP_SIZE_BYTES '64MB'";

/** How a part is written that takes the place of others, as options of COPY. @param metadata key-value metadata of the file */
export function mergedFormat(metadata: Readonly<Record<string, string>>): string {
  return `${FORMAT}, ${LARGE_GROUPS}, ${metadataSql(metadata)}`;
}

/** A day of a batch: its rows, and the first and last time among them (ISO 8601, UTC). */
export interface Day {
  day: string;
  rows: number;
  first: string | null;
  last: string | null;
}

/** Writes the rows of a SELECT as one Parquet file. @param batch the id of the batch it will belong to */
export async function writePart(engine: Engine, select: string, staging: string, name: string, batch: string, about: { kind: PartKind; source: string } & Day): Promise<WrittenPart> {
  const temporary = join(staging, `${name}.parquet`);
  await engine.once(`COPY (${select}) TO ${quote(temporary)} (${FORMAT}, ${SMALL_GROUPS}, ${metadataSql(partMetadata({ batch, ...about }))})`);
  return { ...about, temporary, bytes: (await stat(temporary)).size };
}

/**
 * Writes all rows of these files as one, file after file, with all columns that any of them has.
 *
 * The engine must not be told to keep the order of rows, or it does not look at the bytes of a row group; on its one thread it keeps the order
 * all the same. Measured: 2 million events in 200 files in 6.5 s with 300 MB of memory; 4,000 of 256 KB each in 2.3 s with 500 MB.
 */
export async function mergeParts(engine: Engine, { files, temporary, metadata }: MergeOrder): Promise<Merged> {
  await engine.once("SET preserve_insertion_order = false");
  const [[rows] = []] = await engine.rowsOnce(
    `COPY (SELECT * FROM read_parquet(${quoteList(files)}, union_by_name = true, hive_partitioning = false)) TO ${quote(temporary)} (${mergedFormat(metadata)})`,
  );
  return { rows: Number(rows), bytes: (await stat(temporary)).size };
}

function metadataSql(metadata: Readonly<Record<string, string>>): string {
  return `KV_METADATA {${Object.entries(metadata).map(([key, value]) => `${key}: ${quote(value)}`).join(", ")}}`;
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Engine, readLake, type PartKind } from "@corduroy/core/lake";

/** Rows a lake holds of each file, counted from its parts. */
export interface LakeRows {
  events: Map<string, number>;
  dead: Map<string, number>;
  /** `select count(*)` over all event parts. */
  total: number;
}

/** Counts the rows of the parts that a lake's manifest names. @param scratch an existing folder of the caller's own */
export async function lakeRows(lake: string, scratch: string): Promise<LakeRows> {
  const { folder, parts } = await readLake(lake);
  const temporary = join(scratch, "engine");
  mkdirSync(temporary, { recursive: true });
  const engine = await Engine.open(temporary);
  const count = async (kind: PartKind, select: string): Promise<unknown[][]> => {
    const paths = parts.filter((part) => part.kind === kind).map(({ path }) => `'${join(folder, path).replaceAll("'", "''")}'`);
    return paths.length === 0 ? [] : engine.rowsOnce(`SELECT ${select} FROM read_parquet([${paths.join(", ")}], union_by_name = true, hive_partitioning = false) GROUP BY ALL`);
  };
  const byFile = async (kind: PartKind): Promise<Map<string, number>> => new Map((await count(kind, "file, count(*)")).map(([file, rows]) => [String(file), Number(rows)]));
  try {
    return { events: await byFile("events"), dead: await byFile("dead"), total: Number((await count("events", "count(*)"))[0]?.[0] ?? 0) };
  } finally {
    engine.close();
  }
}

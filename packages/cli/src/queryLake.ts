import { lakeViews } from "@corduroy/core/ingest";
import { readLake } from "@corduroy/core/lake";
import { EVERYTHING, query, type PrintedFormat } from "@corduroy/core/search";
import { queryEntry } from "./paths.ts";

/** One SELECT over the lake in a folder. @throws CorduroyError */
export async function queryLake(sql: string, options: { lake: string; format: PrintedFormat; limit?: number; timeout: number }): Promise<void> {
  const { stdout } = process;
  const { more } = await query(await readLake(options.lake), sql, {
    childEntry: queryEntry(), views: lakeViews(), sight: EVERYTHING, format: options.format, output: stdout, maxRows: options.limit ?? null,
    width: stdout.columns ?? 80, forTerminal: stdout.isTTY, mayStayRoot: true, limits: { seconds: options.timeout },
  });
  // A table says so itself; in the other formats a word more would spoil the rows.
  if (more && options.format !== "table" && options.limit !== undefined && !stdout.destroyed) process.stderr.write(`There are more rows than the ${options.limit} of --limit.\n`);
}

import { lakeViews } from "@corduroy/core/ingest";
import { CorduroyError, visible } from "@corduroy/core/kernel";
import { query, type Format } from "@corduroy/core/search";
import { EXIT } from "./exit.ts";
import { queryEntry } from "./paths.ts";

/** `corduroy query`: one SELECT over a lake, its rows to standard output. Sets the exit code. */
export async function queryCommand(sql: string, options: { lake: string; format: Format; limit?: number; timeout: number }): Promise<void> {
  const { stdout } = process;
  try {
    const { more } = await query(options.lake, sql, {
      childEntry: queryEntry(), views: lakeViews(), format: options.format, output: stdout, maxRows: options.limit ?? null,
      width: stdout.columns ?? 80, forTerminal: stdout.isTTY, limits: { seconds: options.timeout },
    });
    // A table says so itself; in the other formats a word more would spoil the rows.
    if (more && options.format !== "table" && options.limit !== undefined && !stdout.destroyed) process.stderr.write(`There are more rows than the ${options.limit} of --limit.\n`);
  } catch (error) {
    if (!(error instanceof CorduroyError)) throw error;
    // What is wrong with SQL is shown at its place, on a line of its own.
    process.stderr.write(`corduroy: ${inLines(error.message)}\n${error.hint === undefined ? "" : `  ${inLines(error.hint)}\n`}`);
    process.exitCode = EXIT.failed;
  }
}

const inLines = (text: string): string => text.split("\n").map(visible).join("\n");

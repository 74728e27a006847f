import { CorduroyError, Invalid, visible } from "@corduroy/core/kernel";
import type { PrintedFormat } from "@corduroy/core/search";
import { EXIT } from "./exit.ts";

/** Options of `corduroy query`, as they are typed. */
export interface QueryOptions {
  lake?: string;
  server?: string;
  team?: string;
  environment?: string;
  format: PrintedFormat;
  limit?: number;
  timeout: number;
}

/** `corduroy query`: one SELECT over a lake of one's own, or that of the service; its rows to standard output. Sets the exit code. */
export async function queryCommand(sql: string, { lake, team, environment, ...options }: QueryOptions): Promise<void> {
  try {
    if (lake !== undefined && (team ?? environment) !== undefined) throw new Invalid("A lake in a folder has no catalog, which says what is a team's.", { hint: "Ask the service, without --lake; or name the accounts in SQL." });
    if (lake === undefined) await (await import("./service/query.ts")).queryService(sql, { ...options, team, environment });
    else await (await import("./queryLake.ts")).queryLake(sql, { ...options, lake });
  } catch (error) {
    if (!(error instanceof CorduroyError)) throw error;
    // What is wrong with SQL is shown at its place, on a line of its own.
    process.stderr.write(`corduroy: ${inLines(error.message)}\n${error.hint === undefined ? "" : `  ${inLines(error.hint)}\n`}`);
    process.exitCode = EXIT.failed;
  }
}

const inLines = (text: string): string => text.split("\n").map(visible).join("\n");

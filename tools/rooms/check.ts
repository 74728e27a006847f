import { readFileSync } from "node:fs";
import { join } from "node:path";
import { importsOf } from "./imports.ts";
import { judge, type Edge } from "./judge.ts";
import { staleEntries } from "./stale.ts";
import { readUnits, sourceFiles, type Table } from "./table.ts";

/**
 * Checks every import below the packages against `tools/rooms.json`, and that table against the packages.
 *
 * @param root the checkout
 * @returns the number of files read, and one line a problem: `file:line: what is wrong`
 * @throws {Error} when the table is missing or is no JSON
 */
export function checkRooms(root: string): { files: number; problems: string[] } {
  const table = JSON.parse(readFileSync(join(root, "tools/rooms.json"), "utf8")) as Table;
  const units = readUnits(root, table);
  const edges: Edge[] = [];
  const problems: string[] = [];
  let files = 0;
  for (const unit of units) {
    for (const file of sourceFiles(root, unit.folder)) {
      files++;
      try {
        for (const { specifier, line } of importsOf(file, readFileSync(join(root, file), "utf8"))) {
          const { problem, edge } = judge(table, units, unit, file, specifier);
          if (problem !== undefined) problems.push(`${file}:${line}: ${problem}`);
          if (edge !== undefined) edges.push(edge);
        }
      } catch (error) {
        problems.push(`${file}:1: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  problems.push(...staleEntries(root, table, edges).map((problem) => `tools/rooms.json: ${problem}`));
  return { files, problems };
}

import type { DuckDBConnection } from "@duckdb/node-api";
import { Forbidden, Invalid } from "../kernel/index.ts";
import { pointAt } from "./place.ts";
import { checkSyntaxTree, type Readings } from "./syntax-tree.ts";

/** Longer statements are refused: nobody types them, and the parser needs many times their size. */
const LONGEST_SQL = 100_000;

interface Serialised {
  error: boolean;
  error_type?: string;
  error_message?: string;
  position?: string;
  statements?: unknown[];
}

/**
 * Reads a statement without running or planning it.
 * @param views names that may stand in FROM, lower case.
 * @returns the views that it reads, and how.
 * @throws Forbidden unless it is exactly one SELECT made of allowed parts, Invalid if it is not SQL.
 */
export async function checkStatement(connection: DuckDBConnection, sql: string, views: ReadonlySet<string>): Promise<Readings> {
  if (sql.length > LONGEST_SQL) throw new Invalid(`The statement is longer than ${LONGEST_SQL} characters.`);
  if (sql.includes("\0")) throw new Invalid("The statement holds a NUL character.");
  const reader = await connection.runAndReadAll("SELECT json_serialize_sql($1::VARCHAR)", [sql]);
  const tree = JSON.parse(String(reader.getRows()[0]?.[0])) as Serialised;
  if (tree.error) throw whyNot(tree, sql);
  const statements = tree.statements ?? [];
  if (statements.length === 0) throw new Invalid("There is no statement.", { hint: "Try: select * from events limit 10" });
  if (statements.length > 1) throw new Forbidden("One statement at a time, please.");
  return checkSyntaxTree(statements[0], sql, views);
}

function whyNot(tree: Serialised, sql: string): Error {
  if (tree.error_type === "parser") return new Invalid(`${tree.error_message ?? "This is not SQL."}${pointAt(sql, tree.position === undefined ? null : Number(tree.position))}`);
  return new Forbidden("Only a SELECT can be run here: the lake is read, never changed.", {
    hint: /\bpivot\b/i.test(sql) ? "PIVOT needs its values: pivot events on status in ('Success', 'Failure') using count(*)" : undefined,
  });
}

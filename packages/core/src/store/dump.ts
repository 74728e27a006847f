import type pg from "pg";
import { Unavailable } from "../kernel/index.ts";
import { execute, type Database, type Db } from "./database.ts";
import { sqlState } from "./failures.ts";

/** Rows of one table, each as one line of JSON with the columns by name. */
export interface TableRows {
  table: string;
  lines: AsyncIterable<string>;
}

const FETCHED = 500;
/** One INSERT takes so many characters of rows, or one row that has more. */
const LOADED = 4 * 1024 * 1024;
const NOT_PRIVILEGED = "42501";

/** Names of all tables of the product, sorted. What libraries keep in schemas of their own (migrations, a job queue) they make anew. */
export async function tablesOf(db: Db): Promise<string[]> {
  const { rows } = await execute(db, "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1", []);
  return (rows as { name: string }[]).map(({ name }) => name);
}

/**
 * The rows of a table, each as one line of JSON, as PostgreSQL writes it: numbers, times and JSON keep every digit, because nothing of ours parses them.
 *
 * A line holds no line break: in text they are escaped, and between the members of a column of type `json` they mean nothing.
 * (COPY would need a library for its protocol; this takes twice the time of it and can be read without us.)
 * @param db in a transaction, whose snapshot is read
 */
export async function* dumpedRows(db: Db, table: string): AsyncGenerator<string> {
  await execute(db, `DECLARE dumped NO SCROLL CURSOR FOR SELECT translate(row_to_json(t)::text, E'\\n\\r', '  ') AS line FROM ${quoted(table)} t`, []);
  for (;;) {
    const { rows } = await execute(db, `FETCH ${FETCHED} FROM dumped`, []);
    for (const { line } of rows as { line: string }[]) yield line;
    if (rows.length < FETCHED) break;
  }
  await execute(db, "CLOSE dumped", []);
}

/**
 * Puts dumped rows into the empty tables of a database, all of them or none. Triggers and references are not asked: the rows were right where they
 * come from, and the trail's guard refuses rows that are sealed.
 * @returns how many rows each table got
 * @throws Unavailable where the database's user may not do that
 */
export async function loadTables({ pool }: Database, tables: AsyncIterable<TableRows>): Promise<Map<string, number>> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    await client.query("SET LOCAL session_replication_role = replica");
    const loaded = new Map<string, number>();
    for await (const { table, lines } of tables) loaded.set(table, await load(client, table, lines));
    await continueSequences(client);
    await client.query("COMMIT");
    return loaded;
  } catch (error) {
    await client.query("ROLLBACK").catch((gone: Error) => (broken = gone));
    if (sqlState(error) === NOT_PRIVILEGED) throw new Unavailable("The database's user may not load a backup.", { hint: "It must be a superuser while it does (session_replication_role), or own a PostgreSQL of its own: leave DATABASE_URL away.", cause: error });
    throw error;
  } finally {
    client.release(broken);
  }
}

async function load(client: pg.PoolClient, table: string, lines: AsyncIterable<string>): Promise<number> {
  const name = quoted(table);
  const insert = `INSERT INTO ${name} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(NULL::${name}, $1::json)`;
  let count = 0;
  let waiting: string[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    if (waiting.length > 0) count += (await client.query(insert, [`[${waiting.join(",")}]`])).rowCount ?? 0;
    waiting = [];
    size = 0;
  };
  for await (const line of lines) {
    if (size + line.length > LOADED) await flush();
    waiting.push(line);
    size += line.length;
  }
  await flush();
  return count;
}

/** Numbers that the database gives out go on behind the highest that is there. */
async function continueSequences(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(
    `SELECT c.relname AS table, a.attname AS column, pg_get_serial_sequence(quote_ident(c.relname), a.attname) AS sequence
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL`,
  );
  for (const { table, column, sequence } of rows) await client.query(`SELECT setval($1, coalesce((SELECT max(${quoted(column)}) FROM ${quoted(table)}), 0) + 1, false)`, [sequence]);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

import { realpathSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { Random } from "../service/random.ts";
import { openServiceDatabase } from "../service/lakeCheck.ts";

/** A question, and how many rows its answer must have, counted by nobody of the product. */
export interface Question {
  sql: string;
  rows: number;
}

/** What is asked, by kind. */
export interface Questions {
  /** All that one access key did, at whatever time: half of the keys are temporary and lived for a day. */
  keys: Question[];
  /** Everything of one identity in one day, with the whole records. */
  identities: Question[];
  /** How often each operation was called, over everything. */
  operations: Question[];
}

/** Rows that an answer shows at most, as the UI asks. */
const MOST_ROWS = 1_000;

/** Draws questions from what is in the lake: by occurrence, so that who is seen often is asked for often. @param count of each kind */
export async function drawQuestions(data: string, seed: number, count: number): Promise<Questions> {
  const random = new Random(seed);
  const database = openServiceDatabase(data);
  const { rows: parts } = await database.pool.query<{ path: string; day: string }>("SELECT path, day::VARCHAR FROM lake_parts WHERE replaced_at IS NULL AND kind = 'events' ORDER BY path");
  await database.close();
  const lake = realpathSync(join(data, "lake"));
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: "4GB" });
  const connection = await instance.connect();
  const from = (paths: readonly { path: string }[]): string => `read_parquet([${paths.map(({ path }) => `'${join(lake, path)}'`).join(", ")}], union_by_name = true)`;
  try {
    await connection.run(`CREATE TABLE keys AS SELECT access_key AS key, count(*) AS rows FROM ${from(parts)} WHERE access_key IS NOT NULL GROUP BY ALL ORDER BY key`);
    const drawn = async (like: string): Promise<[string, number][]> => draw(random, await rowsOf(connection, `SELECT key, rows FROM keys WHERE key LIKE '${like}'`), Math.ceil(count / 2));
    const keys = [...(await drawn("ASIA%")), ...(await drawn("AKIA%"))].map(([key, rows]) => ({ sql: `SELECT time, operation, service, region, address, outcome FROM events WHERE access_key = '${key}' ORDER BY time DESC LIMIT ${MOST_ROWS}`, rows: Math.min(rows, MOST_ROWS) }));
    const identities: Question[] = [];
    for (let index = 0; index < count; index++) {
      const { day } = random.pick(parts);
      const known = await rowsOf(connection, `SELECT entity_name, count(*) FROM ${from(parts.filter((part) => part.day === day))} WHERE entity_name NOT LIKE '%''%' GROUP BY ALL ORDER BY 1`);
      const [name, rows] = draw(random, known, 1)[0]!;
      identities.push({ sql: `SELECT * FROM events WHERE entity_name = '${name}' AND time >= TIMESTAMP '${day}' AND time < TIMESTAMP '${day}' + INTERVAL 1 DAY LIMIT ${MOST_ROWS}`, rows: Math.min(rows, MOST_ROWS) });
    }
    const different = Number((await connection.runAndReadAll(`SELECT count(DISTINCT operation) FROM ${from(parts)}`)).getRows()[0]?.[0]);
    return { keys, identities, operations: Array.from({ length: Math.ceil(count / 2) }, () => ({ sql: "SELECT operation, count(*) AS events FROM events GROUP BY ALL ORDER BY events DESC", rows: different })) };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<[string, number][]> {
  return (await connection.runAndReadAll(sql)).getRows().map(([name, rows]): [string, number] => [String(name), Number(rows)]);
}

/** Draws names, each as often as it has rows. */
function draw(random: Random, of: readonly (readonly [string, number])[], count: number): [string, number][] {
  const total = of.reduce((sum, [, rows]) => sum + rows, 0);
  return Array.from({ length: of.length === 0 ? 0 : count }, () => {
    let at = random.next() * total;
    const found = of.find(([, rows]) => (at -= rows) < 0) ?? of.at(-1)!;
    return [found[0], found[1]];
  });
}

import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { openDatabase, type Database } from "@corduroy/core/store";
import type { Ledger } from "./ledger.ts";
import { postmasterFile } from "./program.ts";

/** What is in the lake, read by nobody of the product: the tables through PostgreSQL's socket, the parts through a DuckDB of our own. */
export interface Held {
  /** A number, and how often it is there. */
  numbers: [number, number][];
  events: number;
  signals: number;
  findings: number;
  parts: number;
  batches: number;
}

type Counts = Record<"read" | "stored" | "duplicate" | "dead", number>;
interface PartRow {
  path: string;
  kind: string;
  rows: number;
  current: boolean;
}

/** How long clean-up may take between its transaction and the last file. */
const SETTLED_MS = 5_000;
const NAMED = "SELECT path FROM lake_parts UNION ALL SELECT jsonb_array_elements_text(paths) FROM lake_intents";

/** Opens the database of a running service. */
export function openServiceDatabase(data: string): Database {
  const host = postmasterFile(data)[4];
  if (!host) throw new Error(`no PostgreSQL runs on ${data}`);
  return openDatabase({ host, user: "corduroy", password: readFileSync(join(data, "secrets/postgres"), "utf8"), database: "corduroy" });
}

const QUIET_MS = 180_000;

/** Waits until everything that was received is in the lake, and nothing is under way. @throws Error when that takes longer than three minutes, or as long as given */
export async function quiet(data: string, withinMs = QUIET_MS): Promise<void> {
  const spool = join(data, "spool");
  const waiting = (): string[] => (existsSync(spool) ? readdirSync(spool).filter((name) => name.endsWith(".seg")) : []);
  for (const until = Date.now() + withinMs; ; await wait(50)) {
    if (waiting().length === 0 && (await intents(data)) === 0) return;
    if (Date.now() > until) throw new Error(`${waiting().length} segments still wait, and ${await intents(data)} batches are under way: ${waiting().slice(0, 3).join(", ")}`);
  }
}

async function intents(data: string): Promise<number | null> {
  const database = openServiceDatabase(data);
  try {
    return (await database.pool.query<{ count: number }>("SELECT count(*) FROM lake_intents")).rows[0]!.count;
  } catch {
    // It is on its way back.
    return null;
  } finally {
    await database.close();
  }
}

/**
 * Holds the lake of a quiet service against the ledger, and against itself.
 * @returns what is there, and a sentence for each fault
 */
export async function checkLake(data: string, ledger: Ledger): Promise<{ held: Held; faults: string[] }> {
  const database = openServiceDatabase(data);
  const faults: string[] = [];
  // Merges go on meanwhile: all questions are asked of one moment.
  const client = await database.pool.connect();
  const rows = async <T extends object>(sql: string): Promise<T[]> => (await client.query<T>(sql)).rows;
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    const lake = realpathSync(join(data, "lake"));
    const parts = await rows<PartRow>("SELECT path, kind, rows, replaced_at IS NULL AS current FROM lake_parts");
    faults.push(...missing(filesIn(lake), parts), ...(await orphans(lake, database)));
    faults.push(...aside(data));
    const current = (kind: string): PartRow[] => parts.filter((part) => part.kind === kind && part.current);
    const batches = await rows<{ id: string; counts: Counts }>("SELECT id, counts FROM lake_batches");
    for (const { id, counts } of batches) if (counts.read !== counts.stored + counts.duplicate + counts.dead) faults.push(`batch ${id} does not add up: ${JSON.stringify(counts)}`);
    const total = (name: keyof Counts): number => batches.reduce((sum, { counts }) => sum + counts[name], 0);
    if (total("dead") > 0) faults.push(`${total("dead")} records are dead letters, and all that were sent are whole`);
    const stated = current("events").reduce((sum, part) => sum + part.rows, 0);
    if (stated !== total("stored")) faults.push(`the parts hold ${stated} rows as the manifest says, and the batches stored ${total("stored")}`);
    const [intake] = await rows<Counts>("SELECT coalesce(sum(read),0)::float8 AS read, coalesce(sum(stored),0)::float8 AS stored, coalesce(sum(duplicate),0)::float8 AS duplicate, coalesce(sum(dead),0)::float8 AS dead FROM intake_hours");
    for (const name of ["read", "stored", "duplicate", "dead"] as const) if (intake![name] !== total(name)) faults.push(`the sources say ${name} = ${intake![name]}, the batches ${total(name)}`);

    const numbers = await numbersIn(lake, current("events"));
    const events = numbers.reduce((sum, [, times]) => sum + times, 0);
    if (events !== stated) faults.push(`the parts hold ${events} events, and the manifest says ${stated}`);
    faults.push(...ledger.compare(numbers));

    const signals = await signalsIn(lake, current("signals"));
    const findings = await rows<{ rule: string; entity: string; count: number }>("SELECT rule_id AS rule, entity_key AS entity, sum(count)::float8 AS count FROM findings GROUP BY 1, 2");
    faults.push(...differences("findings", new Map(findings.map(({ rule, entity, count }) => [`${rule} ${entity}`, count])), signals));
    const volume = await rows<{ rule: string; count: number }>("SELECT rule, sum(signals)::float8 AS count FROM rule_hours GROUP BY 1");
    faults.push(...differences("the rules' volume", new Map(volume.map(({ rule, count }) => [rule, count])), byRule(signals)));
    const all = [...signals.values()].reduce((sum, count) => sum + count, 0);
    return { held: { numbers, events, signals: all, findings: findings.length, parts: parts.length, batches: batches.length }, faults };
  } finally {
    client.release(true);
    await database.close();
  }
}

function filesIn(lake: string): Set<string> {
  return new Set(["events", "signals", "dead"].flatMap((kind) => (existsSync(join(lake, kind)) ? readdirSync(join(lake, kind), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".parquet")).map((name) => join(kind, name)) : [])));
}

/** Files that nobody names, and that stay: what a merge writes has an intent before and is a part after it, and clean-up aborts an intent before it removes its files. */
async function orphans(lake: string, { pool }: Database): Promise<string[]> {
  for (const until = Date.now() + SETTLED_MS; ; await wait(50)) {
    const there = [...filesIn(lake)];
    const named = new Set((await pool.query<{ path: string }>(NAMED)).rows.map(({ path }) => path));
    const found = there.filter((path) => !named.has(path));
    if (found.length === 0) return [];
    if (Date.now() > until) return [`${found.length} files in the lake are named by nobody: ${found.slice(0, 3).join(", ")}`];
  }
}

/** Parts without a file. One that is replaced meanwhile keeps its file for longer than a look takes. */
function missing(there: ReadonlySet<string>, parts: readonly PartRow[]): string[] {
  const found = parts.filter(({ path, current }) => current && !there.has(path)).map(({ path }) => path);
  return found.length === 0 ? [] : [`${found.length} parts of the lake have no file: ${found.slice(0, 3).join(", ")}`];
}

/** Segments that were put aside: acknowledged, and not in the lake. */
function aside(data: string): string[] {
  const folder = join(data, "spool/quarantine");
  const found = existsSync(folder) ? readdirSync(folder) : [];
  return found.length === 0 ? [] : [`${found.length} segments were put aside: ${found.slice(0, 3).join(", ")}`];
}

async function numbersIn(lake: string, parts: readonly PartRow[]): Promise<[number, number][]> {
  const number = `coalesce(json_extract_string(raw_data, '$.n'), json_extract_string(raw_data, '$.additionalEventData.n'))`;
  const rows = await read(lake, parts, (from) => `SELECT coalesce(TRY_CAST(${number} AS INTEGER), -1), count(*)::INTEGER FROM ${from} GROUP BY 1`);
  return rows.map(([value, times]) => [Number(value), Number(times)]);
}

/** Signals by rule and entity. */
async function signalsIn(lake: string, parts: readonly PartRow[]): Promise<Map<string, number>> {
  const rows = await read(lake, parts, (from) => `SELECT rule_id, entity_key, count(*)::INTEGER FROM ${from} GROUP BY 1, 2`);
  return new Map(rows.map(([rule, entity, count]) => [`${String(rule)} ${String(entity)}`, Number(count)]));
}

async function read(lake: string, parts: readonly PartRow[], select: (from: string) => string): Promise<unknown[][]> {
  if (parts.length === 0) return [];
  const list = parts.map(({ path }) => `'${join(lake, path).replaceAll("'", "''")}'`).join(", ");
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(select(`read_parquet([${list}], union_by_name = true)`))).getRows();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function byRule(signals: ReadonlyMap<string, number>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, count] of signals) {
    const rule = key.slice(0, key.indexOf(" "));
    sums.set(rule, (sums.get(rule) ?? 0) + count);
  }
  return sums;
}

function differences(what: string, told: ReadonlyMap<string, number>, signals: ReadonlyMap<string, number>): string[] {
  const keys = new Set([...told.keys(), ...signals.keys()]);
  return [...keys].filter((key) => (told.get(key) ?? 0) !== (signals.get(key) ?? 0)).slice(0, 5).map((key) => `${what} count ${told.get(key) ?? 0} for ${key}, and the lake has ${signals.get(key) ?? 0} signals`);
}

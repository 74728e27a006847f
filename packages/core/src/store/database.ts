import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";
import type { Ctx } from "../kernel/index.ts";
import type { SocketAddress } from "./embedded/postgres.ts";
import { tellingNoData, withoutData } from "./failures.ts";

/** A database, or a transaction in it. */
export type Db = NodePgDatabase & { $client: pg.Pool };

/** A verb's context with the database of this product. */
export type DbCtx = Ctx<Db>;

/** A pool of connections, and the way to close it. */
export interface Database {
  db: Db;
  pool: pg.Pool;
  close(): Promise<void>;
}

/** A PostgreSQL by URL, or our own by its socket; `database` names the database in it. */
export type Address = { url: string } | (SocketAddress & { database: string });

const CONNECTIONS = 16;
const CONNECT_MS = 5_000;
/** The host of an idle connection, or of one that waits for an answer, is asked so soon whether it is there; Linux gives it up after another eleven minutes. */
const KEEPALIVE_MS = 10_000;
/**
 * A statement without an answer for so long fails: its server is there and does nothing. Far above the longest that there are: a step of a migration over a large table, and waiting for another process
 * that migrates. A backup asks for 500 rows at a time, and a rebuild writes a batch at a time.
 */
const ANSWER_MS = 3_600_000;
/** It may stand behind a statement that has no answer. The connection of one that fails is closed, which rolls back too. */
export const ROLLBACK: pg.QueryConfig & { query_timeout: number } = { text: "ROLLBACK", query_timeout: 30_000 };

/** Whole numbers of eight bytes stay exact up to 2^53, and are numbers; drizzle's own statements map their columns themselves. */
const EIGHT_BYTES = 20;
const types: pg.CustomTypesConfig = { getTypeParser: (id: number, format?: "text" | "binary") => (id === EIGHT_BYTES && format !== "binary" ? Number : pg.types.getTypeParser(id, format ?? "text")) };

/** Opens a pool; connects when first asked. */
export function openDatabase(address: Address): Database {
  const target = "url" in address ? { connectionString: address.url } : { host: address.host, user: address.user, password: address.password, database: address.database };
  const pool = new pg.Pool({ ...target, max: CONNECTIONS, connectionTimeoutMillis: CONNECT_MS, keepAlive: true, keepAliveInitialDelayMillis: KEEPALIVE_MS, query_timeout: ANSWER_MS, application_name: "corduroy", types });
  // A connection that breaks while nobody waits on it is replaced at the next use; whoever waits gets the error.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return { db: tellingNoData(drizzle(pool)), pool, close: () => pool.end() };
}

/** A transaction that is open: its connection, and what is to be done once it is over. */
interface Open {
  client: pg.PoolClient;
  afterwards: ((ctx: DbCtx) => Promise<void>)[];
}
const transactions = new WeakMap<Db, Open>();

/**
 * Runs `work` in a transaction: in the one of this context if it has one already, else in a new one, which is rolled back when `work` throws.
 * What it does is committed when the outermost call resolves.
 * @param config isolation of a new transaction; one that is joined keeps its own
 */
export async function inTransaction<T>(ctx: DbCtx, work: (ctx: DbCtx) => Promise<T>, config?: { isolationLevel: "repeatable read" }): Promise<T> {
  if (transactions.has(ctx.db)) return work(ctx);
  const client = await withoutData(ctx.db.$client.connect());
  const open: Open = { client, afterwards: [] };
  let failure: Error | undefined;
  try {
    await withoutData(client.query(config ? `BEGIN ISOLATION LEVEL ${config.isolationLevel}` : "BEGIN"));
    const db = tellingNoData(drizzle(client) as unknown as Db);
    transactions.set(db, open);
    const result = await work({ ...ctx, db });
    await withoutData(client.query("COMMIT"));
    return result;
  } catch (error) {
    // A connection that cannot even roll back is of no use to anybody.
    await client.query(ROLLBACK).catch((broken: Error) => (failure = broken));
    throw error;
  } finally {
    client.release(failure);
    for (const each of open.afterwards) await each(ctx);
  }
}

/**
 * Runs `work` outside this context's transaction, so that it stays when the transaction is rolled back: as soon as that is over, however it ends,
 * and before the outermost `inTransaction` settles; at once where there is none. It waits for the end instead of taking a second connection,
 * because sixteen refusals at once would then each hold one connection and wait for another.
 */
export async function afterTransaction(ctx: DbCtx, work: (ctx: DbCtx) => Promise<void>): Promise<void> {
  const open = transactions.get(ctx.db);
  if (open === undefined) return work(ctx);
  open.afterwards.push((outside) => work({ ...ctx, db: outside.db }));
}

/** Runs plain SQL where this context's statements run: for a library that writes its own. */
export async function execute(db: Db, text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
  return withoutData((transactions.get(db)?.client ?? db.$client).query(text, values));
}

import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { migrate as applyMigrations } from "drizzle-orm/node-postgres/migrator";
import { Unavailable } from "../kernel/index.ts";
import { execute, openDatabase, type Address, type Database, type Db } from "./database.ts";

/** Any number; processes that migrate the same database at once wait for each other on it. */
const MIGRATION_LOCK = 7_117_001;
const OLDEST = 15;

/**
 * Brings a database to this version's tables, all steps in one transaction.
 * @param folder of the migrations, as drizzle-kit writes it
 * @throws Unavailable for a database of a newer version or a PostgreSQL older than 15, and when a step fails: nothing has changed then
 */
export async function migrate({ db }: Database, folder: string): Promise<void> {
  const newest = Math.max(0, ...journalOf(folder).entries.map(({ when }) => when));
  const server = await db.execute<{ version: string }>(sql`SELECT current_setting('server_version_num') AS version`);
  const version = Math.trunc(Number(server.rows[0]?.version) / 10_000);
  if (version < OLDEST) throw new Unavailable(`This PostgreSQL is version ${version}; Corduroy needs ${OLDEST} or newer.`, { hint: "Name another server in DATABASE_URL, or leave it away to use the embedded one." });
  await db.transaction(async (tx) => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    const made = await tx.execute<{ there: boolean }>(sql`SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS there`);
    if (made.rows[0]?.there === true) {
      const applied = await tx.execute<{ newest: string | null }>(sql`SELECT max(created_at) AS newest FROM drizzle.__drizzle_migrations`);
      if (Number(applied.rows[0]?.newest ?? 0) > newest) throw new Unavailable("These data were written by a newer version of Corduroy.", { hint: "Start that version again, or restore a backup that this version has made." });
    }
    try {
      await applyMigrations(tx, { migrationsFolder: folder });
    } catch (error) {
      throw new Unavailable("The database could not be brought to this version, and was left as it was.", { hint: reason(error), cause: error });
    }
  });
}

interface Journal {
  entries: { when: number; tag: string }[];
}

function journalOf(folder: string): Journal {
  return JSON.parse(readFileSync(join(folder, "meta/_journal.json"), "utf8")) as Journal;
}

/** A step that a database has made: the time at which it was written (milliseconds since the epoch), and its digest. */
export interface AppliedMigration {
  at: number;
  hash: string;
}

/** The steps that this database has made, in their order. */
export async function appliedMigrations(db: Db): Promise<AppliedMigration[]> {
  const { rows } = await execute(db, "SELECT created_at AS at, hash FROM drizzle.__drizzle_migrations ORDER BY created_at", []);
  return (rows as { at: string; hash: string }[]).map(({ at, hash }) => ({ at: Number(at), hash }));
}

/**
 * Brings an empty database to the tables that another one had after these steps: what was dumped there fits in here.
 * @throws Unavailable when these are not the first steps of this program's own, or it fails
 */
export async function migrateTo(database: Database, folder: string, steps: readonly AppliedMigration[]): Promise<void> {
  const journal = journalOf(folder);
  const newest = Math.max(0, ...journal.entries.map(({ when }) => when));
  if (steps.some(({ at }) => at > newest)) throw new Unavailable("These data were written by a newer version of Corduroy.", { hint: "Restore them with that version." });
  if (steps.length === 0 || steps.some(({ at }, index) => journal.entries[index]?.when !== at)) throw new Unavailable("These data were written by a version of Corduroy that this one does not descend from.", { hint: "Restore them with that version." });
  const first = mkdtempSync(join(tmpdir(), "corduroy-migrations-"));
  try {
    mkdirSync(join(first, "meta"));
    const entries = journal.entries.slice(0, steps.length);
    writeFileSync(join(first, "meta/_journal.json"), JSON.stringify({ ...journal, entries }));
    for (const { tag } of entries) copyFileSync(join(folder, `${tag}.sql`), join(first, `${tag}.sql`));
    await migrate(database, first);
  } finally {
    rmSync(first, { recursive: true, force: true });
  }
}

function reason(error: unknown): string {
  let at = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  return at instanceof Error ? at.message : String(at);
}

/** Makes a database in a cluster of our own, unless it is there. */
export async function ensureDatabase(cluster: Extract<Address, { host: string }>): Promise<void> {
  const postgres = openDatabase({ ...cluster, database: "postgres" });
  try {
    const found = await postgres.pool.query("SELECT 1 FROM pg_database WHERE datname = $1", [cluster.database]);
    if (found.rowCount === 0) await postgres.pool.query(`CREATE DATABASE "${cluster.database.replaceAll('"', '""')}"`);
  } finally {
    await postgres.close();
  }
}

import { createReadStream } from "node:fs";
import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { createGunzip } from "node:zlib";
import { audit } from "@corduroy/core/identity";
import { Conflict, Invalid, NotFound, Unavailable } from "@corduroy/core/kernel";
import { digestOf, openServiceLake } from "@corduroy/core/lake";
import { loadTables, migrate, migrateTo, tablesOf, type Database, type DbCtx, type TableRows } from "@corduroy/core/store";
import { newDataFolder } from "../dataFolder.ts";
import { foreignStore, ownStore } from "./backedUpStore.ts";
import { openDepot, type Depot } from "./depot.ts";
import { openedKeys, writeKeys, type OpenedKeys } from "./keys.ts";
import { latestManifest, MANIFESTS, objectName, openManifest, type BackupManifest, type StoredFile } from "./manifest.ts";

export interface RestoreOptions {
  /** A folder, or `s3://bucket/prefix`, with backups in it. */
  place: string;
  /** The name of a backup, as `backUp` gave it; null for the latest. */
  backup: string | null;
  /** A data folder to be made. */
  data: string;
  /** An empty database of somebody else's; null for our own. */
  databaseUrl: string | null;
  passphrase: string | null;
  /** Restore without the keys that the backup has. */
  withoutKeys: boolean;
  migrations: string;
}

/** What was restored. */
export interface RestoreReport {
  /** When the backup was made. */
  at: string;
  version: string;
  rows: number;
  parts: number;
  keys: boolean;
}

/**
 * Makes a data folder out of a backup of a place, the latest one unless it is named. Everything is checked against its digest, and the folder can be started only once it is whole.
 * @throws NotFound where there is no backup; Conflict for a folder or database that is not empty; Unavailable for a damaged backup, or one of a newer version; Forbidden for another passphrase
 */
export async function restore({ place, backup, data, databaseUrl, passphrase, withoutKeys, migrations }: RestoreOptions): Promise<RestoreReport> {
  const depot = await openDepot(place);
  const folder = await newDataFolder(resolve(data));
  try {
    const manifest = await manifestIn(depot, place, backup, folder.path);
    const keys = await keysOf(depot, manifest, folder.path, withoutKeys, passphrase);
    await writeKeys(folder.secrets, keys ?? new Map());
    const store = databaseUrl === null ? await ownStore({ folder: join(folder.path, "postgres"), passwordFile: join(folder.secrets, "postgres") }, async () => undefined) : foreignStore(databaseUrl);
    try {
      await restoreAll(depot, manifest, folder.path, store.database, migrations);
    } finally {
      await store.close();
    }
    await folder.finish();
    return { at: manifest.at, version: manifest.version, rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0), parts: manifest.parts.length, keys: keys !== null };
  } finally {
    await folder.lock.release();
  }
}

async function restoreAll(depot: Depot, manifest: BackupManifest, folder: string, database: Database, migrations: string): Promise<void> {
  if ((await tablesOf(database.db)).length > 0) throw new Conflict("The database in DATABASE_URL is not empty.", { hint: "Name a new database, or leave DATABASE_URL away to use the embedded one." });
  await migrateTo(database, migrations, manifest.migrations);
  const loaded = await loadTables(database, tables(depot, manifest, folder));
  for (const { name, rows } of manifest.tables) if (loaded.get(name) !== rows) throw damaged(`The table ${name} has ${loaded.get(name) ?? 0} rows instead of ${rows}.`);
  await migrate(database, migrations);
  const ctx: DbCtx = { actor: { kind: "system", name: "restore" }, db: database.db, now: () => new Date(), address: null, allows: () => true };
  const lake = await openServiceLake(ctx, join(folder, "lake"));
  await lake.manifest.close();
  for (const { path, ...stored } of manifest.parts) await fetched(depot, stored, join(lake.folder, path));
  for (const { path, ...stored } of manifest.spool) await fetched(depot, stored, join(folder, "spool", path));
  await audit(ctx, { action: "backup.run", resource: { type: "Backup", id: manifest.at }, detail: { verb: "restore", madeBy: manifest.version } });
}

async function manifestIn(depot: Depot, place: string, backup: string | null, folder: string): Promise<BackupManifest> {
  const names = await depot.list(MANIFESTS);
  const name = backup === null ? latestManifest(names) : names.find((each) => each === backup);
  if (name === undefined) throw new NotFound(backup === null ? `There is no backup in ${place}.` : `There is no backup ${backup} in ${place}.`, { hint: backup === null ? "Name the place that was given to corduroy backup." : `Name one of the files in its folder ${MANIFESTS} as corduroy backup wrote it: ${MANIFESTS}20261118T090000000Z-….json` });
  const path = join(folder, "backup.json");
  await depot.get(name, path);
  const manifest = openManifest(name, await readFile(path, "utf8"));
  await rm(path);
  return manifest;
}

async function keysOf(depot: Depot, { keys }: BackupManifest, folder: string, without: boolean, passphrase: string | null): Promise<OpenedKeys | null> {
  if (keys === null || without) return null;
  if (passphrase === null) throw new Invalid("The keys of this backup need their passphrase.", { hint: "Give it in CORDUROY_BACKUP_PASSPHRASE, or restore with --without-keys: then authenticator apps must be set up again, and the audit's seals cannot be checked." });
  const path = join(folder, "keys.age");
  await fetched(depot, keys, path);
  const opened = await openedKeys(await readFile(path), passphrase);
  await rm(path);
  return opened;
}

async function* tables(depot: Depot, manifest: BackupManifest, folder: string): AsyncGenerator<TableRows> {
  for (const { name, ...stored } of manifest.tables) {
    const path = join(folder, `${name}.ndjson.gz`);
    await fetched(depot, stored, path);
    yield { table: name, lines: linesOf(path) };
    await rm(path);
  }
}

/** Lines of a gzipped file. Node's `readline` would also break them at U+2028, which may stand in a text. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const gunzip = createGunzip();
  let rest = "";
  for await (const piece of createReadStream(path).on("error", (error) => gunzip.destroy(error)).pipe(gunzip).setEncoding("utf8") as AsyncIterable<string>) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

/** Fetches a stored file to its place and compares it with its digest. @throws Unavailable when it is another */
async function fetched(depot: Depot, { digest, bytes }: StoredFile, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await depot.get(objectName(digest), path);
  if ((await stat(path)).size !== bytes || (await digestOf(path)) !== digest) throw damaged(`${objectName(digest)} is not what was stored.`);
}

function damaged(what: string): Unavailable {
  return new Unavailable(`The backup is damaged: ${what}`, { hint: "Restore from another copy of it, into a new folder." });
}

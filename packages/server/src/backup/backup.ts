import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { audit } from "@corduroy/core/identity";
import { NotFound, Unavailable } from "@corduroy/core/kernel";
import { currentParts, digestOf, isCode, type Part } from "@corduroy/core/lake";
import { appliedMigrations, inTransaction, type DbCtx } from "@corduroy/core/store";
import { markerOf } from "../dataFolder.ts";
import { storeOf } from "./backedUpStore.ts";
import { openDepot } from "./depot.ts";
import { dump } from "./dump.ts";
import { sealedKeys } from "./keys.ts";
import { MANIFESTS, sealedManifest, type BackupManifest, type StoredFile } from "./manifest.ts";
import { Sender } from "./sender.ts";
import { sendSpool } from "./sendSpool.ts";
import { inWorkFolder } from "./workFolder.ts";

export interface BackupOptions {
  /** The data folder of a service, which may be running. */
  data: string;
  databaseUrl: string | null;
  /** A folder, or `s3://bucket/prefix`. */
  place: string;
  /** Encrypts the keys; null to leave them out. */
  passphrase: string | null;
  version: string;
}

/** What a backup holds, and what of it was new. */
export interface BackupReport {
  name: string;
  rows: number;
  parts: number;
  bytes: number;
  /** Bytes that were not there from an earlier backup. */
  sent: number;
  keys: boolean;
}

/** Parts that others replace during a backup stay for ten minutes; a longer backup begins again with what is there now, and has most of it already. */
const PASSES = 5;

/**
 * Copies everything that a service needs to be there again: what was received before the backup began is in it. The service may go on.
 *
 * The order matters. What waits in the spool comes first, then one snapshot of the database: so a body that is taken into the lake in between is in both, and counted
 * once when it is restored, but never in neither. The manifest comes last: without it there is no backup.
 * @throws NotFound where there are no data; Unavailable when a part is damaged, or the place does not take it
 */
export async function backUp({ data, databaseUrl, place, passphrase, version }: BackupOptions): Promise<BackupReport> {
  const folder = resolve(data);
  if (markerOf(folder) === null) throw new NotFound(`${folder} is no data folder of Corduroy.`, { hint: "Name it with --data." });
  const depot = await openDepot(place);
  return inWorkFolder(join(folder, "work"), async (temporary) => {
    const store = await storeOf(folder, databaseUrl);
    const sender = new Sender(depot);
    try {
      const ctx: DbCtx = { actor: { kind: "system", name: "backup" }, db: store.database.db, now: () => new Date(), address: null, allows: () => true };
      const at = ctx.now().toISOString();
      await audit(ctx, { action: "backup.run", resource: { type: "Backup", id: at }, detail: { verb: "back up", keys: passphrase !== null } });
      const spool = await sendSpool(sender, join(folder, "spool"), temporary);
      const keys = passphrase === null ? null : await sendKeys(sender, join(folder, "secrets"), passphrase, temporary);
      const { parts, ...database } = await sendLake(ctx, sender, join(folder, "lake"), temporary);
      const { name, text } = sealedManifest({ format: 1, version, at, ...database, parts, spool, keys }, await depot.list(MANIFESTS));
      await writeFile(join(temporary, "manifest.json"), text);
      await depot.put(name, join(temporary, "manifest.json"), await digestOf(join(temporary, "manifest.json")));
      return { name, rows: database.tables.reduce((sum, { rows }) => sum + rows, 0), parts: parts.length, bytes: sender.bytes, sent: sender.sent, keys: keys !== null };
    } finally {
      await store.close();
    }
  });
}

async function sendKeys(sender: Sender, folder: string, passphrase: string, temporary: string): Promise<StoredFile> {
  const path = join(temporary, "keys.age");
  await writeFile(path, await sealedKeys(folder, passphrase), { mode: 0o600 });
  return sender.send(path);
}

async function sendLake(ctx: DbCtx, sender: Sender, lake: string, temporary: string): Promise<Pick<BackupManifest, "migrations" | "tables" | "parts">> {
  for (let left = PASSES; ; left--) {
    const { migrations, files, parts } = await inTransaction(ctx, async ({ db }) => ({ migrations: await appliedMigrations(db), files: await dump(db, temporary), parts: await currentParts(db) }), { isolationLevel: "repeatable read" });
    try {
      const sent = await sendParts(sender, lake, parts);
      const tables: BackupManifest["tables"] = [];
      for (const { name, rows, path } of files) tables.push({ name, rows, ...(await sender.send(path)) });
      return { migrations, tables, parts: sent };
    } catch (error) {
      if (!(error instanceof Replaced) || left === 1) throw error;
    }
  }
}

/** A part was replaced while its turn had not come. */
class Replaced extends Unavailable {}

async function sendParts(sender: Sender, lake: string, parts: readonly Part[]): Promise<BackupManifest["parts"]> {
  const sent: BackupManifest["parts"] = [];
  for (const { path, digest } of parts) {
    try {
      sent.push({ path, ...(await sender.send(join(lake, path), digest)) });
    } catch (error) {
      if (isCode(error, "ENOENT")) throw new Replaced(`The part ${path} is not there.`, { hint: "If it was not replaced while the backup was made, it is lost: look at the disk of the data folder.", cause: error });
      throw error;
    }
  }
  return sent;
}

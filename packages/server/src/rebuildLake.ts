import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { audit } from "@corduroy/core/identity";
import { NotFound } from "@corduroy/core/kernel";
import { rebuildManifest, type Rebuilt } from "@corduroy/core/lake";
import { migrate, type DbCtx } from "@corduroy/core/store";
import { foreignStore, ownStore } from "./backup/backedUpStore.ts";
import { markerOf, openDataFolder } from "./dataFolder.ts";

export interface RebuildLakeOptions {
  /** The data folder of a service that does not run. */
  data: string;
  /** A PostgreSQL of somebody else's; null for our own. */
  databaseUrl: string | null;
  migrations: string;
  /** Told how many files were read so far. */
  onProgress: (files: number) => void;
}

/** What was made anew, and of what. */
export interface RebuildReport extends Rebuilt {
  /** Segments that were received and are not in the lake; the next start takes those of the spool in. */
  segments: { spool: number; quarantine: number };
}

/**
 * Makes the manifest of a lake anew whose database is lost, under the lock of its data folder. The database may be missing: then it is made.
 * @throws NotFound for what is no data folder; Conflict while a service runs on it, and where the database knows a lake already
 */
export async function rebuildLake({ data, databaseUrl, migrations, onProgress }: RebuildLakeOptions): Promise<RebuildReport> {
  const marker = markerOf(resolve(data));
  if (marker === null) throw new NotFound(`${resolve(data)} is not a data folder of Corduroy.`, { hint: "Name the folder of the service with --data." });
  const folder = await openDataFolder(data, { demo: marker.demo === true });
  try {
    const place = { folder: join(folder.path, "postgres"), passwordFile: join(folder.secrets, "postgres") };
    const store = databaseUrl === null ? await ownStore(place, async () => undefined) : foreignStore(databaseUrl);
    try {
      await migrate(store.database, migrations);
      const ctx: DbCtx = { actor: { kind: "system", name: "rebuild" }, db: store.database.db, now: () => new Date(), address: null, allows: () => true };
      const [spool, quarantine] = await Promise.all(["spool", "spool/quarantine"].map((each) => segmentsIn(join(folder.path, each))));
      const rebuilt = await rebuildManifest(ctx, join(folder.path, "lake"), { spoolSegments: [...spool!, ...quarantine!], onProgress });
      await audit(ctx, { action: "lake.maintain", resource: { type: "Lake", id: "parts" }, detail: { verb: "rebuild", parts: rebuilt.parts, batches: rebuilt.batches, problems: rebuilt.problems.length } });
      return { ...rebuilt, segments: { spool: spool!.length, quarantine: quarantine!.length } };
    } finally {
      await store.close();
    }
  } finally {
    await folder.lock.release();
  }
}

/** Ids of the segments in a folder, which may be missing. */
async function segmentsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(".seg")).map((name) => name.slice(0, -".seg".length));
}

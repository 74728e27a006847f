import { realpath, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Db, DbCtx } from "../store/index.ts";
import { digestOf } from "./digest.ts";
import { durableFolders } from "./durable.ts";
import { checkMarker, createLake, placing, type Lake, type Snapshot } from "./lake.ts";
import { currentParts, openPostgresManifest, type ServiceManifest } from "./postgres-manifest.ts";
import { closeToOthers } from "./reader.ts";

/** The lake of a service, held for writing as long as the service holds its data folder. */
export interface ServiceLake extends Omit<Lake, "manifest" | "close" | "finishPart"> {
  readonly manifest: ServiceManifest;
  /** Like `finishPart` of any lake. @returns the digest of the file */
  finishPart(temporary: string, path: string): Promise<string>;
}

/**
 * Opens the lake of a service, whose manifest is in PostgreSQL; makes it when the folder is missing or empty.
 * Whoever calls holds the lock of the data folder around it.
 */
export async function openServiceLake(ctx: DbCtx, folder: string): Promise<ServiceLake> {
  await createLake(resolve(folder));
  await checkMarker(folder);
  const home = await realpath(folder);
  await closeToOthers(home);
  const staging = join(home, "staging");
  const ensureFolder = durableFolders(home);
  await rm(staging, { recursive: true, force: true });
  await ensureFolder(staging);
  const { newPartPath, finishPart } = placing(home, ensureFolder);
  return {
    folder: home,
    staging,
    manifest: await openPostgresManifest(ctx, home),
    newPartPath,
    finishPart: async (temporary, path) => {
      const digest = await digestOf(temporary);
      await finishPart(temporary, path);
      return digest;
    },
  };
}

/** The parts that are in the lake of a service at this moment. Their files stay for ten minutes after others have taken their place. */
export async function serviceSnapshot(db: Db, { folder }: Pick<ServiceLake, "folder">): Promise<Snapshot> {
  return { folder, parts: await currentParts(db) };
}

import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { NotFound, Unavailable } from "@corduroy/core/kernel";
import { digestOf, durableFolders, isCode, syncFolder } from "@corduroy/core/lake";
import type { Depot } from "./depot.ts";

/** Backups in a folder, which is made with the first one. */
export function folderDepot(place: string): Depot {
  const root = resolve(place);
  const ensureFolder = durableFolders(dirname(root));
  return {
    has: async (name, bytes) => (await stat(join(root, name)).catch(() => null))?.size === bytes,
    put: async (name, path, digest) => {
      await mkdir(dirname(root), { recursive: true });
      const final = join(root, name);
      await ensureFolder(dirname(final));
      const temporary = join(root, `${randomUUID()}.tmp`);
      try {
        await copyDurably(path, temporary);
        if ((await digestOf(temporary)) !== digest) throw new Unavailable(`What was written to ${place} is not what ${path} was.`, { hint: "Run the backup again; if this goes on, look at the disks of both." });
        await rename(temporary, final);
        await syncFolder(dirname(final));
      } finally {
        await rm(temporary, { force: true });
      }
    },
    get: async (name, path) => {
      try {
        await copyDurably(join(root, name), path);
      } catch (error) {
        if (isCode(error, "ENOENT")) throw new NotFound(`${name} is missing in ${place}.`, { cause: error });
        throw error;
      }
    },
    list: async (folder) => {
      try {
        return (await readdir(join(root, folder))).map((name) => `${folder}${name}`);
      } catch (error) {
        if (isCode(error, "ENOENT")) return [];
        throw error;
      }
    },
  };
}

async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL);
  const file = await open(to, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

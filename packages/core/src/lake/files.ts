import { opendir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { isCode } from "./durable.ts";
import { PART_KINDS } from "./manifest.ts";

/** Paths, relative to the lake, of all that lies where parts stand: also of what is no part. */
export async function* partFiles(home: string): AsyncGenerator<string> {
  for (const kind of PART_KINDS) for await (const path of filesBelow(join(home, kind))) yield relative(home, path).split(sep).join("/");
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  const entries = await opendir(folder).catch((error: unknown) => (isCode(error, "ENOENT") ? null : Promise.reject(error)));
  if (entries === null) return;
  for await (const entry of entries) {
    if (entry.isDirectory()) yield* filesBelow(join(folder, entry.name));
    else yield join(folder, entry.name);
  }
}

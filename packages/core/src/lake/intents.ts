import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Unavailable } from "../kernel/index.ts";
import { createFile, isCode, removeFiles, syncFolder } from "./durable.ts";
import { checkBatchId, checkPartPath } from "./names.ts";

/** Says which files a batch may leave behind. */
export interface Intent {
  id: string;
  paths: string[];
}

const SUFFIX = ".json";

/** Writes an intent; durable when it resolves. @returns false if this id has one already. */
export async function writeIntent(folder: string, intent: Intent): Promise<boolean> {
  const created = await createFile(pathOf(folder, intent.id), `${JSON.stringify(intent)}\n`);
  if (created) await syncFolder(folder);
  return created;
}

/** The intent of a batch, or undefined. */
export async function readIntent(folder: string, id: string): Promise<Intent | undefined> {
  const path = pathOf(folder, id);
  try {
    const intent = JSON.parse(await readFile(path, "utf8")) as Intent;
    for (const part of intent.paths) checkPartPath(part);
    return { id, paths: intent.paths };
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw new Unavailable(`${path} cannot be read, so nobody can tell which files its batch has left.`, {
      hint: "Restore it, or delete it: files that no batch names are then left in the lake, unseen.",
      cause: error,
    });
  }
}

/** Forgets an intent; another writer may have done so before. */
export async function removeIntent(folder: string, id: string): Promise<void> {
  await removeFiles([pathOf(folder, id)]);
}

/** Ids of all intents. */
export async function intentIds(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
}

function pathOf(folder: string, id: string): string {
  checkBatchId(id);
  return join(folder, `${id}${SUFFIX}`);
}

import { randomBytes } from "node:crypto";
import { link, mkdir, open, rename, unlink } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";

/** How the names of our half-written small files end; such a file may be removed by whoever holds the lock. */
export const TEMPORARY = ".tmp";

/** Whether an error of `node:fs` carries this code. */
export function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);
}

/** Brings the content of a file to the disk. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Brings the names in a folder to the disk. Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Gives a small file its whole content and its name in one step, if the name is free. A rename would silently replace a file
 * that another process has just put there; a hard link fails instead.
 * @returns false if the name was taken. The content is on the disk when it resolves; the name only after `syncFolder`.
 */
export async function createFile(path: string, text: string): Promise<boolean> {
  const temporary = await writeTemporary(path, text);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await unlink(temporary);
  }
}

/** Gives a small file new content in one step, whether it existed or not. Durable when it resolves. @param mode of the file, before the umask */
export async function replaceFile(path: string, content: string | Uint8Array | Iterable<string>, mode = 0o666): Promise<void> {
  await rename(await writeTemporary(path, content, mode), path);
  await syncFolder(dirname(path));
}

async function writeTemporary(path: string, content: string | Uint8Array | Iterable<string>, mode = 0o666): Promise<string> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}${TEMPORARY}`;
  const file = await open(temporary, "wx", mode);
  try {
    for (const piece of typeof content === "string" || content instanceof Uint8Array ? [content] : content) await file.writeFile(piece);
    await file.sync();
  } catch (error) {
    await unlink(temporary);
    throw error;
  } finally {
    await file.close();
  }
  return temporary;
}

/** Removes files, those that are gone already included. Durable when it resolves. */
export async function removeFiles(paths: readonly string[]): Promise<void> {
  const folders = new Set<string>();
  for (const path of paths) {
    try {
      await unlink(path);
      folders.add(dirname(path));
    } catch (error) {
      if (!isCode(error, "ENOENT", "ENOTDIR")) throw error;
    }
  }
  for (const folder of folders) await syncFolder(folder);
}

/**
 * Makes folders below `root`, each name durable in its parent. A folder that is there already may have been made a moment ago by
 * a concurrent call that has not synced yet, so every parent is synced once in the life of the returned function.
 */
export function durableFolders(root: string): (folder: string) => Promise<void> {
  const made = new Map<string, Promise<void>>();
  const make = async (folder: string): Promise<void> => {
    const parent = dirname(folder);
    await ensure(parent);
    await mkdir(folder, { recursive: true });
    await syncFolder(parent);
  };
  const ensure = (folder: string): Promise<void> => {
    const below = relative(root, folder);
    if (below === "" || below.split(sep)[0] === "..") return Promise.resolve();
    let promise = made.get(folder);
    if (promise === undefined) {
      promise = make(folder);
      made.set(folder, promise);
      promise.catch(() => made.delete(folder));
    }
    return promise;
  };
  return ensure;
}

/** Moves a written and closed file to its final place: content first, then the folders, then the name. Durable when it resolves. */
export async function moveIntoPlace(temporary: string, root: string, path: string, ensureFolder: (folder: string) => Promise<void>): Promise<void> {
  const final = join(root, path);
  await syncFile(temporary);
  await ensureFolder(dirname(final));
  await rename(temporary, final);
  await syncFolder(dirname(final));
}

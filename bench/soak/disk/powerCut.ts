import { closeSync, existsSync, ftruncateSync, linkSync, lstatSync, openSync, rmSync, writeSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join, relative } from "node:path";
import type { Random } from "../../service/random.ts";
import { idOf, isForeign, namesIn, type Disk, type Durable, type Id } from "./disk.ts";

/** What a disk makes of everything that it was never told to keep. POSIX promises nothing about it, so each of these may happen. Paths are relative to the data folder. */
export interface Luck {
  /** A name that was made, and whose folder was not synced since. */
  newNames: (path: string) => "kept" | "lost";
  /** A name that was taken away, or now leads to another file, and whose folder was not synced since. */
  oldNames: () => "back" | "gone";
  /** What was written into a file after its last sync. */
  tails: () => "kept" | "cut" | "partly" | "zeros" | "garbage";
}

/** Everything goes wrong that may. */
export const WORST: Luck = { newNames: () => "lost", oldNames: () => "back", tails: () => "garbage" };
/** Names were written at once, content was not: what a file system does that orders nothing. */
export const NAMES_FIRST: Luck = { newNames: () => "kept", oldNames: () => "gone", tails: () => "garbage" };

/** Names were written at once but for these. */
export const allNamesBut = (...lost: readonly string[]): Luck => ({ newNames: (path) => (lost.includes(path) ? "lost" : "kept"), oldNames: () => "gone", tails: () => "kept" });

/** Each file and name has luck of its own. */
export function chance(random: Random): Luck {
  return {
    newNames: () => random.pick(["kept", "lost"]),
    oldNames: () => random.pick(["back", "gone"]),
    tails: () => random.pick(["kept", "cut", "partly", "zeros", "garbage"]),
  };
}

/**
 * Makes of the data what a disk may hold after a power cut at this moment. All processes that use them have ended.
 *
 * What was synced stays: a file's content up to its size at its last fsync or fdatasync, a folder's names as at its last fsync. Luck decides
 * about the rest, name by name and file by file, whatever the order in which it was done.
 */
export function cutPower(disk: Disk, luck: Luck, random: Random): void {
  const durable = disk.durable();
  const done = new Set<Id>();
  const visit = (folder: string, id: Id): void => {
    settleNames(disk, folder, durable.names.get(id) ?? new Map(), luck);
    for (const [name, child] of namesIn(folder)) {
      const path = join(folder, name);
      if (isForeign(disk.root, path)) continue;
      const stat = lstatSync(path);
      if (stat.isDirectory()) visit(path, child);
      if (!stat.isFile() || done.has(child)) continue;
      done.add(child);
      settleContent(path, durable, child, luck, random);
    }
  };
  visit(disk.root, idOf(disk.root));
  disk.settle();
}

function settleNames(disk: Disk, folder: string, before: ReadonlyMap<string, Id>, luck: Luck): void {
  const now = namesIn(folder);
  for (const name of [...new Set([...before.keys(), ...now.keys()])].sort()) {
    const path = join(folder, name);
    const was = before.get(name);
    if (was === now.get(name) || isForeign(disk.root, path)) continue;
    // A folder that was removed is not brought back: nobody reads an empty one.
    const old = was !== undefined && existsSync(join(disk.grave, was)) ? join(disk.grave, was) : null;
    const goesBack = now.has(name) ? (was === undefined ? luck.newNames(relative(disk.root, path)) === "lost" : luck.oldNames() === "back") : old !== null && luck.oldNames() === "back";
    if (!goesBack) continue;
    rmSync(path, { recursive: true, force: true });
    if (old !== null) linkSync(old, path);
  }
}

function settleContent(path: string, { sizes }: Durable, id: Id, luck: Luck, random: Random): void {
  const sure = sizes.get(id) ?? 0;
  const { size } = lstatSync(path);
  if (size <= sure) return;
  const fate = luck.tails();
  if (fate === "kept") return;
  const file = openSync(path, "r+");
  try {
    const left = fate === "partly" ? random.between(sure, size) : fate === "cut" ? sure : size;
    ftruncateSync(file, fate === "zeros" ? sure : left);
    if (fate === "zeros") ftruncateSync(file, size);
    if (fate === "garbage") for (let at = sure; at < size; at += CHUNK) writeSync(file, randomBytes(Math.min(CHUNK, size - at)), 0, null, at);
  } finally {
    closeSync(file);
  }
}

const CHUNK = 1 << 20;

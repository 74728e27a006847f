import { access, mkdir, readdir, readFile, realpath, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Conflict, Forbidden, NotFound, Unavailable } from "../kernel/index.ts";
import { openDirectoryManifest } from "./directory-manifest.ts";
import { createFile, durableFolders, isCode, moveIntoPlace, syncFolder } from "./durable.ts";
import { takeLock } from "./lock.ts";
import { lastEntry, readEntries } from "./log.ts";
import type { Manifest, Part, PartKind } from "./manifest.ts";
import { checkPartPath, newPartPath } from "./names.ts";

/** A lake held for writing. */
export interface Lake {
  /** Absolute, symbolic links resolved. */
  readonly folder: string;
  /** Absolute path of a folder inside the lake for half-written files; emptied whenever a writer opens the lake. */
  readonly staging: string;
  readonly manifest: Manifest;
  /** A path for a new part, relative to the lake, never used before. `source` is ignored for signals and dead letters. */
  newPartPath(kind: PartKind, source: string, day: string): string;
  /**
   * Puts a written and closed file from `staging` into its place; durable when it resolves.
   * @param temporary absolute path of the file.
   * @param path relative path, as given to `manifest.begin`.
   */
  finishPart(temporary: string, path: string): Promise<void>;
  /** Waits for commits under way and lets go of the lock. */
  close(): Promise<void>;
}

/** The parts that were committed at one moment. */
export interface Snapshot {
  /** Absolute, symbolic links resolved. */
  folder: string;
  parts: Part[];
}

/** Says that a folder is a lake, and how to read it. A program refuses a version above its own. */
const MARKER = "lake.json";
const FORMAT = "corduroy-lake";
const VERSION = 1;

/**
 * Opens a lake for writing, alone, and ends what writers that died have left behind.
 * @param options.create make the lake if the folder is missing or empty.
 * @throws NotFound if there is no lake (and `create` is off), Conflict if the folder holds other things or another process writes to
 *   the lake, Forbidden without the right to write there, Unavailable for a lake of a newer or damaged format.
 */
export async function openLake(folder: string, options: { create: boolean }): Promise<Lake> {
  try {
    if (options.create) await createLake(resolve(folder));
    await checkMarker(folder);
    return await openChecked(await realpath(folder));
  } catch (error) {
    if (!isCode(error, "EACCES", "EPERM", "EROFS")) throw error;
    throw new Forbidden(`This user may not write in the lake ${folder}.`, { cause: error });
  }
}

/**
 * Reads which parts are committed at this moment. Takes no lock and disturbs nobody; whatever a writer does meanwhile, the answer
 * is one consistent state, and its files stay.
 * @throws NotFound if the folder is not a lake, Unavailable for a lake of a newer or damaged format.
 */
export async function readLake(folder: string): Promise<Snapshot> {
  await checkMarker(folder);
  const home = await realpath(folder);
  const { log } = foldersOf(home);
  const parts: Part[] = [];
  const entries = await lastEntry(log).catch((error: unknown) => (isCode(error, "ENOENT") ? 0 : Promise.reject(error)));
  for await (const entry of readEntries(log, 1, entries)) if ("commit" in entry) parts.push(...entry.commit.parts);
  return { folder: home, parts };
}

/** How parts get their names and places, whatever the manifest. */
export function placing(home: string, ensureFolder: (folder: string) => Promise<void>): Pick<Lake, "newPartPath" | "finishPart"> {
  return {
    newPartPath: (kind, source, day) => newPartPath(kind, source, day, new Date()),
    finishPart: async (temporary, path) => {
      checkPartPath(path);
      await moveIntoPlace(temporary, home, path, ensureFolder);
    },
  };
}

async function openChecked(home: string): Promise<Lake> {
  const lock = await takeLock(join(home, "lock"));
  try {
    const folders = foldersOf(home);
    const staging = join(home, "staging");
    const ensureFolder = durableFolders(home);
    await rm(staging, { recursive: true, force: true });
    for (const path of [staging, folders.intents]) await ensureFolder(path);
    const manifest = await openDirectoryManifest(folders, () => lock.isHeld());
    return {
      folder: home,
      staging,
      manifest,
      ...placing(home, ensureFolder),
      close: async () => {
        await manifest.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function foldersOf(home: string): { lake: string; log: string; intents: string } {
  return { lake: home, log: join(home, "manifest"), intents: join(home, "manifest", "intents") };
}

/** Puts the marker into a missing or empty folder. Any number of processes may do so at once. */
export async function createLake(folder: string): Promise<void> {
  const firstMade = await mkdir(folder, { recursive: true });
  if (firstMade !== undefined) for (let made = folder; made !== dirname(firstMade); made = dirname(made)) await syncFolder(dirname(made));
  const others = (await readdir(folder)).filter((name) => !name.startsWith(MARKER));
  // Looked for after the listing: a lake made meanwhile shows its other files only when its marker is there.
  if (await exists(join(folder, MARKER))) return await syncFolder(folder);
  if (others.length > 0) {
    throw new Conflict(`${folder} holds other files and is not a lake.`, { hint: "Name a new or empty folder." });
  }
  await createFile(join(folder, MARKER), `${JSON.stringify({ format: FORMAT, version: VERSION })}\n`);
  await syncFolder(folder);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

export async function checkMarker(folder: string): Promise<void> {
  const marker = await readMarker(folder);
  if (marker.version === VERSION) return;
  throw new Unavailable(`The lake ${folder} has format version ${String(marker.version)}; this program knows version ${VERSION}.`, { hint: "Use a newer Corduroy." });
}

async function readMarker(folder: string): Promise<{ version?: unknown }> {
  const notALake = (cause: unknown) => new NotFound(`There is no lake in ${folder}.`, { hint: "A lake is a folder made by corduroy scan --keep.", cause });
  try {
    const marker = JSON.parse(await readFile(join(folder, MARKER), "utf8")) as { format?: unknown; version?: unknown } | null;
    if (marker?.format === FORMAT) return marker;
  } catch (error) {
    if (!isCode(error, "ENOENT", "ENOTDIR") && !(error instanceof SyntaxError)) throw error;
    throw notALake(error);
  }
  throw notALake(undefined);
}

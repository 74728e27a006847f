import { readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { durableFolders, isCode, replaceFile, syncFolder } from "../../lake/index.ts";
import { decodeFrames } from "./frame.ts";

/** Why a segment was put aside; lies beside it. */
const Note = z.object({ at: z.iso.datetime(), reason: z.string(), sources: z.array(z.string()) });

/** A segment that was put aside, since workers die of it: received, and not in the lake. */
export interface Quarantined {
  id: string;
  path: string;
  at: Date;
  reason: string;
  /** Sources of the bodies in it, as their senders named them. */
  sources: string[];
  bytes: number;
}

const NAME = /^([A-Za-z0-9][A-Za-z0-9_-]{0,99})\.seg$/;

/** Moves a closed segment out of the spool, bytes and all, with a note of the reason. Durable when it resolves. */
export async function intoQuarantine(path: string, reason: string, at: Date): Promise<void> {
  const spool = dirname(path);
  const folder = folderIn(spool);
  await durableFolders(spool)(folder);
  const sources = new Set<string>();
  for (const frame of decodeFrames(await readFile(path))) if ("header" in frame) sources.add(frame.header.source);
  await replaceFile(noteOf(join(folder, basename(path))), JSON.stringify({ at: at.toISOString(), reason, sources: [...sources] } satisfies z.input<typeof Note>), 0o600);
  await moved(path, folder);
}

/**
 * Moves a segment back into the spool.
 * @param id one of `quarantined`
 * @returns its path there
 */
export async function outOfQuarantine(spool: string, id: string): Promise<string> {
  const path = join(folderIn(spool), `${id}.seg`);
  await moved(path, spool);
  await rm(noteOf(path), { force: true });
  return join(spool, basename(path));
}

/** What is in quarantine, the oldest first. */
export async function quarantined(spool: string): Promise<Quarantined[]> {
  const found: Quarantined[] = [];
  for (const name of (await namesIn(folderIn(spool))).toSorted()) {
    const [, id] = NAME.exec(name) ?? [];
    if (id === undefined) continue;
    const path = join(folderIn(spool), name);
    const { size, mtime } = await stat(path);
    // Restored from a backup, it has no note.
    const note = Note.safeParse(await readFile(noteOf(path), "utf8").then((text): unknown => JSON.parse(text)).catch(() => null));
    found.push(note.success ? { ...note.data, id, path, bytes: size, at: new Date(note.data.at) } : { id, path, bytes: size, at: mtime, reason: "Nobody knows any more.", sources: [] });
  }
  return found;
}

/** The new name first: a power cut may leave two names, and never none. */
async function moved(path: string, folder: string): Promise<void> {
  await rename(path, join(folder, basename(path)));
  for (const each of [folder, dirname(path)]) await syncFolder(each);
}

function folderIn(spool: string): string {
  return join(spool, "quarantine");
}

function noteOf(path: string): string {
  return path.replace(/\.seg$/, ".json");
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isCode(error, "ENOENT")) return [];
    throw error;
  }
}

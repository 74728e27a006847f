import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Unavailable } from "../kernel/index.ts";
import { createFile, isCode } from "./durable.ts";
import type { Batch } from "./manifest.ts";
import { checkPartPath } from "./names.ts";

/** One entry of the log: a batch becomes visible, or a begun one is given up for ever. */
export type Entry = { commit: Batch } | { abort: string };

const NAME = /^(\d{8,})\.json$/;
/** Files read at once: most of the time of one goes by in waiting. */
const WINDOW = 32;

/** The number of the newest entry, 0 for none. Entries are numbered from 1 without gaps. */
export async function lastEntry(folder: string): Promise<number> {
  let last = 0;
  for (const name of await readdir(folder)) last = Math.max(last, Number(NAME.exec(name)?.[1] ?? 0));
  return last;
}

/** Entries `from` to `to`, in order. Any run of entries from 1 on is a consistent state of the lake. */
export async function* readEntries(folder: string, from: number, to: number): AsyncGenerator<Entry> {
  for (let start = from; start <= to; start += WINDOW) {
    const numbers = Array.from({ length: Math.min(WINDOW, to - start + 1) }, (_, index) => start + index);
    yield* await Promise.all(numbers.map((number) => readEntry(folder, number)));
  }
}

/** @throws Unavailable if the entry is missing or damaged: without it nobody can tell what the lake holds. */
export async function readEntry(folder: string, number: number): Promise<Entry> {
  const path = join(folder, entryName(number));
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
    throw new Unavailable(`The manifest of the lake is incomplete: ${path} is missing.`, { hint: "Restore this file from a backup.", cause: error });
  }
  try {
    return parseEntry(text);
  } catch (error) {
    throw new Unavailable(`The manifest of the lake is damaged: ${path} is not a manifest entry.`, { hint: "Restore this file from a backup.", cause: error });
  }
}

/**
 * Appends an entry at exactly this number. Writers that have lost touch with each other still agree, because a number is given once.
 * @returns false if the number was taken. Durable only after `syncFolder`.
 */
export function appendEntry(folder: string, number: number, entry: Entry): Promise<boolean> {
  return createFile(join(folder, entryName(number)), `${JSON.stringify(entry)}\n`);
}

function parseEntry(text: string): Entry {
  const entry = JSON.parse(text) as Partial<{ commit: Partial<Batch>; abort: unknown }>;
  if (typeof entry.abort === "string") return { abort: entry.abort };
  const { commit } = entry;
  if (typeof commit?.id !== "string" || !Array.isArray(commit.parts) || !Array.isArray(commit.objects)) throw new TypeError("neither a commit nor an abort");
  for (const part of commit.parts) checkPartPath(part.path);
  return { commit: commit as Batch };
}

function entryName(number: number): string {
  return `${String(number).padStart(8, "0")}.json`;
}

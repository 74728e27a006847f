import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { DbCtx } from "../store/index.ts";
import { digestOf } from "./digest.ts";
import { isCode } from "./durable.ts";
import { partFiles } from "./files.ts";
import type { Part } from "./manifest.ts";
import type { ServiceLake } from "./service-lake.ts";
import * as store from "./store.ts";

/** Something that is not as it should be. */
export interface Problem {
  /** Relative to the lake. */
  path: string;
  what: string;
  hint: string;
}

/** What a check of a lake has found. */
export interface Checked {
  parts: number;
  bytes: number;
  /** The first thousand of them. */
  problems: Problem[];
  /** How many more there are. */
  unlisted: number;
}

const PAGE = 500;
const MOST_PROBLEMS = 1_000;
const RESTORE = "Restore this file from a backup; until then queries that need it fail.";

/**
 * Reads every part of a lake and looks whether it is what was committed, then looks for files that nothing knows of. Disturbs nobody, and holds nothing of
 * what it reads.
 * @param onProgress told after each part, and waited for
 * @param signal ends it; it then throws the signal's reason
 */
export async function checkParts(ctx: DbCtx, lake: Pick<ServiceLake, "folder">, onProgress: (progress: { parts: number; bytes: number }) => void | Promise<void>, signal?: AbortSignal): Promise<Checked> {
  const checked: Checked = { parts: 0, bytes: 0, problems: [], unlisted: 0 };
  const tell = (path: string, what: string, hint: string): void => {
    if (checked.problems.length < MOST_PROBLEMS) checked.problems.push({ path, what, hint });
    else checked.unlisted++;
  };
  for (let last = ""; ; ) {
    const page = await store.pageOfParts(ctx.db, last, PAGE);
    if (page.length === 0) break;
    for (const part of page) {
      signal?.throwIfAborted();
      const what = await whatIsWrong(join(lake.folder, part.path), part, signal);
      // It may have been replaced since the page was read, and its file removed.
      if (what !== null && (await store.isCurrent(ctx.db, part.path))) tell(part.path, what, RESTORE);
      checked.parts++;
      checked.bytes += part.bytes;
      await onProgress({ parts: checked.parts, bytes: checked.bytes });
    }
    last = page.at(-1)!.path;
  }
  for await (const path of strangers(ctx, lake.folder, signal)) {
    tell(path, "No batch names this file.", "Nothing reads it. If it is not yours, remove it; if the manifest was lost, rebuild it from the parts.");
  }
  return checked;
}

/** @returns a sentence, or null if the file is the part */
async function whatIsWrong(file: string, { bytes, digest }: Part, signal: AbortSignal | undefined): Promise<string | null> {
  try {
    const { size } = await stat(file);
    if (size !== bytes) return `The file should have ${bytes} bytes and has ${size}.`;
    if (digest !== undefined && (await digestOf(file, signal)) !== digest) return "The content of the file has changed since it was written.";
    return null;
  } catch (error) {
    signal?.throwIfAborted();
    if (isCode(error, "ENOENT", "ENOTDIR")) return "The file is missing.";
    return `The file cannot be read (${error instanceof Error && "code" in error ? String(error.code) : String(error)}).`;
  }
}

/** Files where parts stand that neither a part nor the intent of a batch under way names. */
async function* strangers(ctx: DbCtx, folder: string, signal: AbortSignal | undefined): AsyncGenerator<string> {
  let page: string[] = [];
  for await (const path of partFiles(folder)) {
    signal?.throwIfAborted();
    page.push(path);
    if (page.length < PAGE) continue;
    yield* unknown(ctx, folder, page);
    page = [];
  }
  yield* unknown(ctx, folder, page);
}

async function* unknown({ db }: DbCtx, folder: string, paths: readonly string[]): AsyncGenerator<string> {
  // Intents first: a batch that is committed between the two questions has rows by the time of the second.
  const intended = new Set((await store.allIntents(db)).flatMap((intent) => intent.paths));
  const known = await store.knownPaths(db, paths);
  for (const path of paths) {
    if (intended.has(path) || known.has(path)) continue;
    // It may have been removed since it was seen.
    if (await stat(join(folder, path)).then(() => true, () => false)) yield path;
  }
}

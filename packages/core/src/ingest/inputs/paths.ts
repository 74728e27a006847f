import { accessSync, constants, lstatSync, realpathSync, statSync } from "node:fs";
import { setImmediate as otherWork } from "node:timers/promises";
import { isDynamicPattern } from "tinyglobby";
import { openFolder, specialKind, type Entry } from "./folder.ts";
import type { Listed } from "./listed.ts";
import { DIGEST, inDigestFolder } from "./logNames.ts";
import { errorCode, pathFailure } from "./pathFailure.ts";
import { expandPattern } from "./pattern.ts";
import type { ObjectRef, Skipped, Unreadable } from "./reference.ts";
import { tooOld } from "./since.ts";
import { Skips } from "./skips.ts";
import { endsBefore, firstDay } from "./trailDays.ts";

type Found = ObjectRef | Unreadable | Skipped;

/** What the walks of one command share. */
interface Scope {
  since: Date | undefined;
  listed: Listed;
  skips: Skips;
  /** To be awaited for each path looked at. */
  breathe: () => Promise<void> | undefined;
}

/** Paths looked at in one go, which takes a millisecond or two, before other work gets its turn. */
const TOGETHER = 256;

function breather(): Scope["breathe"] {
  let looked = 0;
  return () => (++looked % TOGETHER === 0 ? otherWork() : undefined);
}

/** Lists what a path or a glob pattern stands for. A path that exists is never taken for a pattern. */
export async function* listPath(input: string, since: Date | undefined, listed: Listed): AsyncGenerator<Found> {
  const scope: Scope = { since, listed, skips: new Skips(), breathe: breather() };
  const failure = lookup(input);
  if (failure === undefined) yield* listExisting(input, scope);
  else if (errorCode(failure) === "ENOENT" && isDynamicPattern(input)) yield* listPattern(input, scope);
  else yield { location: input, reason: missing(input, failure) };
  yield* scope.skips.summaries(input);
}

function lookup(input: string): unknown {
  try {
    lstatSync(input);
    return undefined;
  } catch (error) {
    return error;
  }
}

function missing(input: string, failure: unknown): string {
  if (input === "") return "An empty name was given. Name a file, a folder, a pattern, s3://bucket/prefix, or - for standard input.";
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(input)) return "Only s3:// addresses can be read from afar. Fetch the files and name their folder.";
  return pathFailure(failure, "file or folder");
}

async function* listPattern(pattern: string, scope: Scope): AsyncGenerator<Found> {
  const { paths, unreadable } = await expandPattern(pattern);
  yield* unreadable;
  if (paths.length === 0 && unreadable.length === 0) {
    yield { location: pattern, reason: "Nothing matches this pattern. Check it with ls; ** stands for any number of folders, and names that start with a dot need a dot in the pattern." };
  }
  for (const path of paths) {
    await scope.breathe();
    yield* listExisting(path, scope);
  }
}

async function* listExisting(path: string, scope: Scope): AsyncGenerator<Found> {
  let found;
  let real;
  try {
    found = statSync(path);
    real = realpathSync.native(path);
    if (!found.isDirectory()) accessSync(path, constants.R_OK);
  } catch (error) {
    const dangling = errorCode(error) === "ENOENT";
    yield { location: path, reason: dangling ? "This link points to nothing. Remove it, or restore its target." : pathFailure(error, "file") };
    return;
  }
  if (inDigestFolder(path)) {
    scope.skips.add(DIGEST, path);
    return;
  }
  if (found.isDirectory()) {
    yield* walk(path, real, scope);
    return;
  }
  const special = specialKind(found);
  if (special === "named pipe") {
    if (scope.listed.takeNamed(real)) yield { kind: "file", location: path, size: 0, modified: Math.trunc(found.mtimeMs) };
  } else if (special !== undefined) {
    yield { location: path, reason: `This is a ${special}, not a file. Name a file, or pipe the data in and give - as input.` };
  } else {
    yield* listFile({ is: "file", location: path, real, linked: true, size: found.size, modified: Math.trunc(found.mtimeMs) }, scope);
  }
}

async function* listFile(file: Entry & { is: "file" }, { since, listed, skips }: Scope): AsyncGenerator<Found> {
  if (since !== undefined && file.modified < since.getTime()) {
    skips.add(tooOld(since), file.location);
  } else if (file.linked ? listed.takeNamed(file.real) : listed.takeWalked(file.real)) {
    yield { kind: "file", location: file.location, size: file.size, modified: file.modified };
  }
}

/** Depth first, each folder's names in byte order, each real folder once, so that no link can lead in circles. */
async function* walk(location: string, real: string, scope: Scope): AsyncGenerator<Found> {
  const open: Generator<Entry>[] = [];
  let empty = true;
  const enter = (folder: { location: string; real: string }): Unreadable[] => {
    try {
      const entries = openFolder(folder.location, folder.real);
      if (scope.listed.enter(folder.real)) open.push(entries);
      else empty = false;
      return [];
    } catch (error) {
      empty = false;
      return [{ location: folder.location, reason: pathFailure(error, "folder") }];
    }
  };
  yield* enter({ location, real });
  for (let folder = open.at(-1); folder !== undefined; folder = open.at(-1)) {
    await scope.breathe();
    const next = folder.next();
    if (next.done === true) {
      open.pop();
      continue;
    }
    const entry = next.value;
    if (entry.is === "folder") {
      if (scope.since !== undefined && endsBefore(entry.real, firstDay(scope.since))) {
        empty = false;
        scope.skips.add(tooOld(scope.since), entry.location);
        continue;
      }
      yield* enter(entry);
      continue;
    }
    empty = false;
    if (entry.is === "file") yield* listFile(entry, scope);
    else if (entry.is === "left out") scope.skips.add(entry.reason, entry.location);
    else yield { location: entry.location, reason: entry.reason };
  }
  if (empty) yield { location, reason: "The folder is empty. Check that this is where the logs are." };
}

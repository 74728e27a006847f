import { readdir, stat } from "node:fs";
import { glob } from "tinyglobby";
import { errorCode, pathFailure } from "./pathFailure.ts";
import type { Unreadable } from "./reference.ts";

type Done = (error: Error | null, ...results: unknown[]) => void;

const SPECIAL = /[*?[\]{}()!|\\]/;

/**
 * The files and folders that a glob pattern matches, the ones less deep first, then in byte order, and the folders below
 * it that could not be looked into. A name that starts with a dot is matched only by a pattern that writes the dot, as in
 * a shell.
 */
export async function expandPattern(pattern: string): Promise<{ paths: string[]; unreadable: Unreadable[] }> {
  const unreadable: Unreadable[] = [];
  const note = (error: Error, path: string, what: string): void => {
    if (errorCode(error) !== "ENOENT") unreadable.push({ location: path, reason: pathFailure(error, what) });
  };
  // tinyglobby goes on in silence where it cannot read; a scan has to say so.
  const fs = { readdir: watch(readdir, note, "folder"), stat: watch(stat, note, "link") };
  const { base, rest } = split(pattern);
  const matches = await glob(rest, { fs, cwd: base === "" ? "." : base, onlyFiles: false, expandDirectories: false });
  const paths = matches.map((match) => {
    const path = base + (match.endsWith("/") ? match.slice(0, -1) : match);
    return { path, depth: path.split("/").length, bytes: Buffer.from(path).toString("latin1") };
  });
  paths.sort((a, b) => a.depth - b.depth || (a.bytes < b.bytes ? -1 : 1));
  return { paths: paths.map(({ path }) => path), unreadable };
}

/** The folders before the first special character, up to and with a slash, and the rest. Matches keep the names as given. */
function split(pattern: string): { base: string; rest: string } {
  const end = pattern.lastIndexOf("/", pattern.search(SPECIAL)) + 1;
  return { base: pattern.slice(0, end), rest: pattern.slice(end) };
}

/** The same function of `node:fs`, with every error it calls back with noted too. */
function watch<F extends (path: string, ...rest: never[]) => void>(
  call: F,
  note: (error: Error, path: string, what: string) => void,
  what: string,
): F {
  return new Proxy(call, {
    apply(target, self, args: unknown[]) {
      const done = args.at(-1) as Done;
      const noting: Done = (error, ...results) => {
        if (error) note(error, String(args[0]), what);
        done(error, ...results);
      };
      Reflect.apply(target, self, [...args.slice(0, -1), noting]);
    },
  });
}

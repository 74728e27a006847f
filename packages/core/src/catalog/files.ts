import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Problem } from "./catalog.ts";

const NAMES: readonly string[] = ["catalog-info.yaml", "catalog-info.yml"];
const MOST_FILES = 10_000;
/** What the parser reads in a few seconds at its worst (half a million commas). */
const MOST_BYTES = 512 * 1024;

/** The catalog files of the paths, each a file or a folder to search, in the order of their names. Links are not followed. */
export async function catalogFiles(paths: readonly string[], problems: Problem[]): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    try {
      if ((await stat(path)).isDirectory()) for (const file of await filesBelow(path)) found.add(file);
      else found.add(path);
    } catch (error) {
      problems.push(unreadable(path, error));
    }
  }
  const files = [...found].sort();
  if (files.length > MOST_FILES) problems.push({ file: files[MOST_FILES] ?? "", line: 1, column: 1, message: `There are more than ${MOST_FILES} catalog files; this and those behind it are not read.`, hint: "Name the folders that hold the catalog one by one." });
  return files.slice(0, MOST_FILES);
}

/** The text of a catalog file; undefined, with a problem, for one that cannot be read, is too large or is not UTF-8. */
export async function readCatalogFile(file: string, problems: Problem[]): Promise<string | undefined> {
  try {
    const { size } = await regularFile(file);
    if (size <= MOST_BYTES) return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
    problems.push({ file, line: 1, column: 1, message: `The file is larger than ${MOST_BYTES / 1024} KiB and is not read.`, hint: "Split it; one file a service is usual." });
  } catch (error) {
    problems.push(unreadable(file, error));
  }
  return undefined;
}

/** A text that is another once a catalog file of the paths has come, gone or changed, as far as its size and time tell. */
export async function catalogStamp(paths: readonly string[]): Promise<string> {
  const files = await catalogFiles(paths, []);
  const stamps = await Promise.all(files.map(async (file) => stat(file).then(({ mtimeMs, size }) => [file, mtimeMs, size], () => [file])));
  return JSON.stringify(stamps);
}

async function regularFile(file: string): Promise<{ size: number }> {
  const status = await stat(file);
  if (!status.isFile()) throw new Error("it is not a file");
  return status;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = await Promise.all(
    entries.map(async (entry) => {
      if (entry.isFile()) return NAMES.includes(entry.name) ? [join(folder, entry.name)] : [];
      const hidden = entry.name.startsWith(".") || entry.name === "node_modules";
      return entry.isDirectory() && !hidden ? await filesBelow(join(folder, entry.name)) : [];
    }),
  );
  return nested.flat();
}

function unreadable(file: string, error: unknown): Problem {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = code === "ENOENT" ? "there is nothing of that name" : code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "it is not UTF-8" : code || (error instanceof Error ? error.message : "no reason given");
  return { file, line: 1, column: 1, message: `The catalog file cannot be read: ${reason}.`, hint: "Check the path and its permissions, and that the file is text in UTF-8." };
}

import { createHash } from "node:crypto";
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What a bundle was made from. `inputs` maps a path (relative to the checkout) to its modification time in milliseconds and size in bytes;
 * `content` is the SHA-256 over all of them. Times are quick to compare; the content decides when a copied checkout has other times.
 * @typedef {{ entries: string[], inputs: Record<string, [mtimeMs: number, size: number]>, content: string }} Stamp
 */

/**
 * Notes the present state of the input files.
 * @param {string} root the checkout
 * @param {string[]} entries the entry points, relative to the root
 * @param {string[]} inputs every file that went into the bundle, relative to the root
 * @returns {Stamp}
 */
export function takeStamp(root, entries, inputs) {
  const sorted = inputs.toSorted();
  return {
    entries,
    inputs: Object.fromEntries(sorted.map((path) => [path, timeAndSize(root, path)])),
    content: contentOf(root, sorted),
  };
}

/**
 * Whether the bundle in a folder was made from the files as they are now. Takes a few milliseconds: one `stat` a file.
 * @param {string} root the checkout
 * @param {string} folder the bundle, holding `stamp.json`
 * @param {string[]} entries the entry points there are now
 * @returns {boolean}
 */
export function isFresh(root, folder, entries) {
  try {
    /** @type {Stamp} */
    const stamp = JSON.parse(readFileSync(join(folder, "stamp.json"), "utf8"));
    if (stamp.entries.join() !== entries.join()) return false;
    const paths = Object.keys(stamp.inputs);
    if (paths.every((path) => timeAndSize(root, path).join() === stamp.inputs[path]?.join())) return true;
    if (contentOf(root, paths) !== stamp.content) return false;
    writeStamp(folder, takeStamp(root, entries, paths));
    return true;
  } catch {
    return false; // no bundle, an input that is gone, or a stamp that does not parse: all mean "build it"
  }
}

/**
 * Writes the stamp in one step, so that a reader sees the old one or the new one. In a read-only checkout nothing is written.
 * @param {string} folder
 * @param {Stamp} stamp
 */
export function writeStamp(folder, stamp) {
  const temporary = join(folder, `stamp.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, JSON.stringify(stamp));
    renameSync(temporary, join(folder, "stamp.json"));
  } catch {
    rmSync(temporary, { force: true });
  }
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {[mtimeMs: number, size: number]}
 */
function timeAndSize(root, path) {
  const stat = statSync(join(root, path));
  return [stat.mtimeMs, stat.size];
}

/**
 * @param {string} root
 * @param {string[]} paths
 */
function contentOf(root, paths) {
  const hash = createHash("sha256");
  for (const path of paths) {
    const bytes = readFileSync(join(root, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

import { basename, dirname } from "node:path";
import { whyNotALog } from "./logNames.ts";

/**
 * Remembers what has been listed, so that overlapping inputs and links give each file once.
 *
 * Works on real paths, and holds folders rather than the files found in them: a million files in one folder cost one entry.
 * (Device and inode numbers were dropped: overlay file systems put them beyond 2^53, where two files would look like one.)
 */
export class Listed {
  readonly #folders = new Set<string>();
  readonly #files = new Set<string>();

  /** True the first time a folder is entered. */
  enter(folder: string): boolean {
    return !this.#folders.has(folder) && this.#folders.add(folder) !== undefined;
  }

  /** True unless a file met while walking its folder has been listed by its own name before. */
  takeWalked(file: string): boolean {
    return !this.#files.has(file);
  }

  /** True the first time a file is named by itself, by a pattern or by a link, if no walk lists it. */
  takeNamed(file: string): boolean {
    if (this.#files.has(file)) return false;
    if (this.#folders.has(dirname(file)) && whyNotALog(basename(file)) === undefined) return false;
    this.#files.add(file);
    return true;
  }
}

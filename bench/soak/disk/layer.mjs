// Loaded before a program with `node --import`: writes down what every fsync of the program brings to the disk, so that a power cut can be
// played afterwards (powerCut.ts). The program does not know. Plain JavaScript: the oldest Node supported here reads no TypeScript.
import fs from "node:fs";
import { open } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname, join } from "node:path";

/**
 * What was synced. A file's content is on the disk up to its size at that moment, a folder's names as they stood then.
 * @typedef {{ site: string } | { file: string, size: number } | { folder: string, names: [name: string, id: string][] }} Entry
 */

const { DISK_ROOT: root = "", DISK_JOURNAL: journalPath = "", DISK_GRAVE: grave = "", DISK_SKIP: skipped = "", DISK_HANG: hanging = "", DISK_DIE: deadly = "" } = process.env;

if (root !== "") {
  const { fstatSync, lstatSync, linkSync, openSync, readdirSync, readlinkSync, writeSync, fsyncSync, fdatasyncSync } = fs;
  const journal = openSync(journalPath, "a");
  /** @type {Set<string>} */
  const told = new Set();

  /** @param {Entry} entry */
  const write = (entry) => void writeSync(journal, `${JSON.stringify(entry)}\n`);

  /**
   * What a sync that begins now will have brought to the disk when it ends; null outside the data.
   * @param {number} fd
   * @returns {Entry | null}
   */
  const capture = (fd) => {
    const path = readlinkSync(`/proc/self/fd/${fd}`);
    if (path !== root && !path.startsWith(`${root}/`)) return null;
    const stat = fstatSync(fd, { bigint: true });
    if (!stat.isDirectory()) return { file: idOf(stat), size: Number(stat.size) };
    /** @type {[string, string][]} */
    const names = [];
    for (const name of readdirSync(path)) {
      try {
        const about = lstatSync(join(path, name), { bigint: true });
        names.push([name, idOf(about)]);
        // A name that is durable can come back after its removal, and then its content must be at hand.
        if (about.isFile()) linkSync(join(path, name), join(grave, idOf(about)));
      } catch (error) {
        const code = /** @type {NodeJS.ErrnoException} */ (error).code;
        if (code !== "EEXIST" && code !== "ENOENT") throw error;
      }
    }
    return { folder: idOf(stat), names };
  };

  /**
   * Notes the call site.
   * @returns {"sync" | "skip" | "hang"} what is to happen at it
   */
  const meet = () => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 40;
    const site = siteOf(new Error().stack ?? "");
    Error.stackTraceLimit = limit;
    if (!told.has(site)) write({ site });
    told.add(site);
    if (site !== "" && site === deadly) process.kill(process.pid, "SIGKILL");
    if (site === "") return "sync";
    return site === skipped ? "skip" : site === hanging ? "hang" : "sync";
  };

  /**
   * @param {(fd: number) => void} sync
   * @returns {(fd: number) => void}
   */
  const wrapped = (sync) => (fd) => {
    if (meet() === "skip") return;
    const entry = capture(fd);
    sync(fd);
    if (entry) write(entry);
  };
  fs.fsyncSync = wrapped(fsyncSync);
  fs.fdatasyncSync = wrapped(fdatasyncSync);

  const file = await open(new URL(import.meta.url), "r");
  /** @type {{ sync: () => Promise<void>, datasync: () => Promise<void> }} */
  const handle = Object.getPrototypeOf(file);
  await file.close();
  for (const name of /** @type {const} */ (["sync", "datasync"])) {
    const sync = handle[name];
    /** @this {import("node:fs/promises").FileHandle} */
    handle[name] = async function () {
      const what = meet();
      if (what === "hang") await new Promise(() => undefined);
      if (what === "skip") return;
      const entry = capture(this.fd);
      await sync.call(this);
      if (entry) write(entry);
    };
  }
  syncBuiltinESMExports();
}

/**
 * Names a file for good: numbers of removed files are given to new ones.
 * @param {import("node:fs").BigIntStats} stat
 */
function idOf({ ino, birthtimeNs }) {
  return `${ino}-${birthtimeNs}`;
}

/**
 * The call site of a sync: the functions of `durable.ts` and whoever called them, innermost first.
 * @param {string} stack
 */
function siteOf(stack) {
  /** @type {string[]} */
  const site = [];
  for (const line of stack.split("\n").slice(1)) {
    const [, name = "", file = ""] = /^\s+at (?:async )?(.*?) \((?:file:\/\/)?(.*?):\d+:\d+\)$/.exec(line) ?? [];
    if (file.includes("layer.mjs") || !/\/packages\/[a-z]+\/src\//.test(file)) continue;
    site.push(`${name.replace(/^.*[.]/, "").replace(/\d+$/, "")} (${join(basename(dirname(file)), basename(file))})`);
    if (basename(file) !== "durable.ts") break;
  }
  return site.join(" < ");
}

import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("..", import.meta.url));

/** @typedef {{ version?: string, integrity?: string, resolved?: string, link?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[], dependencies?: object, bin?: object }} LockedPackage */

/**
 * Installs what the lock file names, when it is not installed yet. Says so in one line on stderr; stdin and stdout are left alone.
 * Two processes at once: the second waits for the first.
 * @param {string} [root] the checkout
 * @throws {Error} with a sentence for the user when the installation is not possible
 */
export function ensureDependencies(root = checkout) {
  if (isInstalled(root)) return;
  try {
    accessSync(root, constants.W_OK);
  } catch {
    throw new Error(`the packages in ${root} do not match package-lock.json, and this user cannot write there. Run "npm ci" as the owner.`);
  }
  const unlock = lock(join(root, ".cache", "install.lock"));
  try {
    if (!isInstalled(root)) install(root);
  } finally {
    unlock();
  }
}

/**
 * Whether node_modules holds exactly what the lock file says, by npm's own record of what it installed.
 * @param {string} root the checkout
 * @returns {boolean}
 */
export function isInstalled(root) {
  const wanted = lockedPackages(join(root, "package-lock.json"));
  const present = lockedPackages(join(root, "node_modules", ".package-lock.json"));
  if (wanted === undefined) throw new Error(`${root} has no readable package-lock.json`);
  if (present === undefined) return false;
  for (const [path, locked] of Object.entries(wanted)) {
    if (path === "") continue; // the checkout itself is not in npm's record
    const installed = present[path];
    if (installed === undefined ? !mayBeMissing(locked) : !isSame(locked, installed)) return false;
  }
  return Object.keys(present).every((path) => path in wanted);
}

/**
 * @param {LockedPackage} locked
 * @param {LockedPackage} installed
 */
function isSame(locked, installed) {
  if (locked.link === true) return installed.link === true && locked.resolved === installed.resolved;
  return locked.version === installed.version && locked.integrity === installed.integrity && JSON.stringify(locked.bin) === JSON.stringify(installed.bin);
}

/**
 * npm leaves out optional packages for other machines. Which C library this one has is npm's business.
 * @param {LockedPackage} locked
 */
function mayBeMissing({ optional, os, cpu, libc }) {
  if (optional !== true) return false;
  if (os === undefined && cpu === undefined) return true;
  return libc !== undefined || os?.includes(process.platform) === false || cpu?.includes(process.arch) === false;
}

/**
 * @param {string} path
 * @returns {Record<string, LockedPackage> | undefined}
 */
function lockedPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** @param {string} root */
function install(root) {
  process.stderr.write("Installing what Corduroy needs (once, about half a minute) ...\n");
  // Install scripts are never needed here, and newer versions of npm refuse them anyway. Development packages bring the bundler.
  const args = ["ci", "--ignore-scripts", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error", "--progress=false"];
  const result = spawnSync("npm", args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8", env: environmentFor(root), shell: process.platform === "win32" });
  if (result.error !== undefined) throw new Error(`npm could not be started (${result.error.message}). It comes with Node: https://nodejs.org/`);
  if (result.status !== 0) throw new Error(`"npm ci" failed in ${root}:\n${result.stderr.split("\n").slice(0, 12).join("\n")}`);
}

/**
 * A service user may have no home that can be written: npm's cache then goes into the checkout.
 * @param {string} root
 * @returns {NodeJS.ProcessEnv}
 */
function environmentFor(root) {
  const home = process.env["HOME"];
  try {
    if (home === undefined) throw new Error("no home");
    accessSync(home, constants.W_OK);
    return process.env;
  } catch {
    return { ...process.env, npm_config_cache: join(root, ".cache", "npm") };
  }
}

/**
 * Takes a lock file, waiting for a living owner.
 * @param {string} path
 * @returns {() => void} gives it back
 */
function lock(path) {
  mkdirSync(dirname(path), { recursive: true });
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    }
    if (ownerIsAlive(path)) Atomics.wait(pause, 0, 0, 200);
    else rmSync(path, { force: true });
  }
}

/**
 * A lock that is still empty was made a moment ago: its owner counts as alive.
 * @param {string} path
 */
function ownerIsAlive(path) {
  try {
    const owner = readFileSync(path, "utf8");
    if (owner !== "") process.kill(Number(owner), 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function hasCode(error, code) {
  return error instanceof Error && "code" in error && error.code === code;
}

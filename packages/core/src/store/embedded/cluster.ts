import { spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Unavailable } from "../../kernel/index.ts";
import type { Binaries } from "./binaries.ts";
import { syncPath } from "./durable.ts";

/** PostgreSQL refuses to run as root, so root hands its files to `nobody`, which must also exist by name. */
const NOBODY = 65_534;

/** Whom PostgreSQL runs as: nobody when we are root, else ourselves. */
export function owner(): { uid: number; gid: number } | Record<string, never> {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

/** Makes a folder that belongs to the user whom PostgreSQL runs as. */
export function ownedFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { uid, gid } = owner();
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

/**
 * Makes the cluster on the first start; the folder appears under its name only when it is whole, so a first start that was cut short begins again.
 * Only the password in our own file opens it: the socket can be reached by every process of that user.
 * @param folder of the cluster, inside a folder that `ownedFolder` made
 * @throws Unavailable with the last words of initdb
 */
export async function ensureCluster(binaries: Binaries, folder: string, password: string, { sync }: { sync: boolean }): Promise<void> {
  const mark = join(folder, "complete");
  if (!existsSync(mark)) {
    await makeCluster(binaries, folder, password, { sync });
    writeFileSync(mark, "");
  }
  // At each start, for the one before may have been killed right here: without the mark, all data would be made anew.
  if (sync) for (const path of [mark, folder, dirname(folder), dirname(dirname(folder))]) syncPath(path);
}

async function makeCluster(binaries: Binaries, folder: string, password: string, { sync }: { sync: boolean }): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  ownedFolder(folder);
  const secret = `${folder}.password`;
  writeFileSync(secret, password, { mode: 0o600 });
  const { uid, gid } = owner();
  if (uid !== undefined && gid !== undefined) chownSync(secret, uid, gid);
  try {
    await run(binaries, ["-D", folder, "-U", "corduroy", "-A", "scram-sha-256", `--pwfile=${secret}`, "-E", "UTF8", "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", ...(sync ? [] : ["--no-sync"])]);
  } finally {
    rmSync(secret, { force: true });
  }
}

function run(binaries: Binaries, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(binaries.initdb, args, { ...owner(), env: binaries.env, stdio: ["ignore", "ignore", "pipe"], cwd: "/" });
    let complaint = "";
    child.stderr.on("data", (text: Buffer) => (complaint = (complaint + text.toString("utf8")).slice(-2000)));
    child.on("error", (error) => reject(new Unavailable(`initdb cannot be started: ${error.message}`, { hint: HINT, cause: error })));
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Unavailable(`The database could not be made: ${complaint.trim().split("\n").at(-1) ?? `initdb ended with ${String(code)}`}`, { hint: HINT }))));
  });
}

const HINT = "Started by root, PostgreSQL runs as the user nobody, who must be able to enter every folder on the way to the data and to the program. Name another --data folder, or start as a user of its own.";

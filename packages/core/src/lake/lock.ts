import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { Conflict } from "../kernel/index.ts";
import { createFile, isCode, removeFiles, replaceFile } from "./durable.ts";

/** Who wrote a lock file. */
interface Holder {
  pid: number;
  /** When the process started, in clock ticks since boot; null where the system does not say. A pid alone may be used again. */
  start: string | null;
  /** One number a boot of the machine, null where unknown. */
  boot: string | null;
  /** Host name and process number space: a pid of another container says nothing here. */
  place: string;
  token: string;
  since: string;
  released: boolean;
}

/** The exclusive right to write in a folder. */
export interface Lock {
  /** False once another process has taken the lock over, because a person removed its file. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

const NAME = /^(\d{8,})\.json$/;
const KEPT = 16;

/**
 * Takes the exclusive lock that lives in `folder` (made if missing), without waiting.
 *
 * Lock files are numbered and the highest number counts. Whoever finds it released, or its process dead, creates the next
 * number exclusively, so of any number of contenders one wins. (One file that is removed and created again cannot be made safe: a
 * slow contender removes the new lock in the belief that it is the dead one.) The last few files are kept, so that a slow contender
 * finds its number taken; should it be gone, the look at the highest number afterwards tells.
 * @param what is locked, as a sentence begins
 * @throws Conflict while a living process holds it, or one that cannot be judged from here.
 */
export async function takeLock(folder: string, what = "The lake"): Promise<Lock> {
  await mkdir(folder, { recursive: true });
  const me: Holder = { ...thisProcess(), token: randomBytes(16).toString("hex"), since: new Date().toISOString(), released: false };
  for (;;) {
    const top = (await generations(folder)).at(-1) ?? 0;
    if (top > 0 && !(await isFree(folder, top, what))) continue;
    const mine = top + 1;
    if (!(await createFile(pathOf(folder, mine), JSON.stringify(me)))) continue;
    const now = await generations(folder);
    if (now.at(-1) !== mine) {
      await removeFiles([pathOf(folder, mine)]);
      continue;
    }
    await removeOld(folder, mine - KEPT);
    return heldLock(folder, mine, me);
  }
}

function heldLock(folder: string, mine: number, me: Holder): Lock {
  const isHeld = async () => (await generations(folder)).at(-1) === mine && (await readHolder(folder, mine))?.token === me.token;
  return {
    isHeld,
    async release() {
      if (await isHeld()) await replaceFile(pathOf(folder, mine), JSON.stringify({ ...me, released: true }));
    },
  };
}

/** True when the lock may be taken over, false when its file has vanished meanwhile. */
async function isFree(folder: string, number: number, what: string): Promise<boolean> {
  const path = pathOf(folder, number);
  const holder = await readHolder(folder, number);
  if (holder === undefined) return false;
  if (holder.released) return true;
  const here = thisProcess();
  if (holder.place !== here.place) {
    throw new Conflict(`${what} is in use by process ${holder.pid} on another machine or container (${holder.place.split(" ")[0]}), since ${holder.since}.`, {
      hint: `If you are sure that it has ended, delete ${path} and try again.`,
    });
  }
  if (holder.boot !== here.boot) return true;
  const start = startOf(holder.pid);
  if (start === undefined || start !== holder.start) return true;
  throw new Conflict(
    holder.pid === process.pid
      ? `${what} is open for writing in this process already.`
      : `${what} is in use by process ${holder.pid} on this machine, since ${holder.since}.`,
    { hint: `Wait until process ${holder.pid} has ended, or end it. Reading and searching a lake need no lock.` },
  );
}

async function readHolder(folder: string, number: number): Promise<Holder | undefined> {
  const path = pathOf(folder, number);
  try {
    const holder = JSON.parse(await readFile(path, "utf8")) as Partial<Holder>;
    if (typeof holder.pid === "number" && typeof holder.place === "string") return holder as Holder;
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Conflict(`The lock file ${path} is damaged, so nobody can tell whether the lake is in use.`, {
    hint: "If no other process writes to this lake, delete the file and try again.",
  });
}

/** Numbers of the lock files, lowest first. */
async function generations(folder: string): Promise<number[]> {
  const numbers: number[] = [];
  for (const name of await readdir(folder)) {
    const number = NAME.exec(name)?.[1];
    if (number !== undefined) numbers.push(Number(number));
  }
  return numbers.sort((a, b) => a - b);
}

/** Removes lock files up to this number, and what contenders for them have left when they died. */
async function removeOld(folder: string, last: number): Promise<void> {
  for (const name of await readdir(folder)) if (Number.parseInt(name, 10) <= last) await removeFiles([join(folder, name)]);
}

function pathOf(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(8, "0")}.json`);
}

function thisProcess(): Pick<Holder, "pid" | "start" | "boot" | "place"> {
  return {
    pid: process.pid,
    start: startOf(process.pid) ?? null,
    boot: firstLine(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8")),
    place: [hostname(), firstLine(() => readlinkSync("/proc/self/ns/pid"))].filter((part) => part !== null).join(" "),
  };
}

/** Start time of a living process as the system states it, null where it states none, undefined when there is no such process. */
function startOf(pid: number): string | null | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (isCode(error, "ESRCH")) return undefined;
  }
  const stat = firstLine(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  if (stat === null) return null;
  // The second field, the program's name, may hold spaces and brackets; the state is the third field and the start the 22nd.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? undefined : (fields[19] ?? null);
}

function firstLine(read: () => string): string | null {
  try {
    return read().split("\n")[0] ?? null;
  } catch {
    return null;
  }
}

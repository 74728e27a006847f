import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Conflict } from "../kernel/index.ts";
import { createFile, isCode, removeFiles, replaceFile } from "./durable.ts";
import { hasEnded, thisProcess, type Holder } from "./lockHolder.ts";
import { listenIn, removeSocket, type LockSocket } from "./lockSocket.ts";

/** The exclusive right to write in a folder. */
export interface Lock {
  /** False once another process has taken the lock over, because a person removed its file. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

const NAME = /^(\d{8,})\.json$/;
const KEPT = 16;
const SOCKET = "socket-";

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
  const token = randomBytes(16).toString("hex");
  // Before the lock file: whoever reads that must find it.
  const socket = await listenIn(folder, `${SOCKET}${token}`);
  const me: Holder = { ...thisProcess(folder), socket: socket?.name ?? null, token, since: new Date().toISOString(), released: false };
  try {
    return heldLock(folder, await taken(folder, me, what), me, socket);
  } catch (error) {
    await socket?.close();
    throw error;
  }
}

/** Whether somebody holds the lock of a folder, or may hold it for all that can be told from here. Writes nothing: also for a disk that is full. */
export async function isLocked(folder: string): Promise<boolean> {
  try {
    const top = (await generations(folder)).at(-1) ?? 0;
    return top > 0 && !(await isFree(folder, top, folder));
  } catch (error) {
    if (isCode(error, "ENOENT")) return false;
    if (error instanceof Conflict) return true;
    throw error;
  }
}

/** @returns the number of the lock file */
async function taken(folder: string, me: Holder, what: string): Promise<number> {
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
    await removeOld(folder, mine - KEPT, me);
    return mine;
  }
}

function heldLock(folder: string, mine: number, me: Holder, socket: LockSocket | null): Lock {
  const isHeld = async () => (await generations(folder)).at(-1) === mine && (await readHolder(folder, mine))?.token === me.token;
  return {
    isHeld,
    async release() {
      if (await isHeld()) await replaceFile(pathOf(folder, mine), JSON.stringify({ ...me, released: true }));
      await socket?.close();
    },
  };
}

/** True when the lock may be taken over, false when its file has vanished meanwhile. */
async function isFree(folder: string, number: number, what: string): Promise<boolean> {
  const path = pathOf(folder, number);
  const holder = await readHolder(folder, number);
  if (holder === undefined) return false;
  if (holder.released) return true;
  const ended = await hasEnded(holder, thisProcess(folder), folder);
  if (ended === true) return true;
  if (ended === null) {
    throw new Conflict(`${what} is in use by process ${holder.pid} on another machine or container (${holder.place.split(" ")[0]}), since ${holder.since}.`, {
      hint: `If you are sure that it has ended, delete ${path} and try again.`,
    });
  }
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

/** Removes lock files up to this number, and what contenders for them have left when they died; a contender whose socket is removed has lost, or is refused to others at worst. */
async function removeOld(folder: string, last: number, { socket }: Holder): Promise<void> {
  for (const name of await readdir(folder)) {
    if (Number.parseInt(name, 10) <= last) await removeFiles([join(folder, name)]);
    else if (name.startsWith(SOCKET) && name !== socket) await removeSocket(join(folder, name));
  }
}

function pathOf(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(8, "0")}.json`);
}

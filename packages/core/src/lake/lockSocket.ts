import { open, unlink } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { isCode } from "./durable.ts";

/** A socket in a folder that this process listens on: the system takes it from a process that ends, however that ends. */
export interface LockSocket {
  name: string;
  close(): Promise<void>;
}

/**
 * Begins to listen. Whoever can see the folder can tell by it that this process lives, also from another container of the machine.
 * @param name of a file that is not there yet
 * @returns null where the system or the file system has no such sockets
 */
export async function listenIn(folder: string, name: string): Promise<LockSocket | null> {
  const server = createServer((socket) => socket.destroy());
  server.unref();
  try {
    await shortly(folder, name, (path) => new Promise<void>((resolve, reject) => server.once("error", reject).listen(path, resolve)));
  } catch {
    return null;
  }
  // From here on nothing of it matters but that it is there.
  server.on("error", () => undefined);
  return {
    name,
    close: async () => {
      server.close();
      await removeSocket(join(folder, name));
    },
  };
}

/** Whether somebody listens on a socket; null where that cannot be told. Only on one machine, and on a file system that is only its own, "no" means that the listener has ended. */
export async function answers(folder: string, name: string): Promise<boolean | null> {
  try {
    await shortly(folder, name, (path) => new Promise<void>((resolve, reject) => {
      const socket = connect(path);
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.destroy();
        resolve();
      });
    }));
    return true;
  } catch (error) {
    return isCode(error, "ECONNREFUSED") ? false : null;
  }
}

/** Removes a socket that nobody needs; one that is gone already is none. */
export async function removeSocket(path: string): Promise<void> {
  await unlink(path).catch(() => undefined);
}

/** Such a path may have about a hundred bytes only, so it begins at the open folder. */
async function shortly(folder: string, name: string, work: (path: string) => Promise<void>): Promise<void> {
  const opened = await open(folder, "r");
  try {
    await work(`/proc/self/fd/${opened.fd}/${name}`);
  } finally {
    await opened.close();
  }
}

import { readFileSync, readlinkSync, statfsSync } from "node:fs";
import { hostname } from "node:os";
import { isCode } from "./durable.ts";
import { answers } from "./lockSocket.ts";

/** Who wrote a lock file. */
export interface Holder {
  pid: number;
  /** When the process started, in clock ticks since boot; null where the system does not say. A pid alone may be used again. */
  start: string | null;
  /** One number a boot of the machine, null where unknown. */
  boot: string | null;
  /** Host name and process number space: a pid of another container says nothing here. */
  place: string;
  /** Whether the folder lies on a file system that one machine at a time has; versions up to 0.1.0 did not say. */
  local?: boolean;
  /** A socket in the folder that the holder listens on; null where there can be none. */
  socket?: string | null;
  token: string;
  since: string;
  released: boolean;
}

/** What of a holder is known of any process. */
export type Process = Pick<Holder, "pid" | "start" | "boot" | "place" | "local">;

/** File systems of disks, by the number that `statfs` gives them: ext, XFS, Btrfs, F2FS, ZFS. Not those of networks, of hosts of virtual machines, or in memory. */
const LOCAL = new Set([0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x2fc12fc1]);

/** This process, as a holder of a lock in this folder. */
export function thisProcess(folder: string): Process {
  return {
    pid: process.pid,
    start: startOf(process.pid) ?? null,
    boot: firstLine(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8")),
    place: [hostname(), firstLine(() => readlinkSync("/proc/self/ns/pid"))].filter((part) => part !== null).join(" "),
    local: LOCAL.has(statfsSync(folder).type),
  };
}

/**
 * Whether a holder has ended.
 *
 * A container that is started again has another process number space, and mostly another host name, so nothing can be said by its pid. But on a disk that one machine at a time has, a holder of another
 * boot has ended with that boot; and one of this boot has ended when nobody listens on its socket any more.
 * @param here the process that asks
 * @returns null where nobody can tell from here
 */
export async function hasEnded(holder: Holder, here: Process, folder: string): Promise<boolean | null> {
  if (holder.place === here.place) {
    if (holder.boot !== here.boot) return true;
    const start = startOf(holder.pid);
    return start === undefined || start !== holder.start;
  }
  if (holder.boot === null || here.boot === null || holder.local !== true || here.local !== true) return null;
  if (holder.boot !== here.boot) return true;
  const alive = typeof holder.socket === "string" ? await answers(folder, holder.socket) : null;
  return alive === null ? null : !alive;
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

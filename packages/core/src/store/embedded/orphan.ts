import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Unavailable } from "../../kernel/index.ts";

const PATIENCE_MS = 30_000;
const LOOK_MS = 20;

/**
 * Ends a server that a killed parent has left on these data. Whoever calls holds the folder's lock, so nobody else uses it.
 * @throws Unavailable if it does not end
 */
export async function endOrphan(cluster: string): Promise<void> {
  const pid = Number(firstLine(join(cluster, "postmaster.pid")));
  if (!Number.isInteger(pid) || pid <= 1 || !isServerOf(pid, cluster)) return;
  for (const [signal, until] of [["SIGINT", PATIENCE_MS / 3], ["SIGQUIT", PATIENCE_MS]] as const) {
    send(pid, signal);
    for (let waited = 0; waited < until; waited += LOOK_MS) {
      if (!isServerOf(pid, cluster)) return;
      await wait(LOOK_MS);
    }
  }
  throw new Unavailable(`An earlier database process (${pid}) still runs on ${cluster} and does not end.`, { hint: `End process ${pid} and start again.` });
}

/** Whether this process is a PostgreSQL on these data: a number alone may have been given to another program. */
function isServerOf(pid: number, cluster: string): boolean {
  const command = existsSync("/proc/self") ? firstLine(`/proc/${pid}/cmdline`) : ask(pid);
  return command.includes("postgres") && command.includes(cluster);
}

function ask(pid: number): string {
  try {
    return execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

function firstLine(path: string): string {
  try {
    return readFileSync(path, "utf8").split("\n")[0] ?? "";
  } catch {
    return "";
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

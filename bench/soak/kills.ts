import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { kill, type Program } from "../service/program.ts";
import type { Random } from "../service/random.ts";

/** Who is killed. */
export type Target = "server" | "postmaster" | "backend" | "worker" | "everything" | "server that starts" | "compaction";
export const TARGETS: readonly Target[] = ["server", "postmaster", "backend", "worker", "everything", "server that starts", "compaction"];

/** The longest a service may run before the next kill, in milliseconds. */
const LONGEST_MS = 1_500;
/** Compaction is due every minute. */
const MERGE_WITHIN_MS = 130_000;
/** A merge of a run takes about so long, commit included. */
const MERGE_MS = 400;
/** What a merge writes: the name of a batch, and nothing after it. */
const MERGED_FILE = /^\d{8}T\d{9}Z-[0-9a-f]{16}\.parquet$/;

/**
 * Kills with SIGKILL at a seeded moment, and sees to it that the service runs again: by starting it where the server itself was
 * killed, by waiting where it must come back by itself.
 * @returns how many processes were hit; none if there was no such process just then
 */
export async function killOnce(program: Program, target: Target, random: Random): Promise<number> {
  if (target === "compaction" && !(await merging(join(program.options.data, "lake/staging")))) return 0;
  await wait(random.between(0, target === "compaction" ? MERGE_MS : LONGEST_MS));
  const { server, postmaster, backends, workers } = program.processes();
  const victims = { server, postmaster, backend: some(backends, random), worker: some(workers, random), everything: [...server, ...postmaster, ...backends, ...workers], "server that starts": server, compaction: random.pick([server, workers, backends, [...server, ...postmaster, ...backends, ...workers]]) }[target];
  for (const pid of victims) kill(pid);
  if (!victims.some((pid) => server.includes(pid))) {
    await program.ready();
    return victims.length;
  }
  while (program.alive) await wait(5);
  if (target === "server that starts") {
    const begun = program.start().catch(() => "killed");
    await wait(random.between(50, 2_000));
    const starting = program.processes().server;
    for (const pid of starting) kill(pid);
    await begun;
    while (starting.length > 0 && program.alive) await wait(5);
  }
  if (!program.alive) await program.start();
  return victims.length;
}

/** Waits until parts are being merged. @returns false when that takes longer than two minutes */
async function merging(staging: string): Promise<boolean> {
  for (const until = Date.now() + MERGE_WITHIN_MS; Date.now() < until; await wait(2)) if (existsSync(staging) && readdirSync(staging).some((name) => MERGED_FILE.test(name))) return true;
  return false;
}

function some(pids: readonly number[], random: Random): number[] {
  return pids.length === 0 ? [] : [random.pick(pids)];
}

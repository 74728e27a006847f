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

/** What a kill has hit. */
export interface Hit {
  target: Target;
  /** How many processes; none if there was no such process just then. */
  victims: number;
}

/**
 * Kills with SIGKILL at a seeded moment, and sees to it that the service runs again: by starting it where the server itself was
 * killed, by waiting where it must come back by itself. A merge that begins before that moment is hit in the target's place.
 * @param wanted whom to kill; a merge is waited for, for two minutes
 */
export async function killOnce(program: Program, wanted: Target, random: Random): Promise<Hit> {
  const merges = await merging(join(program.options.data, "lake/staging"), wanted === "compaction" ? MERGE_WITHIN_MS : random.between(0, LONGEST_MS));
  if (!merges && wanted === "compaction") return { target: wanted, victims: 0 };
  const target = merges ? "compaction" : wanted;
  if (merges) await wait(random.between(0, MERGE_MS));
  const { server, postmaster, backends, workers } = program.processes();
  const victims = { server, postmaster, backend: some(backends, random), worker: some(workers, random), everything: [...server, ...postmaster, ...backends, ...workers], "server that starts": server, compaction: random.pick([server, workers, backends, [...server, ...postmaster, ...backends, ...workers]]) }[target];
  for (const pid of victims) kill(pid);
  if (!victims.some((pid) => server.includes(pid))) {
    await program.ready();
    return { target, victims: victims.length };
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
  return { target, victims: victims.length };
}

/** Waits until parts are being merged. @returns false when none are within that time */
async function merging(staging: string, withinMs: number): Promise<boolean> {
  for (const until = Date.now() + withinMs; Date.now() < until; await wait(2)) if (existsSync(staging) && readdirSync(staging).some((name) => MERGED_FILE.test(name))) return true;
  return false;
}

function some(pids: readonly number[], random: Random): number[] {
  return pids.length === 0 ? [] : [random.pick(pids)];
}

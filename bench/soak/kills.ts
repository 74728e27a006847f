import { setTimeout as wait } from "node:timers/promises";
import { kill, type Program } from "../service/program.ts";
import type { Random } from "../service/random.ts";

/** Who is killed. */
export type Target = "server" | "postmaster" | "backend" | "worker" | "everything" | "server that starts";
export const TARGETS: readonly Target[] = ["server", "postmaster", "backend", "worker", "everything", "server that starts"];

/** The longest a service may run before the next kill, in milliseconds. */
const LONGEST_MS = 1_500;

/**
 * Kills with SIGKILL at a seeded moment, and sees to it that the service runs again: by starting it where the server itself was
 * killed, by waiting where it must come back by itself.
 * @returns how many processes were hit; none if there was no such process just then
 */
export async function killOnce(program: Program, target: Target, random: Random): Promise<number> {
  await wait(random.between(0, LONGEST_MS));
  const { server, postmaster, backends, workers } = program.processes();
  const victims = { server, postmaster, backend: some(backends, random), worker: some(workers, random), everything: [...server, ...postmaster, ...backends, ...workers], "server that starts": server }[target];
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

function some(pids: readonly number[], random: Random): number[] {
  return pids.length === 0 ? [] : [random.pick(pids)];
}

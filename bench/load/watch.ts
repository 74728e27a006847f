import { readFileSync } from "node:fs";
import { parseStat } from "../processTree.ts";
import type { Program } from "../service/program.ts";

/** Memory of one moment, in bytes: `proportional` counts a page that processes share once (PSS), `resident` for each of them (RSS). */
export interface Memory {
  proportional: number;
  resident: number;
}

const GROUPS = ["server", "postgres", "workers"] as const;
type Group = (typeof GROUPS)[number];
export interface Moment {
  all: Memory;
  groups: Record<Group, Memory>;
}

/** Ticks a second in /proc: 100 on every Linux. */
const TICKS = 100;

/** Looks at all processes of a service each second: `/proc/*\/smaps_rollup` (proc_pid_smaps(5)) and their processor time. */
export class Watch {
  readonly moments: Moment[] = [];
  private readonly ticks = new Map<number, { group: Group; first: number; last: number }>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly program: Program) {
    this.sample();
    this.timer = setInterval(() => this.sample(), 1_000);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Processor seconds of each group since this watch began, up to the last sample of each process. */
  get cpuSeconds(): Record<Group, number> {
    const sums = { server: 0, postgres: 0, workers: 0 };
    for (const { group, first, last } of this.ticks.values()) sums[group] += (last - first) / TICKS;
    return sums;
  }

  /** The moment with the most memory. */
  get peak(): Moment {
    return this.moments.reduce((most, each) => (each.all.proportional > most.all.proportional ? each : most));
  }

  sample(): void {
    const { server, postgres, workers } = this.program.tree();
    const groups = { server, postgres, workers };
    const moment: Moment = { all: { proportional: 0, resident: 0 }, groups: { server: { proportional: 0, resident: 0 }, postgres: { proportional: 0, resident: 0 }, workers: { proportional: 0, resident: 0 } } };
    for (const group of GROUPS) {
      for (const pid of groups[group]) {
        const memory = memoryOf(pid);
        for (const sum of [moment.all, moment.groups[group]]) {
          sum.proportional += memory.proportional;
          sum.resident += memory.resident;
        }
        this.count(pid, group);
      }
    }
    this.moments.push(moment);
  }

  private count(pid: number, group: Group): void {
    const ticks = ticksOf(pid);
    if (ticks === null) return;
    const known = this.ticks.get(pid);
    // A process that began while we watch has used all of its time since.
    if (known) known.last = ticks;
    else this.ticks.set(pid, { group, first: this.moments.length === 0 ? ticks : 0, last: ticks });
  }
}

function memoryOf(pid: number): Memory {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
    const kib = (name: string): number => Number(new RegExp(`^${name}: +(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * 1024;
    return { proportional: kib("Pss"), resident: kib("Rss") };
  } catch {
    // It has ended.
    return { proportional: 0, resident: 0 };
  }
}

function ticksOf(pid: number): number | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "latin1"))?.ticks ?? null;
  } catch {
    return null;
  }
}

import { readFileSync, readdirSync } from "node:fs";

/** What /proc says about one process. */
export interface ProcessStat {
  pid: number;
  parent: number;
  /** User and system time so far, in clock ticks. */
  ticks: number;
  /** Clock ticks after boot at which it began: with the pid it names a process for good. */
  began: string;
  /** Resident memory in pages. */
  pages: number;
}

/** Ticks a second in /proc: 100 on every Linux, whatever the kernel's own clock. */
const TICKS = 100;
/** Bytes; some 64-bit ARM kernels use larger pages, and there the memory shown would be too low. */
const PAGE = 4096;

/**
 * Parses `/proc/<pid>/stat` (proc_pid_stat(5)); null when it is something else. The program's name, in brackets, may hold spaces and
 * brackets itself, so the fields are counted from the last bracket.
 */
export function parseStat(text: string): ProcessStat | null {
  const end = text.lastIndexOf(")");
  if (end < 0) return null;
  const fields = text.slice(end + 2).trim().split(" ");
  const number = (at: number): number => Number(fields[at] ?? "none");
  const stat = { pid: Number.parseInt(text, 10), parent: number(1), ticks: number(11) + number(12), began: fields[19] ?? "", pages: number(21) };
  return [stat.pid, stat.parent, stat.ticks, stat.pages].every(Number.isFinite) ? stat : null;
}

/** The processes that stem from `root`, itself first. */
export function treeOf(root: number, all: readonly ProcessStat[]): ProcessStat[] {
  const tree = all.filter(({ pid }) => pid === root);
  // The list grows while it is walked; a process has one parent, so nobody enters twice.
  for (const { pid } of tree) tree.push(...all.filter(({ parent, pid: own }) => parent === pid && own !== root));
  return tree;
}

/** Every process of the machine at this moment, as far as it can be read. */
export function processes(): ProcessStat[] {
  const found: ProcessStat[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = parseStat(readFileSync(`/proc/${name}/stat`, "latin1"));
      if (stat !== null) found.push(stat);
    } catch {
      // It ended between the listing and the reading.
    }
  }
  return found;
}

/** Watches the memory and processor time of a process and everything it starts. */
export class TreeWatch {
  private readonly ticks = new Map<string, number>();
  private peakPages = 0;

  constructor(private readonly root: number) {}

  /** Takes one sample; cheap enough for twenty a second. */
  sample(): void {
    let pages = 0;
    for (const stat of treeOf(this.root, processes())) {
      pages += stat.pages;
      this.ticks.set(`${stat.pid} ${stat.began}`, stat.ticks);
    }
    this.peakPages = Math.max(this.peakPages, pages);
  }

  /** Largest sum of resident memory in one sample, in bytes. Pages that processes share are counted for each of them. */
  get peakBytes(): number {
    return this.peakPages * PAGE;
  }

  /** Processor seconds of all processes seen, up to the last sample of each. */
  get cpuSeconds(): number {
    return [...this.ticks.values()].reduce((sum, ticks) => sum + ticks, 0) / TICKS;
  }
}

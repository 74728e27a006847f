import { Unavailable } from "../../kernel/index.ts";
import type { BatchResult, CheckedBatch, Suspects } from "../messages.ts";
import { HashSet } from "./hashSet.ts";
import type { PartIndex } from "./partIndex.ts";

interface Work {
  /** Tasks are numbered in the order in which they began. */
  number: number;
  /** Hashes of what was checked, by source. */
  hashes: Map<string, HashSet>;
  /** Event parts that were written and are not in the lake yet, by source. */
  files: Map<string, string[]>;
  ended: Promise<void>;
  end: () => void;
  /** An earlier task holds the same events: this one is done again, after it. */
  overtaken: boolean;
  committing: boolean;
}

/** Events of one source in one task; their hashes take 270 MB then. */
const MOST_EVENTS = 20_000_000;

/** A task with more events than can be told apart at once: tried again it has as many. */
export class TooManyEvents extends Unavailable {}

/**
 * Tells batches that are worked on at the same time about each other, so that an event in both is kept once.
 *
 * Where two tasks hold the same event, the later one waits for the earlier to end; if the later one was checked first, it is done again, unless
 * it is being committed. Nobody ever waits for a task that waits, so no two wait for each other.
 */
export class UncommittedEvents {
  private readonly works = new Map<string, Work>();
  private count = 0;

  constructor(private readonly parts: PartIndex) {}

  /** A task begins; call it before its first batch is checked. */
  begin(task: string): void {
    let end!: () => void;
    const ended = new Promise<void>((resolve) => (end = resolve));
    this.works.set(task, { number: this.count++, hashes: new Map(), files: new Map(), ended, end, overtaken: false, committing: false });
  }

  /** A task is about to be committed. @returns false if it must be done again instead */
  commits(task: string): boolean {
    const work = this.works.get(task)!;
    work.committing = !work.overtaken;
    return work.committing;
  }

  /** A task has ended: its parts are in the lake, or it is given up. */
  end(task: string): void {
    this.works.get(task)?.end();
    this.works.delete(task);
  }

  /**
   * Which parts may hold events of a batch; waits for earlier tasks that do.
   * @throws TooManyEvents
   */
  async check(task: string, batch: CheckedBatch): Promise<Suspects> {
    const mine = this.works.get(task)!;
    const hashes = hashesOf(batch.hashes);
    for (;;) {
      const others = [...this.works.values()].filter((work) => work !== mine && work.hashes.get(batch.source)?.hasAny(hashes) === true);
      for (const work of others) if (work.number > mine.number && !work.committing) work.overtaken = true;
      const earlier = others.filter((work) => work.number < mine.number || work.committing);
      if (earlier.length === 0) break;
      await Promise.all(earlier.map(({ ended }) => ended));
    }
    const known = mine.hashes.get(batch.source) ?? new HashSet();
    mine.hashes.set(batch.source, known);
    // Its own files are read only for a hash that stands in them: a task of a thousand batches would read them half a million times.
    const repeats = known.hasAny(hashes);
    known.addAll(hashes);
    if (known.size > MOST_EVENTS) throw new TooManyEvents(`It has more than ${MOST_EVENTS.toLocaleString("en")} events.`, { hint: "Send it in smaller bodies or objects." });
    return { among: [...this.parts.overlapping(batch.source, batch.first, batch.last), ...(repeats ? (mine.files.get(batch.source) ?? []) : [])] };
  }

  /** A batch of the task was written. */
  written(task: string, { source, parts }: BatchResult): void {
    const { files } = this.works.get(task)!;
    files.set(source, [...(files.get(source) ?? []), ...parts.flatMap(({ kind, temporary }) => (kind === "events" ? [temporary] : []))]);
  }
}

function hashesOf(bytes: Uint8Array): Uint32Array {
  // A copy is aligned, which a view into a message need not be.
  return new Uint32Array(bytes.slice().buffer);
}

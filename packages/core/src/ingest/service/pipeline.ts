import { rm } from "node:fs/promises";
import { Conflict } from "../../kernel/index.ts";
import { objectsAt, partsOfBatch, type ServiceLake } from "../../lake/index.ts";
import type { Db } from "../../store/index.ts";
import type { KnownVersion } from "../messages.ts";
import { commitWork, type OnCommit } from "./commitWork.ts";
import type { PartIndex } from "./partIndex.ts";
import type { UncommittedEvents } from "./uncommittedEvents.ts";
import { WorkerDied, type Task, type Worked, type WorkerPool } from "./workerPool.ts";

/** What a service tells of its pipeline. */
export interface PipelineEvents {
  /** A task is in the lake. @param worked what was made of it; null when an earlier run has committed it */
  committed(task: Task, worked: Worked | null): Promise<void>;
  /** A task is to be put aside: workers die of it. */
  quarantined(task: Task, reason: string): Promise<void>;
  /** It does not go on just now, and is tried again by itself. */
  stuck(reason: string): void;
}

/** A task that has ended workers so often is put aside. */
const TRIES = 3;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;
/** What a full disk says, and a limit on the size of files, as DuckDB and Node put it. */
const DISK_FULL = /no space left|ENOSPC|disk quota|EDQUOT|file too large|EFBIG/i;
const NO_ROOM = "The disk has no room for what was received; it waits in the spool, and is tried again by itself. Make room on the disk of the data folder, or shorten the retention.";

/**
 * The way of a task into the lake: a worker maps and matches it, then it is committed as a whole, or nothing of it is.
 *
 * Whatever goes wrong, the task is done again from its beginning: its segment or object is still there, and the manifest tells whether it was committed.
 */
export class Pipeline {
  private readonly running = new Set<Promise<void>>();
  private committing: Promise<unknown> = Promise.resolve();
  private stopping = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly db: Db,
    private readonly lake: ServiceLake,
    private readonly pool: WorkerPool,
    private readonly uncommitted: UncommittedEvents,
    private readonly index: PartIndex,
    private readonly onCommit: OnCommit,
    private readonly events: PipelineEvents,
  ) {}

  /** Takes a task over; it is told by `committed` when it is in the lake. */
  add(task: Task): void {
    const done: Promise<void> = this.toTheEnd(task).finally(() => this.running.delete(done));
    this.running.add(done);
  }

  /** Tasks that are not in the lake yet. */
  get backlog(): number {
    return this.running.size;
  }

  /** Ends: what is being committed is committed, everything else stays where it is for the next run. */
  async close(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.pool.close();
    await Promise.all(this.running);
  }

  private async toTheEnd(task: Task): Promise<void> {
    let deaths = 0;
    for (let wait = FIRST_WAIT_MS; !this.stopping; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      try {
        await this.once(task);
        return;
      } catch (error) {
        if (this.stopping) return;
        const reason = error instanceof Error ? [error.message, "hint" in error && typeof error.hint === "string" ? error.hint : ""].join(" ").trim() : String(error);
        const isFull = DISK_FULL.test(reason);
        if (error instanceof WorkerDied && !isFull && ++deaths >= TRIES && (await this.putAside(task, reason))) return;
        if (!(error instanceof Overtaken)) this.events.stuck(isFull ? `${NO_ROOM} (${reason})` : reason);
        await this.pause(wait);
      }
    }
  }

  private async once(task: Task): Promise<void> {
    if (await this.lake.manifest.committed(task.id)) {
      this.index.add(await partsOfBatch(this.db, task.id));
      return this.events.committed(task, null);
    }
    this.uncommitted.begin(task.id);
    let worked: Worked | null = null;
    try {
      worked = await this.pool.run(task, task.kind === "object" ? await this.versions(task.ref.location) : []);
      const done = worked;
      // An object that could not even be opened leaves nothing to commit, and may come again many times.
      if (task.kind === "segment" || done.results.length > 0) await this.inTurn(() => this.commit(task, done));
      await this.events.committed(task, done);
    } finally {
      this.uncommitted.end(task.id);
      await this.clear(worked);
    }
  }

  private async versions(location: string): Promise<KnownVersion[]> {
    return (await objectsAt(this.db, [location])).map(({ version, bytes, upTo, complete, done }) => ({ version, bytes, upTo, complete, done }));
  }

  private async commit(task: Task, worked: Worked): Promise<void> {
    if (!this.uncommitted.commits(task.id)) throw new Overtaken("An earlier task holds the same events.");
    const parts = await commitWork(this.lake, task, worked, this.onCommit, async () => {
      await this.pause(FIRST_WAIT_MS);
      return !this.stopping;
    });
    this.index.add(parts);
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.committing.then(work);
    this.committing = done.catch(() => undefined);
    return done;
  }

  /** Removes what a task that was not committed has left in `staging`. */
  private async clear(worked: Worked | null): Promise<void> {
    for (const { temporary } of worked?.results.flatMap(({ parts }) => parts) ?? []) await rm(temporary, { force: true });
  }

  private async putAside(task: Task, reason: string): Promise<boolean> {
    try {
      await this.events.quarantined(task, reason);
      return true;
    } catch (error) {
      this.events.stuck(`${task.id} could not be put aside: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The task is done again, for a reason that is nobody's fault. */
class Overtaken extends Conflict {}

import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Conflict } from "../../kernel/index.ts";
import { objectsAt, partsOfBatch, type ServiceLake } from "../../lake/index.ts";
import { sqlState, type Db } from "../../store/index.ts";
import type { KnownVersion } from "../messages.ts";
import { commitWork, type OnCommit } from "./commitWork.ts";
import type { PartIndex } from "./partIndex.ts";
import { TooManyEvents, type UncommittedEvents } from "./uncommittedEvents.ts";
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

/** A task that has ended workers so often, or that the database refuses so often, is put aside. */
const TRIES = 3;
/** Where so many tasks in a row would be put aside, they are not at fault. */
const ASIDE_IN_A_ROW = 3;
/** SQLSTATE class 22: it is the data that the database does not take. */
const REFUSED_DATA = /^22/;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;
/** What a full disk says, and a limit on the size of files, as DuckDB and Node put it. */
const DISK_FULL = /no space left|ENOSPC|disk quota|EDQUOT|file too large|EFBIG/i;
const NOT_AT_FAULT = "Worker processes end whatever they work on: it waits in the spool, and is tried again by itself. Look at the machine's memory, and whether the program was updated without a restart.";
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
  /** Tasks that were put aside since the last one that was not. */
  private aside = 0;

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
        this.aside = 0;
        return;
      } catch (error) {
        if (this.stopping) return;
        const reason = error instanceof Error ? [error.message, "hint" in error && typeof error.hint === "string" ? error.hint : ""].join(" ").trim() : String(error);
        const isFull = DISK_FULL.test(reason);
        const isFault = (error instanceof WorkerDied && !isFull) || error instanceof TooManyEvents || REFUSED_DATA.test(sqlState(error) ?? "");
        const isAtFault = isFault && ++deaths >= TRIES && this.aside < ASIDE_IN_A_ROW;
        if (isAtFault && (await this.putAside(task, reason))) return;
        if (!(error instanceof Overtaken)) this.events.stuck(isFull ? `${NO_ROOM} (${reason})` : deaths > TRIES ? `${NOT_AT_FAULT} (${reason})` : reason);
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
    try {
      const done = await this.pool.run(task, task.kind === "object" ? await this.versions(task.ref.location) : []);
      // An object that could not even be opened leaves nothing to commit, and may come again many times.
      if (task.kind === "segment" || done.results.length > 0) await this.inTurn(() => this.commit(task, done));
      await this.events.committed(task, done);
    } catch (error) {
      await this.clear(task);
      throw error;
    } finally {
      this.uncommitted.end(task.id);
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

  /** Removes what a task that was not committed has left in `staging`, what its worker did not come to tell of included: a full disk needs it most. */
  private async clear({ id }: Task): Promise<void> {
    const { staging } = this.lake;
    for (const name of await readdir(staging)) if (name.startsWith(`${id}-`)) await rm(join(staging, name), { force: true });
  }

  private async putAside(task: Task, reason: string): Promise<boolean> {
    try {
      await this.events.quarantined(task, reason);
      this.aside++;
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

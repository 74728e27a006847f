import type pg from "pg";
import type PgBoss from "pg-boss";
import { CorduroyError } from "../kernel/index.ts";
import { isConnectionFailure } from "../store/index.ts";
import { keepAlive } from "./store.ts";

interface LoopOptions {
  boss: PgBoss;
  pool: pg.Pool;
  queue: string;
  handler: (data: unknown) => Promise<void>;
  onTrouble: (text: string) => void;
}

/** How often a queue is looked at when nobody has said that there is something: what other processes send, and what is due for another try. */
const POLL_MS = 2_000;
/** How often a job that takes long says that it goes on. */
const BEAT_MS = 15_000;

/** Does the jobs of one queue, one after the other. */
export class WorkLoop {
  private stopping = false;
  private wanted = false;
  private rouse: (() => void) | null = null;
  private readonly done: Promise<void>;

  constructor(private readonly options: LoopOptions) {
    this.done = this.run();
  }

  /** There is something to do. */
  wake(): void {
    this.wanted = true;
    this.rouse?.();
  }

  /** Resolves when the job at hand is done. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.rouse?.();
    await this.done;
  }

  private async run(): Promise<void> {
    const { boss, queue } = this.options;
    while (!this.stopping) {
      this.wanted = false;
      // Gives nothing while the database is away.
      const [job] = await boss.fetch<unknown>(queue);
      if (job) await this.work(job.id, job.data);
      else if (!this.wanted) await this.pause();
    }
  }

  private async work(id: string, data: unknown): Promise<void> {
    const { boss, pool, queue, handler } = this.options;
    const beat = setInterval(() => void keepAlive(pool, queue, id).catch(() => undefined), BEAT_MS);
    const note = await handler(data).then(
      () => () => boss.complete(queue, id),
      (error: unknown) => {
        this.tell(error);
        // A library's message may quote what it was given; its class may not.
        return () => boss.fail(queue, id, { error: error instanceof CorduroyError ? error.message : error instanceof Error ? error.name : "unknown" });
      },
    );
    clearInterval(beat);
    await this.noted(note);
  }

  /** Notes an end, however long the database is away. What could not be noted when the process ends is done again. */
  private async noted(note: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await note();
        return;
      } catch (error) {
        if (!isConnectionFailure(error)) this.tell(error);
        if (this.stopping) return;
        await this.pause();
      }
    }
  }

  private tell(error: unknown): void {
    const { queue, onTrouble } = this.options;
    onTrouble(`A job of ${queue} failed: ${error instanceof Error ? error.message : String(error)}`);
  }

  private pause(): Promise<void> {
    if (this.stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      this.rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

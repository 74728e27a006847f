import { Cron } from "croner";
import PgBoss from "pg-boss";
import { afterTransaction, execute, type Database, type DbCtx } from "../store/index.ts";
import { runId } from "./runId.ts";
import { catchUp, oneAtATime, queueSql, wasRunAfter, type QueueSql } from "./store.ts";
import { WorkLoop } from "./workLoop.ts";

/** Work that is done later, by whatever process of the service is free. */
export interface Jobs {
  /**
   * Adds a job in the caller's transaction: it exists exactly if that is committed, and is begun within a second of it.
   * @param data JSON, given to the handler
   * @throws Error for a queue that was never worked on in this database
   */
  send(ctx: DbCtx, queue: string, data: object): Promise<void>;
  /**
   * Does the jobs of a queue, one at a time in this process, each at least once. One whose handler throws is tried again, ten times with growing
   * pauses over some hours; then it is kept among the dead letters and `onTrouble` is told.
   */
  work(queue: string, handler: (data: unknown) => Promise<void>): Promise<void>;
  /**
   * Runs `handler` at the times of a cron pattern (five fields, or six with seconds; UTC). Of all processes one runs it, once a time, and never while the last run
   * goes on. A run that fails is told to `onTrouble` and not tried again: the next time comes.
   * @throws TypeError for a pattern that is none
   */
  schedule(name: string, cron: string, handler: () => Promise<void>): Promise<void>;
  /** Takes no more jobs, and resolves when those at hand are done. */
  close(): Promise<void>;
}

export interface JobsOptions {
  /** Told in plain words of jobs that fail. */
  onTrouble: (text: string) => void;
}

const DEAD = "dead";
/** Ten tries, the first pause two to four seconds, each one twice the last: about an hour and a half. */
const RETRIES = { retryLimit: 10, retryDelay: 2, retryBackoff: true };
/** A job whose worker has not been heard of for so long is given to another. */
const EXPIRES = { expireInSeconds: 60 };
/** How often expired jobs are looked for, and those that a clock that was set back has put off, and old ones dropped. */
const UPKEEP_MS = 30_000;
const KEPT_DAYS = 30;

/**
 * Opens the queue in a database, and sets it up (schema `pgboss`) the first time. The queue is pg-boss; its own workers are not used, because they do not wait for the
 * answer when they note that a job is done: a database that is away for a moment would end the process with an unhandled rejection.
 */
export async function openJobs(database: Database, { onTrouble }: JobsOptions): Promise<Jobs> {
  const sql = queueSql(database.pool);
  const boss = new PgBoss({ db: sql, schedule: false, supervise: false, deleteAfterDays: KEPT_DAYS });
  boss.on("error", (error) => onTrouble(`The job queue is in trouble: ${error.message}`));
  await oneAtATime(database.pool, async () => {
    await boss.start();
    if ((await boss.getQueue(DEAD)) === null) await boss.createQueue(DEAD, { name: DEAD, retentionDays: KEPT_DAYS });
  });
  const loops = new Map<string, WorkLoop>();
  const crons: Cron[] = [];
  // A database that is away is tried again at the next upkeep.
  const upkeep = (): void => void catchUp(database.pool).then(() => boss.maintain()).catch(() => undefined);
  const timer = setInterval(upkeep, UPKEEP_MS).unref();
  upkeep();

  const begin = async (queue: string, options: Omit<PgBoss.Queue, "name">, handler: (data: unknown) => Promise<void>): Promise<void> => {
    await oneAtATime(database.pool, async () => {
      if ((await boss.getQueue(queue)) === null) await boss.createQueue(queue, { name: queue, ...EXPIRES, ...options });
    });
    loops.set(queue, new WorkLoop({ boss, pool: database.pool, queue, handler, onTrouble }));
  };
  const put = async (through: QueueSql, queue: string, data: object, options: PgBoss.SendOptions): Promise<string | null> => boss.send(queue, data, { ...options, db: through });

  const sendRun = async (queue: string, time: Date): Promise<void> => {
    const data = { time: time.toISOString() };
    // The id is the time's own: all processes send, and one of the jobs is kept.
    if ((await put(sql, queue, data, { id: runId(queue, time) })) !== null) return;
    // A clock that was set back meets the times again that it has had; for as long as it is behind, nothing would be run.
    if (await wasRunAfter(database.pool, queue, data.time)) await put(sql, queue, data, {});
  };

  return {
    async send(ctx, queue, data) {
      const id = await put({ executeSql: (text, values = []) => execute(ctx.db, text, values) }, queue, data, {});
      // pg-boss adds nothing, and says so by null, where there is no such queue.
      if (id === null) throw new Error(`Nobody has ever worked on the queue ${queue}.`);
      await afterTransaction(ctx, async () => loops.get(queue)?.wake());
    },
    work: (queue, handler) => begin(queue, { ...RETRIES, deadLetter: DEAD }, handler),
    async schedule(name, pattern, handler) {
      const queue = `schedule.${name}`;
      await begin(queue, { policy: "stately", retryLimit: 0 }, handler);
      crons.push(
        new Cron(pattern, { timezone: "UTC", unref: true }, async (self) => {
          const time = self.currentRun();
          if (time) await sendRun(queue, time).catch(() => undefined);
          loops.get(queue)?.wake();
        }),
      );
    },
    async close() {
      clearInterval(timer);
      for (const cron of crons) cron.stop();
      await Promise.all([...loops.values()].map((loop) => loop.stop()));
      await boss.stop({ graceful: false, close: false });
    },
  };
}

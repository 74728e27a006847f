import type pg from "pg";
import { ROLLBACK } from "../store/index.ts";

/** Any number; processes that set up the queue in one database at once wait for each other on it. */
const SETUP_LOCK = 7_117_002;

/** Statements of pg-boss, run on the product's pool. */
export interface QueueSql {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Some statements of pg-boss open a transaction of their own; a connection on which one has failed is not handed back with it open. */
export function queueSql(pool: pg.Pool): QueueSql {
  return {
    async executeSql(text, values) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        return await client.query(text, values);
      } catch (error) {
        await client.query(ROLLBACK).catch((failure: Error) => (broken = failure));
        throw error;
      } finally {
        client.release(broken);
      }
    },
  };
}

/** Runs `work` while no other process does the same in this database. */
export async function oneAtATime<T>(pool: pg.Pool, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("SELECT pg_advisory_lock($1)", [SETUP_LOCK]);
    return await work();
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [SETUP_LOCK]).catch((failure: Error) => (broken = failure));
    client.release(broken);
  }
}

/** Says that a job is still being worked on, so that it does not expire. */
export async function keepAlive(pool: pg.Pool, queue: string, id: string): Promise<void> {
  await pool.query("UPDATE pgboss.job SET started_on = now() WHERE name = $1 AND id = $2 AND state = 'active'", [queue, id]);
}

/**
 * Takes back what a clock that was set back has put off, by the database's own clock, which all of it is of: nothing is sent for later but another try, after half an hour at most; and a job that is worked
 * on says so all the time, so one of the future either does so again in a moment, or its worker is gone and it expires.
 */
export async function catchUp(pool: pg.Pool): Promise<void> {
  await pool.query("UPDATE pgboss.job SET start_after = now() WHERE (state = 'created' AND start_after > now()) OR (state = 'retry' AND start_after > now() + interval '1 hour')");
  await pool.query("UPDATE pgboss.job SET started_on = now() WHERE state = 'active' AND started_on > now()");
}

/** Whether a schedule had a run for a time (ISO 8601) well after this one; two minutes are more than the clocks of two machines differ. */
export async function wasRunAfter(pool: pg.Pool, queue: string, time: string): Promise<boolean> {
  const { rows } = await pool.query<{ after: boolean }>("SELECT EXISTS (SELECT 1 FROM pgboss.job WHERE name = $1 AND (data->>'time')::timestamptz > $2::timestamptz + interval '2 minutes') AS after", [queue, time]);
  return rows[0]!.after;
}

import type { DuckDBConnection } from "@duckdb/node-api";

/** How long the engine may take to notice that it was interrupted. */
const GRACE_MS = 2_000;

/** Runs something of the engine against the clock of the query. */
export type Timed = <T>(connection: DuckDBConnection, work: () => Promise<T>) => Promise<T>;

/** The clock of one query: it runs while the engine works and stands while the reader of the rows lets us wait. */
export interface Clock {
  timed: Timed;
  /** The time is over and the engine was interrupted. */
  isOver(): boolean;
}

/** @param onStuck called when the engine goes on after it was interrupted. */
export function startClock(seconds: number, onStuck: () => void): Clock {
  let left = seconds * 1000;
  let over = false;
  const interrupt = (connection: DuckDBConnection) => {
    over = true;
    connection.interrupt();
    return setTimeout(onStuck, GRACE_MS);
  };
  return {
    isOver: () => over,
    timed: async (connection, work) => {
      const started = performance.now();
      let timer = setTimeout(() => (timer = interrupt(connection)), Math.max(left, 0));
      try {
        return await work();
      } finally {
        clearTimeout(timer);
        left -= performance.now() - started;
      }
    },
  };
}

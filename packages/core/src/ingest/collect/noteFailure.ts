import type { DbCtx } from "../../store/index.ts";
import { TooMuch } from "../receipt/receive.ts";
import { inWords } from "./inWords.ts";
import { NotYet } from "./poll/poller.ts";
import { collectorById, updateCollector } from "./store.ts";

/** After a failure the next try waits, twice as long each time. */
export const FIRST_WAIT_MS = 5_000;
export const LONGEST_WAIT_MS = 300_000;

/** Writes down why a collector does not go on. @returns how long to wait, in milliseconds */
export async function noteFailure(id: string, error: unknown, pause: number, { ctx, onTrouble }: { ctx: DbCtx; onTrouble: (text: string) => void }): Promise<number> {
  if (error instanceof TooMuch) return error.retryAfter * 1_000;
  // Without a database nothing can be written down either.
  const row = await collectorById(ctx.db, id).catch(() => undefined);
  if (row === undefined) return pause;
  if (error instanceof NotYet) {
    await updateCollector(ctx.db, id, { problem: null, waitingUntil: error.until }).catch(() => undefined);
    return 0;
  }
  const problem = inWords(error);
  if (problem !== row.problem) onTrouble(`Collector of ${row.url}: ${problem}`);
  await updateCollector(ctx.db, id, { problem, waitingUntil: null }).catch(() => undefined);
  return pause;
}

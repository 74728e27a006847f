import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { DbCtx } from "../../../store/index.ts";
import type { Receiver } from "../../receipt/receive.ts";
import { FIRST_WAIT_MS, LONGEST_WAIT_MS, noteFailure } from "../noteFailure.ts";
import { collectorById, keepTrack, type CollectorRow } from "../store.ts";
import { untilStopped } from "../untilStopped.ts";
import type { Poller } from "./poller.ts";
import { trackOf, trackText } from "./track.ts";

/** What polling takes. */
export interface Polling {
  ctx: DbCtx;
  receiver: Pick<Receiver, "receive">;
  poller: Poller;
  /** Resolves after so many milliseconds, or once it is to stop. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told of each problem once, when it begins. */
  onTrouble: (text: string) => void;
}

/**
 * Fetches a vendor's log until it is told to stop: a page is asked for, received as any body is, and only when it is on the disk the checkpoint moves. What
 * happens in between is forgotten by a crash and done again, from the same place; events that come twice so are told by their vendor's ids.
 *
 * The newest comes first: a backfill gets its turn whenever nothing new is there.
 */
export async function poll(id: string, polling: Polling, signal: AbortSignal): Promise<void> {
  const { ctx, poller, wait } = polling;
  let pause = FIRST_WAIT_MS;
  let newsAt = ctx.now();
  const oneTurn = async (): Promise<boolean> => {
    const row = await collectorById(ctx.db, id);
    if (row === undefined) return false;
    const now = ctx.now();
    if (row.waitingUntil !== null && row.waitingUntil > now) {
      await wait(row.waitingUntil.getTime() - now.getTime(), signal);
    } else if (newsAt <= now) {
      if (!(await onePage(row, "checkpoint", polling, signal))) newsAt = new Date(ctx.now().getTime() + poller.everyMs);
    } else if (row.backfill !== null) {
      await onePage(row, "backfill", polling, signal);
    } else {
      await wait(newsAt.getTime() - now.getTime(), signal);
    }
    pause = FIRST_WAIT_MS;
    return true;
  };
  while (!signal.aborted) {
    try {
      if (!(await untilStopped(oneTurn(), signal))) return;
    } catch (error) {
      if (signal.aborted) return;
      const ms = await noteFailure(id, error, pause, polling);
      if (ms > 0) await wait(ms, signal);
      pause = Math.min(2 * pause, LONGEST_WAIT_MS);
    }
  }
}

/** @returns whether there is more to fetch at once */
async function onePage(row: CollectorRow, which: "checkpoint" | "backfill", { ctx, receiver, poller, onTrouble }: Polling, signal: AbortSignal): Promise<boolean> {
  const before = row[which] ?? "";
  const track = trackOf(before);
  const { body, next, more, notBefore, problem = null } = await poller.page(track, signal);
  if (signal.aborted) return false;
  if (body !== null) {
    await receiver.receive({ source: row.source, sender: `collector:${row.id}`, key: keyOf(row.id, body), origin: null, body: Readable.from([Buffer.from(body, "utf8")]), stillIn: async () => !signal.aborted });
    if (signal.aborted) return false;
  }
  await keepTrack(ctx.db, row.id, which, before, next && trackText(next), { problem, waitingUntil: notBefore, lastSuccessAt: ctx.now() });
  if (problem !== null && problem !== row.problem) onTrouble(`Collector of ${row.url}: ${problem}`);
  return more;
}

/**
 * Of collector and content. With the place in it, what is asked for again because events may come late would be received each time, although nothing new was in it; with
 * the place alone, what has grown would be refused. The same bytes hold the same ids, so that nothing can be missed.
 */
function keyOf(id: string, body: string): string {
  return createHash("sha256").update(`${id} ${body}`).digest("hex");
}

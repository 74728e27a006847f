import { setTimeout as timer } from "node:timers/promises";
import type { Outbound } from "../../../net/index.ts";
import type { DbCtx } from "../../../store/index.ts";
import type { Receiver } from "../../receipt/receive.ts";
import { FIRST_WAIT_MS, LONGEST_WAIT_MS, noteFailure } from "../noteFailure.ts";
import { collectorById } from "../store.ts";
import { untilStopped } from "../untilStopped.ts";
import type { HubCollected } from "./azureEventHubs.ts";
import { Broken } from "./hubFailure.ts";
import { readTrack } from "./readTrack.ts";

/** What collecting from a hub takes. */
export interface HubCollecting {
  ctx: DbCtx;
  receiver: Pick<Receiver, "stream">;
  outbound: Outbound;
  /** Resolves after so many milliseconds, or once it is to stop. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told of each problem once, when it begins. */
  onTrouble: (text: string) => void;
}

/** How long a backfill that was asked for may go unseen. */
const LOOK_MS = 1_000;

/**
 * Reads a hub until it is told to stop: all its partitions at once, and beside what is new a backfill where there is one. Events are received as they are, and only when they are on the disk the
 * place in their partition moves. What happens in between is forgotten by a crash and done again, from the same place; an event that comes twice so is told by its place in the hub.
 */
export async function collectHub(id: string, collected: HubCollected, collecting: HubCollecting, signal: AbortSignal): Promise<void> {
  await Promise.all([follow(id, "checkpoint", collected, collecting, signal), follow(id, "backfill", collected, collecting, signal)]);
}

async function follow(id: string, which: "checkpoint" | "backfill", collected: HubCollected, collecting: HubCollecting, signal: AbortSignal): Promise<void> {
  const { ctx, wait } = collecting;
  let pause = FIRST_WAIT_MS;
  while (!signal.aborted) {
    /** Whether the hub has worked since it was opened last. */
    let worked = false;
    const turn = async (): Promise<boolean> => {
      const row = await collectorById(ctx.db, id);
      if (row === undefined) return false;
      const now = ctx.now();
      if (row.waitingUntil !== null && row.waitingUntil > now) await wait(row.waitingUntil.getTime() - now.getTime(), signal);
      else if (row[which] === null) await timer(LOOK_MS, undefined, { signal }).catch(() => undefined);
      else await readTrack(row, which, collected, collecting, () => void ([worked, pause] = [true, FIRST_WAIT_MS]), signal);
      return true;
    };
    try {
      if (!(await untilStopped(turn(), signal))) return;
    } catch (error) {
      if (signal.aborted) return;
      // Hubs end connections now and then, for their upkeep or since a token was taken back: what it means is seen when it is opened again.
      if (error instanceof Broken && worked) continue;
      const ms = await noteFailure(id, error, pause, collecting);
      if (ms > 0) await wait(ms, signal);
      pause = Math.min(2 * pause, LONGEST_WAIT_MS);
    }
  }
}

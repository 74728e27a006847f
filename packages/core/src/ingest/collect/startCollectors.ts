import { setTimeout as wait } from "node:timers/promises";
import type { DbCtx } from "../../store/index.ts";
import { connectS3 } from "../inputs/index.ts";
import type { Ingest } from "../service/service.ts";
import { assumedRole } from "./awsIdentity.ts";
import { collect, type Round } from "./collect.ts";
import { connectQueue } from "./queue.ts";
import { allCollectors, updateCollector, type CollectorRow } from "./store.ts";
import type { Intake } from "./takeIn.ts";

/** Collectors that run. */
export interface Collectors {
  /** Ends them: what is being read is left, and its messages come again. */
  stop(): Promise<void>;
}

interface Running {
  /** What it was started with. */
  settings: string;
  stop: AbortController;
  ended: Promise<void>;
}

/** How long a change of the table may go unseen. */
const LOOK_MS = 1_000;
/** Long enough that a slow object costs few prolongations, short enough that after a crash its message comes again soon. */
const HIDDEN_SECONDS = 120;

/**
 * Runs a loop for each collector of the table that is not paused, and follows its changes.
 * @param ctx of the product itself, with the database, not a transaction
 * @param onTrouble told of each problem once, when it begins
 */
export function startCollectors(ctx: DbCtx, ingest: Pick<Ingest, "read">, onTrouble: (text: string) => void, { hiddenSeconds = HIDDEN_SECONDS }: { hiddenSeconds?: number } = {}): Collectors {
  const running = new Map<string, Running>();
  const underWay: Intake["underWay"] = new Map();
  const stopping = new AbortController();

  const start = (row: CollectorRow): void => {
    const stop = new AbortController();
    running.set(row.id, { settings: settingsOf(row), stop, ended: run(ctx, row, { ingest, underWay }, hiddenSeconds, onTrouble, stop.signal) });
  };
  const follow = async (): Promise<void> => {
    const wanted = new Map((await allCollectors(ctx.db)).flatMap((row) => (row.paused ? [] : [[row.id, row] as const])));
    for (const [id, { settings, stop, ended }] of running) {
      const row = wanted.get(id);
      if (row && settingsOf(row) === settings) continue;
      stop.abort();
      await ended;
      running.delete(id);
    }
    for (const [id, row] of wanted) if (!running.has(id)) start(row);
  };
  const following = (async () => {
    while (!stopping.signal.aborted) {
      // Without a database nothing can be taken in either; it is asked again a moment later.
      await follow().catch(() => undefined);
      await wait(LOOK_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await following;
      for (const { stop } of running.values()) stop.abort();
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}

function settingsOf({ url, role }: CollectorRow): string {
  return JSON.stringify([url, role]);
}

async function run(ctx: DbCtx, row: CollectorRow, shared: Pick<Intake, "ingest" | "underWay">, hiddenSeconds: number, onTrouble: (text: string) => void, signal: AbortSignal): Promise<void> {
  const keys = row.role === null ? null : assumedRole(row.role);
  const queue = await connectQueue(row.url, keys, hiddenSeconds);
  const store = await connectS3(keys === null ? {} : { config: { credentials: keys } });
  const intake: Intake = { ...shared, db: ctx.db, store, keys };
  let known = row.problem;
  /** Whether the known problem is with the queue itself. */
  let unreachable = false;
  const tell = async (round: Round): Promise<void> => {
    // An empty queue says nothing about a message that could not be taken in and is hidden for the moment.
    const problem = round.problem ?? (round.messages === 0 && round.done && known !== null && !unreachable ? known : null);
    unreachable = round.messages === 0 && !round.done;
    if (problem !== null && problem !== known) onTrouble(`Collector of ${row.url}: ${problem}`);
    known = problem;
    await updateCollector(ctx.db, row.id, { problem, ...(round.done && { lastSuccessAt: ctx.now() }) }).catch(() => undefined);
  };
  try {
    await collect(queue, intake, hiddenSeconds * 1_000, tell, signal);
  } finally {
    queue.close();
  }
}

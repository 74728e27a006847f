import { setTimeout as timer } from "node:timers/promises";
import type { SecretBox } from "../../identity/index.ts";
import type { DbCtx } from "../../store/index.ts";
import { connectS3 } from "../inputs/index.ts";
import type { Ingest } from "../service/service.ts";
import { assumedRole } from "./awsIdentity.ts";
import { collect, type Round } from "./collect.ts";
import type { HubCollected } from "./hub/azureEventHubs.ts";
import { collectHub } from "./hub/collectHub.ts";
import { inWords } from "./inWords.ts";
import { bucketListing, reachBucket } from "./list/bucket.ts";
import { containerListing, reachContainer } from "./list/container.ts";
import { inRounds } from "./list/rounds.ts";
import { poll } from "./poll/poll.ts";
import type { Poller, PollerWay } from "./poll/poller.ts";
import { openReach } from "./poll/sealedReach.ts";
import { vendorOf } from "./poll/vendors.ts";
import { connectQueue } from "./queue.ts";
import { allCollectors, updateCollector, type CollectorRow } from "./store.ts";
import type { Intake, NotifiedIntake } from "./takeIn.ts";

/** Collectors that run. */
export interface Collectors {
  /** Ends them: what is being read is left, and its messages come again. */
  stop(): Promise<void>;
}

/** What collectors need of the service. */
export interface CollectorSetup extends PollerWay {
  ingest: Pick<Ingest, "read" | "receiver">;
  box: SecretBox;
  /** Told of each problem once, when it begins. */
  onTrouble: (text: string) => void;
  /** For how long messages of a queue are hidden, in seconds. */
  hiddenSeconds?: number;
  /** How many objects of a store are asked for at once. */
  pageSize?: number;
  /** Resolves after so many milliseconds, or once it is to stop. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
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
 */
export function startCollectors(ctx: DbCtx, setup: CollectorSetup): Collectors {
  const running = new Map<string, Running>();
  const underWay: Intake["underWay"] = new Map();
  const stopping = new AbortController();

  const run = (row: CollectorRow, signal: AbortSignal): Promise<void> => (row.kind === "sqs" ? runQueue(ctx, row, underWay, setup, signal) : runVendor(ctx, row, underWay, setup, signal));
  const start = (row: CollectorRow): void => {
    const stop = new AbortController();
    running.set(row.id, { settings: settingsOf(row), stop, ended: run(row, stop.signal) });
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
      await aWhile(LOOK_MS, stopping.signal);
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

function settingsOf({ url, role, sealed }: CollectorRow): string {
  return JSON.stringify([url, role, sealed]);
}

/** A timer waits for 24 days at most, which is longer than anything here. */
async function aWhile(ms: number, signal: AbortSignal): Promise<void> {
  await timer(ms, undefined, { signal }).catch(() => undefined);
}

/** What a row asks: pages of a list or of a vendor's log, or an event hub. */
async function reachedBy({ db, now }: DbCtx, row: CollectorRow, underWay: Intake["underWay"], { ingest, box, outbound, pageSize }: CollectorSetup, signal: AbortSignal): Promise<Poller | HubCollected> {
  if (row.kind === "s3") return inRounds(bucketListing(await reachBucket(row), { ingest, underWay, db }, pageSize), now);
  if (row.kind === "azure-blob") return inRounds(containerListing(row, reachContainer(row, box, outbound, pageSize), { db, now, underWay, signal, receiver: ingest.receiver }), now);
  const vendor = vendorOf(openReach(box, row));
  return "hub" in vendor ? vendor : vendor.poller({ outbound });
}

async function runVendor(ctx: DbCtx, row: CollectorRow, underWay: Intake["underWay"], setup: CollectorSetup, signal: AbortSignal): Promise<void> {
  const { ingest, outbound, onTrouble, wait = aWhile } = setup;
  const way = { ctx, receiver: ingest.receiver, wait, onTrouble };
  try {
    const reached = await reachedBy(ctx, row, underWay, setup, signal);
    if ("hub" in reached) await collectHub(row.id, reached, { ...way, outbound }, signal);
    else await poll(row.id, { ...way, poller: reached }, signal);
  } catch (error) {
    // What it was set up with cannot be read: nothing but setting it up anew will help.
    const problem = inWords(error);
    onTrouble(`Collector of ${row.url}: ${problem}`);
    await updateCollector(ctx.db, row.id, { problem }).catch(() => undefined);
  }
}

async function runQueue(ctx: DbCtx, row: CollectorRow, underWay: Intake["underWay"], { ingest, onTrouble, hiddenSeconds = HIDDEN_SECONDS }: CollectorSetup, signal: AbortSignal): Promise<void> {
  const keys = row.role === null ? null : assumedRole(row.role);
  const queue = await connectQueue(row.url, keys, hiddenSeconds);
  const store = await connectS3(keys === null ? {} : { config: { credentials: keys } });
  const intake: NotifiedIntake = { ingest, underWay, db: ctx.db, store, keys };
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

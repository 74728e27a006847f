import * as z from "zod";
import { audit, authorize } from "../../identity/index.ts";
import { NotFound } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { tryHub } from "./hub/tryHub.ts";
import { inWords } from "./inWords.ts";
import { parsed } from "./parsed.ts";
import { bucketNeeds } from "./list/bucket.ts";
import { reachContainer } from "./list/container.ts";
import { CONTAINER_NEEDS } from "./list/containerReach.ts";
import { tryBucket } from "./list/tryBucket.ts";
import { tryContainer } from "./list/tryContainer.ts";
import { NotYet } from "./poll/poller.ts";
import { openReach } from "./poll/sealedReach.ts";
import { trackOf } from "./poll/track.ts";
import { vendorOf } from "./poll/vendors.ts";
import { queueNeeds, tryQueue } from "./tryQueue.ts";
import type { CollectorSetup } from "./startCollectors.ts";
import { collectorById, type CollectorRow } from "./store.ts";

/** How a try went. */
export interface Tried {
  works: boolean;
  /** What was seen, in words for a person. */
  said: string;
  /** The smallest policy, role or scope that will do. */
  needs: string;
}

/** Asks a collector's queue, store or vendor once, as the collector does, and takes nothing in. @throws Forbidden, NotFound */
export async function testCollector(ctx: DbCtx, input: { id: string }, setup: Pick<CollectorSetup, "box" | "outbound">): Promise<Tried> {
  const { id } = parsed(z.strictObject({ id: z.string().min(1).max(100) }), input);
  await authorize(ctx, "sources.write", { type: "Collector", id });
  const row = await collectorById(ctx.db, id);
  if (row === undefined) throw new NotFound("There is no such collector.");
  const tried = await tryIt(row, setup);
  await inTransaction(ctx, (inside) => audit(inside, { action: "sources.write", resource: { type: "Collector", id }, detail: { verb: "test", works: tried.works } }));
  return tried;
}

async function tryIt(row: CollectorRow, setup: Pick<CollectorSetup, "box" | "outbound">): Promise<Tried> {
  if (row.kind === "sqs") return outcomeOf(() => tryQueue(row), queueNeeds(row.url, row.role));
  if (row.kind === "azure-blob") return outcomeOf(() => tryContainer(reachContainer(row, setup.box, setup.outbound), row.url), CONTAINER_NEEDS);
  return row.kind === "s3" ? outcomeOf(() => tryBucket(row), bucketNeeds(row)) : tryVendor(row, setup);
}

async function tryVendor(row: CollectorRow, { box, outbound }: Pick<CollectorSetup, "box" | "outbound">): Promise<Tried> {
  const vendor = vendorOf(openReach(box, row));
  if ("hub" in vendor) return outcomeOf(() => tryHub(vendor.hub, outbound), vendor.needs);
  return outcomeOf(async () => {
    const { body } = await vendor.poller({ outbound }).page(trackOf(row.checkpoint ?? ""), new AbortController().signal);
    return body === null ? "It may read the log. Nothing new is there." : "It may read the log, and something new is there.";
  }, vendor.needs);
}

async function outcomeOf(ask: () => Promise<string>, needs: string): Promise<Tried> {
  try {
    return { works: true, said: await ask(), needs };
  } catch (error) {
    if (error instanceof NotYet) return { works: true, said: `It was told to wait until ${error.until.toISOString()}; whether it may read the log cannot be seen before.`, needs };
    return { works: false, said: inWords(error), needs };
  }
}

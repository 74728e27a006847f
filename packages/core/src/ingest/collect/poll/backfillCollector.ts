import * as z from "zod";
import { audit, authorize } from "../../../identity/index.ts";
import { Conflict, Invalid, NotFound } from "../../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../../store/index.ts";
import { parsed } from "../parsed.ts";
import { collectorById, updateCollector } from "../store.ts";
import { trackFrom, trackOf, trackText } from "./track.ts";

const shape = z.strictObject({ id: z.string().min(1).max(100), since: z.date() });

/**
 * Fetches once more what happened from a time on until now, beside what is new. Of a bucket: what was changed from then on. What is in the lake already is told by its ids, or by its version, and not stored again. A backfill
 * that is under way gives way to this one.
 * @throws Forbidden, NotFound, Invalid for the future, Conflict for a queue
 */
export async function backfillCollector(ctx: DbCtx, input: z.input<typeof shape>): Promise<void> {
  const { id, since } = parsed(shape, input);
  const now = ctx.now();
  await inTransaction(ctx, async (inside) => {
    await authorize(inside, "sources.write", { type: "Collector", id });
    if (since >= now) throw new Invalid("The time lies in the future.");
    const row = await collectorById(inside.db, id);
    if (row === undefined) throw new NotFound("There is no such collector.");
    if (row.kind === "sqs") throw new Conflict("A queue only tells of what is new.", { hint: "Older objects: corduroy scan s3://BUCKET --since, or send them to POST /v1/events." });
    const checkpoint = row.kind === "s3" || row.kind === "azure-blob" ? trackOf(row.checkpoint ?? "") : null;
    // What a backfill cannot read is found by the rounds that pass by nothing: they go as far back from now on.
    const reaching = checkpoint !== null && since < new Date(checkpoint.since) ? { checkpoint: trackText({ ...checkpoint, since: since.toISOString() }) } : {};
    await updateCollector(inside.db, id, { backfill: trackText(trackFrom(since, now)), ...reaching });
    await audit(inside, { action: "sources.write", resource: { type: "Collector", id }, detail: { verb: "backfill", since: since.toISOString() } });
  });
}

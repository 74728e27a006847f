import { forgetBatches as forget } from "../../lake/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import type { Ingest } from "./service.ts";

const KEPT_MS = 7 * 86_400_000;
/** Rows of one transaction: years of them may wait. */
const ROWS = 5_000;

/**
 * Forgets batches of more than a week ago that nobody can ask for again: whether a segment is in the lake is asked for as long as the segment is there. What they have brought stays with its parts,
 * and the counts with the hours of their sources. For a schedule.
 */
export async function forgetBatches(ctx: DbCtx, { receiver }: Pick<Ingest, "receiver">): Promise<void> {
  const before = new Date(ctx.now().getTime() - KEPT_MS);
  // What comes to the spool after this look is committed after it too.
  const segments = [...new Set(await receiver.spool.ids())];
  while ((await inTransaction(ctx, ({ db }) => forget(db, before.toISOString(), segments, ROWS))) === ROWS);
}

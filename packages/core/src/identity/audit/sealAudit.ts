import type { KeyObject } from "node:crypto";
import { Conflict } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { insertHead, lastHead, lastSealed, lockSealing, markPublished, sealRows, unpublishedHeads, unsealedRows } from "../store/audit.ts";
import { BEGINNING, headOf, rowHash, signHead, type SealHead } from "./head.ts";

/** Puts a head where it can be written once and never changed. Must be content with a head that is there already, and refuse a different one. */
export type PublishHead = (head: SealHead) => Promise<void>;

/** How the trail is sealed. */
export interface Sealing {
  /** Ed25519, from `signingKey`. */
  key: KeyObject;
  /** Where heads go; without it the trail is not anchored. */
  publish?: PublishHead | undefined;
}

const ROWS_AT_ONCE = 2_000;

/**
 * Seals every audit row that is committed: gives it its place and its hash, signs the new state, and publishes states that are not yet published.
 *
 * Rows become visible in another order than their ids were given out. So nothing here remembers "sealed up to id n": a row is due as long as it has no
 * place, whenever it appears, and gets the next one. Waiting for `pg_snapshot_xmin` instead would keep to the order of ids, which means nothing between
 * transactions that ran at once, and would let one long transaction anywhere in the cluster (a backup) hold up all sealing; numbers of transactions also
 * do not survive a restore into another cluster.
 * @returns how many rows were sealed
 * @throws Conflict when the trail is not as it was left: nothing is sealed on top of it
 */
export async function sealAudit(ctx: DbCtx, sealing: Sealing): Promise<number> {
  let sealed = 0;
  for (;;) {
    const count = await inTransaction(ctx, (tx) => sealSome(tx, sealing.key));
    sealed += count;
    if (count < ROWS_AT_ONCE) break;
  }
  // After the commit: a head that is published must not be of a state that was rolled back.
  if (sealing.publish) for (const row of await unpublishedHeads(ctx.db)) await publishHead(ctx, headOf(row), sealing.publish);
  return sealed;
}

async function sealSome(ctx: DbCtx, key: KeyObject): Promise<number> {
  await lockSealing(ctx.db);
  const last = await lastSealed(ctx.db);
  const before = await lastHead(ctx.db);
  if (last?.seq !== before?.seq || last?.hash !== before?.hash)
    throw new Conflict("The audit trail does not end where it was sealed last.", { hint: "Rows or heads have been changed outside the product. Verify the audit to see which." });
  const rows = await unsealedRows(ctx.db, ROWS_AT_ONCE);
  if (rows.length === 0) return 0;
  let seq = last?.seq ?? 0;
  let hash = last?.hash ?? BEGINNING;
  const sealed = rows.map((row) => ({ id: row.id, seq: ++seq, hash: (hash = rowHash(hash, row)) }));
  await sealRows(ctx.db, sealed);
  const at = ctx.now();
  await insertHead(ctx.db, { ...signHead({ seq, hash, count: rows.length, at: at.toISOString() }, key), at });
  return rows.length;
}

async function publishHead(ctx: DbCtx, head: SealHead, publish: PublishHead): Promise<void> {
  await publish(head);
  await markPublished(ctx.db, head.seq, ctx.now());
}

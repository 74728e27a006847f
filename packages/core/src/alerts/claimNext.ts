import { findingsById, isActive, type FindingRow } from "../findings/index.ts";
import { inTransaction, type Db, type DbCtx } from "../store/index.ts";
import { digestMessage } from "./messages.ts";
import type { AlertSetup } from "./schemas.ts";
import * as store from "./store/deliveries.ts";
import { lockDestinations, type DestinationRow } from "./store/destinations.ts";

/** For so long whoever sends a message has it for itself; longer than any transport takes. */
const CLAIM_MS = 5 * 60_000;

/** A message that this process alone may send now. */
export interface Claimed {
  row: store.DeliveryRow;
  destination: DestinationRow;
  until: Date;
}

/** Takes what is due next at a destination, and counts the attempt before it is made. @returns null when nothing is due */
export async function claimNext(ctx: DbCtx, destination: string, setup: Pick<AlertSetup, "publicUrl">): Promise<Claimed | null> {
  return inTransaction(ctx, async (inside) => {
    const now = inside.now();
    // Held while a digest is closed, so that nothing joins one that is already written.
    const [place] = await lockDestinations(inside.db, [destination]);
    if (place === undefined || (place.quietUntil !== null && place.quietUntil > now)) return null;
    for (;;) {
      const found = await store.nextDue(inside.db, destination, now);
      if (found === undefined) return null;
      const row = found.kind === "digest" ? await written(inside, found, setup) : found.kind === "finding" ? await stillOpen(inside, found) : found;
      if (row === null) continue;
      const until = new Date(now.getTime() + CLAIM_MS);
      const claimed = { ...row, attempts: row.attempts + 1, triedAt: now, claimedUntil: until };
      const { attempts, triedAt, claimedUntil, message, title, level } = claimed;
      await store.updateDelivery(inside.db, row.id, null, { attempts, triedAt, claimedUntil, message, title, level });
      return { row: claimed, destination: place, until };
    }
  });
}

/** A digest with what is still to be told of what it stands for; null when that is nothing. */
async function written({ db }: DbCtx, row: store.DeliveryRow, setup: Pick<AlertSetup, "publicUrl">): Promise<store.DeliveryRow | null> {
  const open = await leaveOut(db, await store.inDigest(db, row.id));
  if (open.length === 0) {
    await store.endDeliveries(db, [row.id], { outcome: "gave up", detail: "Everything in it was closed or hidden first." });
    return null;
  }
  const message = digestMessage(row.message.id, open, row.at, setup);
  return { ...row, message, title: message.title, level: message.level };
}

/** A message about one finding; null when that is not to be told of any more. */
async function stillOpen({ db }: DbCtx, row: store.DeliveryRow): Promise<store.DeliveryRow | null> {
  return (await leaveOut(db, [{ id: row.id, finding: row.finding! }])).length === 0 ? null : row;
}

/** Ends what stands for closed findings, and takes back what stands for hidden ones: of these somebody is told when they are shown again. @returns the others, the most urgent first */
async function leaveOut(db: Db, lines: readonly { id: string; finding: string }[]): Promise<FindingRow[]> {
  const rows = await findingsById(db, lines.map(({ finding }) => finding));
  const linesOf = (some: readonly FindingRow[]): string[] => lines.filter(({ finding }) => some.some(({ id }) => id === finding)).map(({ id }) => id);
  await store.endDeliveries(db, linesOf(rows.filter(({ state }) => !isActive(state))), { outcome: "gave up", detail: "The finding was closed first." });
  await store.removeLines(db, linesOf(rows.filter(({ state, suppressedBy }) => isActive(state) && suppressedBy !== null)));
  return rows.filter(({ state, suppressedBy }) => isActive(state) && suppressedBy === null);
}

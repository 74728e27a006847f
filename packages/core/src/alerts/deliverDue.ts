import { noteAlerts } from "../findings/index.ts";
import type { Delivery } from "../notify/index.ts";
import { inTransaction, type DbCtx } from "../store/index.ts";
import { claimNext, type Claimed } from "./claimNext.ts";
import { ROUTE, type AlertSetup, type Openings } from "./schemas.ts";
import { send } from "./send.ts";
import * as store from "./store/deliveries.ts";
import { lockDestinations, setQuiet } from "./store/destinations.ts";

/** After so long without success nobody tries any more. */
const LONGEST_MS = 24 * 3_600_000;
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 15 * 60_000;

/**
 * Sends what is due, one message after the other at each destination, and all destinations at once. One that does not take a message now is left alone until the next
 * try, with everything that waits for it. For a job and a schedule: how often it runs, and in how many processes, does not matter.
 */
export async function deliverDue(ctx: DbCtx, setup: AlertSetup): Promise<void> {
  const due = await store.destinationsDue(ctx.db, ctx.now());
  const ends = await Promise.allSettled(due.map((destination) => deliverTo(ctx, destination, setup)));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
}

async function deliverTo(ctx: DbCtx, destination: string, setup: AlertSetup): Promise<void> {
  for (;;) {
    const claimed = await claimNext(ctx, destination, setup);
    if (claimed === null) return;
    const end = await send(claimed.destination, claimed.row.message, setup);
    // A process that dies here sends it once more when its claim is over; vendors that fold take that for the same message.
    const told = await inTransaction(ctx, (inside) => note(inside, claimed, end, setup));
    setup.onChanged(told);
    if (end.outcome === "retry") return;
  }
}

/** Writes down how an attempt ended. @returns findings whose timeline has a new line */
async function note(ctx: DbCtx, claimed: Claimed, end: Delivery, { jobs }: AlertSetup): Promise<string[]> {
  const { row, until } = claimed;
  const now = ctx.now();
  // In the order of everybody else: the destination, then its messages.
  const [place] = await lockDestinations(ctx.db, [row.destination]);
  const failures = place?.failures ?? 0;
  if (end.outcome === "retry" && now.getTime() - row.at.getTime() < LONGEST_MS) {
    const pause = Math.max(end.after * 1000, Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS));
    // The last try is when the day is over, whatever the vendor asks for.
    const nextAt = new Date(Math.min(now.getTime() + pause, row.at.getTime() + LONGEST_MS));
    if (await store.updateDelivery(ctx.db, row.id, until, { nextAt, claimedUntil: null, detail: end.detail })) await setQuiet(ctx.db, row.destination, { quietUntil: nextAt, failures: failures + 1 });
    return [];
  }
  if (failures > 0 && end.outcome === "delivered") await setQuiet(ctx.db, row.destination, { quietUntil: null, failures: 0 });
  const outcome = end.outcome === "retry" ? "gave up" : end.outcome;
  if (!(await store.updateDelivery(ctx.db, row.id, until, { outcome, nextAt: null, claimedUntil: null, detail: end.detail }))) return [];
  const about = row.kind === "digest" ? await store.inDigest(ctx.db, row.id) : row.kind === "finding" ? [{ finding: row.finding!, openedAt: row.openedAt! }] : [];
  await noteAlerts(ctx, about.map(({ finding }) => ({ finding, text: textOf(row, outcome, end.detail), detail: { destination: row.destination, delivery: row.id, outcome, digest: row.kind === "digest" } })));
  // Somebody has to hear of it: where the team cannot be told, the security team is.
  if (outcome !== "delivered" && about.length > 0) await jobs.send(ctx, ROUTE, { findings: about.map(({ finding: id, openedAt }) => ({ id, openedAt })), to: "security" } satisfies Openings);
  return about.map(({ finding }) => finding);
}

function textOf({ destinationName, kind }: store.DeliveryRow, outcome: "delivered" | "rejected" | "gave up", detail: string): string {
  if (outcome === "delivered") return kind === "digest" ? `Told ${destinationName}, in a digest` : `Told ${destinationName}`;
  return outcome === "rejected" ? `${destinationName} could not be told: ${detail}` : `Gave up telling ${destinationName} after 24 hours: ${detail}`;
}

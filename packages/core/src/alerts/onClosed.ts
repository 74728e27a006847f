import { randomUUID } from "node:crypto";
import type { DbCtx } from "../store/index.ts";
import { resolvedMessage } from "./messages.ts";
import { DELIVER, type AlertSetup } from "./schemas.ts";
import { deliveriesOf, endDeliveries, insertDeliveries, type DeliveryRow } from "./store/deliveries.ts";
import { allDestinations } from "./store/destinations.ts";

/**
 * What follows when a finding was closed, in the transaction that has closed it: what waits is not sent any more, and PagerDuty is told that it is over where
 * it was, or may have been, told that it began. What stood in a digest has no message of its own to end.
 */
export async function onClosed(ctx: DbCtx, finding: string, { jobs }: Pick<AlertSetup, "jobs">): Promise<void> {
  const now = ctx.now();
  const sent = (await deliveriesOf(ctx.db, finding)).filter(({ outcome }) => outcome === "waiting" || outcome === "delivered");
  const pagers = new Set((await allDestinations(ctx.db)).filter(({ kind }) => kind === "pagerduty").map(({ id }) => id));
  const waiting = sent.filter(({ outcome }) => outcome === "waiting");
  await endDeliveries(ctx.db, waiting.map(({ id }) => id), { outcome: "gave up", detail: "The finding was closed first." });
  const over = sent.filter(({ destination, attempts }) => pagers.has(destination) && attempts > 0).map((row): DeliveryRow => {
    // One that is under way may still arrive until its claim is over; its end must come after it.
    const nextAt = row.claimedUntil !== null && row.claimedUntil > now ? row.claimedUntil : now;
    return { ...row, id: randomUUID(), at: now, kind: "resolved", outcome: "waiting", attempts: 0, detail: "", nextAt, triedAt: null, claimedUntil: null, message: resolvedMessage(row.message, now) };
  });
  if (over.length === 0) return;
  await insertDeliveries(ctx.db, over);
  await jobs.send(ctx, DELIVER, {});
}

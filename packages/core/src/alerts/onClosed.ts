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
  const sent = await deliveriesOf(ctx.db, [finding]);
  await endDeliveries(ctx.db, sent.filter(({ outcome }) => outcome === "waiting").map(({ id }) => id), { outcome: "gave up", detail: "The finding was closed first." });
  await endAtPagers(ctx, sent, jobs);
}

/**
 * What follows when findings were hidden, in the transaction that has hidden them: it is over at PagerDuty where it began. What waits is taken back when its
 * turn comes, so that it can still be told of when it is shown again.
 */
export async function onHidden(ctx: DbCtx, findings: readonly string[], { jobs }: Pick<AlertSetup, "jobs">): Promise<void> {
  await endAtPagers(ctx, await deliveriesOf(ctx.db, findings), jobs);
}

/** @param sent messages about single findings */
async function endAtPagers(ctx: DbCtx, sent: readonly DeliveryRow[], jobs: AlertSetup["jobs"]): Promise<void> {
  const now = ctx.now();
  const pagers = new Set((await allDestinations(ctx.db)).filter(({ kind }) => kind === "pagerduty").map(({ id }) => id));
  // An incident is the finding's, whatever the opening: it ends once.
  const over = new Map<string, DeliveryRow>();
  for (const row of sent) {
    if (!pagers.has(row.destination) || row.attempts === 0 || (row.outcome !== "waiting" && row.outcome !== "delivered")) continue;
    const cell = `${row.finding} ${row.destination}`;
    // One that is under way may still arrive until its claim is over; its end must come after it.
    const times = [now, row.claimedUntil ?? now, over.get(cell)?.nextAt ?? now].map((time) => time.getTime());
    over.set(cell, { ...row, id: randomUUID(), at: now, kind: "resolved", openedAt: null, outcome: "waiting", attempts: 0, detail: "", nextAt: new Date(Math.max(...times)), triedAt: null, claimedUntil: null, message: resolvedMessage(row.message, now) });
  }
  if (over.size === 0) return;
  await insertDeliveries(ctx.db, [...over.values()]);
  await jobs.send(ctx, DELIVER, {});
}

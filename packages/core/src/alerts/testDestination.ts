import { randomUUID } from "node:crypto";
import { audit, authorize } from "../identity/index.ts";
import { NotFound } from "../kernel/index.ts";
import type { AlertMessage, Delivery } from "../notify/index.ts";
import { inTransaction, type DbCtx } from "../store/index.ts";
import { linkTo } from "./messages.ts";
import type { AlertSetup } from "./schemas.ts";
import { send } from "./send.ts";
import { insertDeliveries } from "./store/deliveries.ts";
import { destinationById } from "./store/destinations.ts";

/** Sends a test message to a destination, once, and says how it went. @throws NotFound, Forbidden */
export async function testDestination(ctx: DbCtx, id: string, setup: AlertSetup): Promise<Delivery> {
  await authorize(ctx, "notifications.write", { type: "Destination", id });
  const row = await destinationById(ctx.db, id);
  if (row === undefined) throw new NotFound("There is no such destination.");
  const at = ctx.now();
  const delivery = randomUUID();
  const message: AlertMessage = { id: `test/${delivery}`, kind: "test", title: "Corduroy can reach you here", level: "informational", lines: [`${ctx.actor.name} has sent this to see whether alerts arrive.`], facts: [["Destination", row.name]], link: linkTo(setup, ""), at: at.toISOString() };
  const result = await send(row, message, setup);
  await inTransaction(ctx, async (inside) => {
    const outcome = result.outcome === "retry" ? "gave up" : result.outcome;
    await insertDeliveries(inside.db, [{ id: delivery, at, kind: "test", finding: null, openedAt: null, destination: id, destinationName: row.name, title: message.title, level: message.level, outcome, attempts: 1, detail: result.detail, nextAt: null, triedAt: at, claimedUntil: null, digest: null, message }]);
    await audit(inside, { action: "notifications.write", resource: { type: "Destination", id }, detail: { tested: row.name, outcome } });
  });
  return result;
}

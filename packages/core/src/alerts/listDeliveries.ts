import * as z from "zod";
import { authorize, maySeePeople } from "../identity/index.ts";
import { pageOf, placeOf, type Page } from "../kernel/index.ts";
import { inTransaction, type DbCtx } from "../store/index.ts";
import { deliveriesPage, removeDeliveries, type DeliveryRow } from "./store/deliveries.ts";

/** A message as it is shown. */
export type DeliveryLine = Pick<DeliveryRow, "id" | "at" | "finding" | "title" | "outcome" | "attempts" | "detail"> & { destination: string };

const PLACE = z.tuple([z.coerce.date(), z.string()]);
const WITHHELD = "Withheld: to see it, a role needs personal.read.";
const KEPT_MS = 90 * 86_400_000;

/** Messages that were sent, and those that wait, the newest first. @throws Forbidden; Invalid for a cursor that is none */
export async function listDeliveries(ctx: DbCtx, { cursor, limit }: { cursor?: string | undefined; limit: number }): Promise<Page<DeliveryLine>> {
  await authorize(ctx, "notifications.read", { type: "Delivery", id: "*" });
  const place = placeOf(PLACE, cursor);
  const mayRead = maySeePeople(ctx, { type: "Delivery", id: "*" });
  const rows = await deliveriesPage(ctx.db, place && { at: place[0], id: place[1] }, limit + 1);
  return pageOf(rows, limit, ({ at, id }) => [at, id], ({ id, at, finding, destinationName, title, outcome, attempts, detail }) => ({ id, at, finding, destination: destinationName, title: mayRead ? title : WITHHELD, outcome, attempts, detail }));
}

/** Forgets messages of more than 90 days ago. For a schedule. */
export async function forgetDeliveries(ctx: DbCtx): Promise<void> {
  await inTransaction(ctx, ({ db, now }) => removeDeliveries(db, new Date(now().getTime() - KEPT_MS)));
}

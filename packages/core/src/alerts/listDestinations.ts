import { authorize } from "../identity/index.ts";
import type { DbCtx } from "../store/index.ts";
import { health } from "./store/deliveries.ts";
import { allDestinations, type DestinationRow } from "./store/destinations.ts";

/** A place for alerts, as it may be shown. */
export interface DestinationHealth extends Pick<DestinationRow, "id" | "name" | "kind" | "target"> {
  lastDeliveryAt: Date | null;
  /** How the last attempt failed; null when it did not. */
  problem: string | null;
}

/** Places for alerts, without their secrets. @throws Forbidden */
export async function listDestinations(ctx: DbCtx): Promise<DestinationHealth[]> {
  await authorize(ctx, "notifications.read", { type: "Destination", id: "*" });
  const known = await health(ctx.db);
  return (await allDestinations(ctx.db)).map(({ id, name, kind, target }) => ({ id, name, kind, target, ...(known.get(id) ?? { lastDeliveryAt: null, problem: null }) }));
}

import { noteAlerts } from "../findings/index.ts";
import { audit, authorize } from "../identity/index.ts";
import { NotFound } from "../kernel/index.ts";
import { inTransaction, type DbCtx } from "../store/index.ts";
import { ROUTE, type AlertSetup, type Openings } from "./schemas.ts";
import { endDeliveries, waitingFor } from "./store/deliveries.ts";
import { deleteDestination, lockDestinations } from "./store/destinations.ts";

/**
 * Removes a place for alerts, also from every route. What waits for it is given up, and goes where its findings' routes lead now.
 * @throws NotFound, Forbidden
 */
export async function removeDestination(ctx: DbCtx, id: string, { jobs }: Pick<AlertSetup, "jobs">): Promise<void> {
  await inTransaction(ctx, async (inside) => {
    await authorize(inside, "notifications.write", { type: "Destination", id });
    const [row] = await lockDestinations(inside.db, [id]);
    if (row === undefined) throw new NotFound("There is no such destination.");
    const waiting = await waitingFor(inside.db, id);
    await endDeliveries(inside.db, waiting.map((each) => each.id), { outcome: "gave up", detail: "The destination was removed." });
    const left = waiting.flatMap(({ finding, openedAt, kind }) => (kind === "finding" && finding !== null && openedAt !== null ? [{ id: finding, openedAt }] : []));
    await noteAlerts(inside, left.map(({ id: finding }) => ({ finding, text: `${row.name} was removed before it was told`, detail: { destination: id, outcome: "gave up" } })));
    await deleteDestination(inside.db, id);
    if (left.length > 0) await jobs.send(inside, ROUTE, { findings: left, to: "team" } satisfies Openings);
    await audit(inside, { action: "notifications.write", resource: { type: "Destination", id }, detail: { removed: row.name, waiting: left.length } });
  });
}

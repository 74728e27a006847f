import { randomUUID } from "node:crypto";
import type * as z from "zod";
import { audit, authorize } from "../identity/index.ts";
import { Conflict, Invalid } from "../kernel/index.ts";
import { redacted } from "../net/index.ts";
import { inTransaction, type DbCtx } from "../store/index.ts";
import type { DestinationHealth } from "./listDestinations.ts";
import { newDestination, type AlertSetup, type Reach } from "./schemas.ts";
import * as store from "./store/destinations.ts";

/**
 * Adds a place for alerts. What it takes to send there is kept sealed and never shown again.
 * @throws Forbidden, also for an address inside the network that is not on the allow-list; Invalid; Conflict for a name that is taken
 */
export async function addDestination(ctx: DbCtx, input: z.input<typeof newDestination>, { box, outbound, mail }: AlertSetup): Promise<DestinationHealth> {
  const { data, error } = newDestination.safeParse(input);
  await authorize(ctx, "notifications.write", { type: "Destination", id: "*" });
  // zod's own message would repeat the value, which may be a secret.
  if (!data) throw new Invalid(`The destination is not complete: ${[...new Set(error.issues.map(({ path }) => path.join(".")))].join(", ")}.`, { hint: "A PagerDuty integration key has 32 letters and digits; a webhook's secret begins with whsec_; addresses begin with https://." });
  const { name, reach } = data;
  if (reach.type === "email" && mail === null) throw new Invalid("The service has no mail server.", { hint: "Start it with SMTP_URL in its environment; see docs/notifications.md." });
  const url = urlOf(reach);
  if (url !== null) await outbound.check(url);
  const id = randomUUID();
  const row = { id, name, kind: reach.type, target: targetOf(reach), sealed: box.seal(JSON.stringify(reach), `destination:${id}`), createdAt: ctx.now(), quietUntil: null, failures: 0 };
  await inTransaction(ctx, async (inside) => {
    if (!(await store.insertDestination(inside.db, row))) throw new Conflict("There is a destination of this name.", { hint: "Choose another, or remove that one first." });
    await audit(inside, { action: "notifications.write", resource: { type: "Destination", id }, detail: { added: name, kind: row.kind, target: row.target } });
  });
  return { id, name, kind: row.kind, target: row.target, lastDeliveryAt: null, problem: null };
}

function urlOf(reach: Reach): string | null {
  if (reach.type === "email") return null;
  return reach.type === "pagerduty" ? reach.endpoint : reach.url;
}

function targetOf(reach: Reach): string {
  return reach.type === "email" ? reach.to.join(", ") : redacted(urlOf(reach) ?? "");
}

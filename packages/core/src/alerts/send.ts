import { deliver, type AlertMessage, type Delivery } from "../notify/index.ts";
import { reach, type AlertSetup } from "./schemas.ts";
import type { DestinationRow } from "./store/destinations.ts";

/** Tries once to send a message to a destination, whose secret is open for as long as that takes. @returns how it ended */
export async function send({ id, sealed }: Pick<DestinationRow, "id" | "sealed">, message: AlertMessage, { box, outbound, mail }: AlertSetup): Promise<Delivery> {
  const to = reach.parse(JSON.parse(box.open(sealed, `destination:${id}`)));
  if (to.type !== "email") return deliver(to, message, outbound);
  if (mail === null) return { outcome: "retry", after: 600, detail: "The service has no mail server." };
  return deliver({ ...mail, ...to }, message, outbound);
}

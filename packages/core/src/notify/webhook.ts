import type * as z from "zod";
import type { Outbound } from "../net/index.ts";
import { messageDigest } from "./messageDigest.ts";
import { outcomeOf } from "./outcome.ts";
import type { AlertMessage, Delivery, webhookDestination } from "./schemas.ts";
import { sign } from "./signature.ts";
import { readable, shown } from "./text.ts";

/** Posts a message as JSON, in the form and with the signature of Standard Webhooks. The body is described in docs/notifications.md. */
export async function deliverWebhook(to: z.infer<typeof webhookDestination>, message: AlertMessage, outbound: Outbound): Promise<Delivery> {
  const body = JSON.stringify(bodyOf(message));
  const headers = { ...sign(to.secret, `msg_${messageDigest(message)}`, outbound.now(), body), "content-type": "application/json" };
  const answer = await outbound.request({ method: "POST", url: to.url, headers, body });
  return outcomeOf("The webhook's receiver", answer, outbound.now());
}

function bodyOf(message: AlertMessage): Record<string, unknown> {
  const { lines, facts, link } = readable(message);
  const { id, kind, level, at } = message;
  return { type: `corduroy.${kind}`, timestamp: at, data: { id, title: shown(message.title, 2000), level, lines, facts, link } };
}

import type * as z from "zod";
import type { Outbound } from "../net/index.ts";
import { outcomeOf } from "./outcome.ts";
import type { AlertMessage, Delivery, pagerdutyDestination } from "./schemas.ts";
import { readable, shown } from "./text.ts";

const SEVERITY: Record<AlertMessage["level"], "critical" | "error" | "warning" | "info"> = { critical: "critical", high: "error", medium: "warning", low: "info", informational: "info" };

const ACTION: Record<AlertMessage["kind"], "trigger" | "acknowledge" | "resolve"> = { finding: "trigger", digest: "trigger", test: "trigger", acknowledged: "acknowledge", resolved: "resolve" };

/** PagerDuty's limit for `payload.summary`. */
const SUMMARY = 1024;

/**
 * Sends an event to PagerDuty's Events API v2. The message's id is the `dedup_key`: the second trigger joins the open incident, and
 * `acknowledged` and `resolved` end what `finding` began.
 */
export async function deliverPagerduty(to: z.infer<typeof pagerdutyDestination>, message: AlertMessage, outbound: Outbound): Promise<Delivery> {
  const answer = await outbound.request({ method: "POST", url: to.endpoint, headers: { "content-type": "application/json" }, body: JSON.stringify(eventOf(to.routing_key, message)) });
  // Any other answer in 2xx is not PagerDuty's: a page that nobody gets must not count as delivered.
  if (answer.status >= 200 && answer.status < 300 && answer.status !== 202) return { outcome: "rejected", detail: `PagerDuty answered ${answer.status} instead of 202; check the endpoint.` };
  return outcomeOf("PagerDuty", answer, outbound.now(), reasonOf(answer.body, to.routing_key));
}

function eventOf(routingKey: string, message: AlertMessage): Record<string, unknown> {
  const head = { routing_key: routingKey, dedup_key: message.id, event_action: ACTION[message.kind] };
  if (head.event_action !== "trigger") return head;
  const { headline, lines, facts, link } = readable(message);
  return {
    ...head,
    payload: {
      summary: shown(headline, SUMMARY),
      source: "corduroy",
      severity: SEVERITY[message.level],
      timestamp: message.at,
      class: message.kind,
      custom_details: { ...Object.fromEntries(facts), text: lines.join("\n") },
    },
    ...(link === null ? {} : { client: "Corduroy", client_url: link, links: [{ href: link, text: "Open in Corduroy" }] }),
  };
}

/** What PagerDuty lists as wrong with an event: `{ errors: [text] }`. */
function reasonOf(body: string, routingKey: string): string | undefined {
  try {
    const { errors } = JSON.parse(body) as { errors?: unknown };
    if (!Array.isArray(errors) || errors.length === 0) return undefined;
    return shown(errors.map(String).join("; ").replaceAll(routingKey, "(the routing key)"), 300);
  } catch {
    return undefined;
  }
}

import type { Outbound } from "../net/index.ts";
import { deliverEmail } from "./email.ts";
import { outcomeOfFailure } from "./outcome.ts";
import { deliverPagerduty } from "./pagerduty.ts";
import type { AlertMessage, Delivery, Destination } from "./schemas.ts";
import { deliverSlack } from "./slack.ts";
import { deliverWebhook } from "./webhook.ts";

/**
 * Tries once to send a message. Trying again, and giving up, is the caller's: attempts of one message are one message to receivers that fold.
 *
 * @returns how it ended; whatever goes wrong on the way there is an outcome, not an error
 */
export async function deliver(destination: Destination, message: AlertMessage, outbound: Outbound): Promise<Delivery> {
  try {
    return await attempt(destination, message, outbound);
  } catch (error) {
    return outcomeOfFailure(error);
  }
}

function attempt(destination: Destination, message: AlertMessage, outbound: Outbound): Promise<Delivery> {
  if (destination.type === "pagerduty") return deliverPagerduty(destination, message, outbound);
  if (destination.type === "slack") return deliverSlack(destination, message, outbound);
  if (destination.type === "email") return deliverEmail(destination, message, outbound);
  return deliverWebhook(destination, message, outbound);
}

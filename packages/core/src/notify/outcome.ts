import { Forbidden, Invalid, Unavailable } from "../kernel/index.ts";
import { retryAfter, type OutboundAnswer } from "../net/index.ts";
import type { Delivery } from "./schemas.ts";

/** What to wait where nobody says how long, in seconds. */
export const RETRY_SECONDS = 60;

/**
 * What an HTTP answer means for the message: 2xx took it; 408, 425, 429 and 5xx may take it later; all else, redirects too, never will.
 *
 * @param name the vendor, as people call it
 * @param reason what the vendor says is wrong, if that is known to hold no secret
 */
export function outcomeOf(name: string, answer: OutboundAnswer, now: Date, reason?: string): Delivery {
  const { status } = answer;
  const said = `${name} answered ${status}${reason === undefined ? "" : `: ${reason}`}.`;
  if (status >= 200 && status < 300) return { outcome: "delivered", detail: said };
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return { outcome: "retry", after: retryAfter(answer.headers.get("retry-after"), now) ?? RETRY_SECONDS, detail: said };
  }
  return { outcome: "rejected", detail: said };
}

/** What it means that there was no answer. @throws whatever is none of `net`'s errors: a defect of ours, and no outcome */
export function outcomeOfFailure(error: unknown): Delivery {
  if (error instanceof Unavailable) return { outcome: "retry", after: RETRY_SECONDS, detail: error.message };
  if (error instanceof Forbidden || error instanceof Invalid) return { outcome: "rejected", detail: [error.message, error.hint].filter((part) => part !== undefined).join(" ") };
  throw error;
}

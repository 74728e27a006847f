import { retryAfter } from "../../../net/index.ts";

type Headers = ReadonlyMap<string, string>;

/** Nobody may have us wait for longer: what is said again after an hour is believed for another one. */
const LONGEST_MS = 3_600_000;
/** What to wait where a vendor refuses and does not say how long. */
const UNSAID_MS = 60_000;
/** So much of what a company may ask in a minute or an hour is left to its other programs. */
const LEFT_TO_OTHERS = 0.1;

/** Until when a refused request is to wait: by `Retry-After`, else until the vendor's count begins anew. */
export function refusedUntil(headers: Headers, now: Date): Date {
  const seconds = retryAfter(headers.get("retry-after"), now);
  const wait = seconds === undefined ? (untilReset(headers, now) ?? UNSAID_MS) : seconds * 1_000;
  return new Date(now.getTime() + Math.min(Math.max(wait, 1_000), LONGEST_MS));
}

/** Until when the next request waits although this one was answered: little is left of what may be asked. Null when enough is. */
export function sparedUntil(headers: Headers, now: Date): Date | null {
  const [limit, remaining, reset] = [count(headers, "limit"), count(headers, "remaining"), untilReset(headers, now)];
  if (limit === null || remaining === null || reset === null || remaining > limit * LEFT_TO_OTHERS) return null;
  return new Date(now.getTime() + Math.min(reset, LONGEST_MS));
}

/** Whether the answer says that nothing may be asked any more. */
export function isUsedUp(headers: Headers): boolean {
  return count(headers, "remaining") === 0;
}

/** `X-Rate-Limit-…` is Okta's spelling, `X-RateLimit-…` that of GitHub. */
function count(headers: Headers, name: string): number | null {
  const text = headers.get(`x-rate-limit-${name}`) ?? headers.get(`x-ratelimit-${name}`) ?? "";
  return /^\d{1,12}$/.test(text) ? Number(text) : null;
}

/** Milliseconds until the vendor's count begins anew, by its own clock where it tells the time: ours may be wrong. */
function untilReset(headers: Headers, now: Date): number | null {
  const reset = count(headers, "reset");
  if (reset === null) return null;
  const theirs = Date.parse(headers.get("date") ?? "");
  return Math.max(reset * 1_000 - (Number.isNaN(theirs) ? now.getTime() : theirs), 0);
}

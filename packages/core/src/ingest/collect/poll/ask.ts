import * as z from "zod";
import { Unavailable } from "../../../kernel/index.ts";
import type { Outbound, OutboundAnswer, OutboundRequest } from "../../../net/index.ts";
import { NotYet } from "./poller.ts";
import { isUsedUp, refusedUntil } from "./rateLimit.ts";

/** A request was refused, in a way that waiting does not change. */
export interface Refusal {
  status: number;
  /** The vendor's word for it (`E0000011`, `invalid_client`), where it is one word; its sentences may quote secrets. */
  code: string;
}

/** The vendor no longer knows the place where the last page ended. */
export class PlaceLost extends Error {}

/** What `ask` gives, or null where the place is lost. */
export function unlessLost<T>(answer: Promise<T>): Promise<T | null> {
  return answer.catch((error: unknown) => {
    if (error instanceof PlaceLost) return null;
    throw error;
  });
}

/**
 * Asks a vendor.
 * @param name the vendor, as people call it
 * @param refused says what a refusal means and what to do about it; null where it knows nothing special
 * @throws NotYet when it wants us to wait; Unavailable for every other answer but 200 and 206, and for one that is too large
 */
export async function ask(outbound: Outbound, name: string, { headers = {}, ...request }: OutboundRequest, refused: (refusal: Refusal) => Error | null): Promise<OutboundAnswer> {
  const answer = await outbound.request({ ...request, headers: { "user-agent": "corduroy", accept: "application/json", ...headers } });
  const { status } = answer;
  const isGiven = status === 200 || status === 206;
  if (isGiven && answer.complete) return answer;
  if (isGiven) throw new Unavailable(`${name} answered with more than 16 MiB at once.`, { hint: "Nothing of it was taken in; it is asked again." });
  const toWait = status === 429 || ((status === 403 || status === 503) && (answer.headers.has("retry-after") || isUsedUp(answer.headers)));
  if (toWait) throw new NotYet(refusedUntil(answer.headers, outbound.now()));
  const refusal = { status, code: codeOf(answer) };
  throw refused(refusal) ?? new Unavailable(`${name} answered ${status}${refusal.code === "" ? "" : ` (${refusal.code})`}.`, { hint: status >= 500 ? "It is asked again." : "Check what the collector was set up with." });
}

/** The body as JSON; undefined when it is none. */
export function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const word = z.string().regex(/^[A-Za-z0-9_.-]{1,80}$/);
/** Vendors put their word at one of these places. */
const told = z.union([
  z.object({ errorCode: word }).transform(({ errorCode }) => errorCode),
  z.object({ error: word }).transform(({ error }) => error),
  z.object({ error: z.object({ code: word }) }).transform(({ error }) => error.code),
  // Google's word is more exact than its status.
  z.object({ error: z.object({ errors: z.array(z.object({ reason: word })).min(1) }) }).transform(({ error }) => error.errors[0]!.reason),
  z.object({ error: z.object({ details: z.array(z.object({ reason: word.optional() })).transform((details) => details.find(({ reason }) => reason !== undefined)?.reason).pipe(word) }) }).transform(({ error }) => error.details),
  z.object({ error: z.object({ status: word }) }).transform(({ error }) => error.status),
]);

/** Azure Storage has it in a header, others in the body. */
function codeOf({ headers, body }: OutboundAnswer): string {
  return word.safeParse(headers.get("x-ms-error-code")).data ?? told.safeParse(jsonOf(body)).data ?? "";
}

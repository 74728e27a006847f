import { Conflict, CorduroyError, Forbidden, Invalid, NotFound, Unavailable } from "@corduroy/core/kernel";
import { TooLarge, TooMuch, WrongSignature } from "@corduroy/core/ingest";
import { databaseGone, isConnectionFailure } from "@corduroy/core/store";
import type { Problem } from "@corduroy/contract";
import type * as z from "zod";

/** An answer without success, and its headers. */
export interface ProblemAnswer {
  status: number;
  problem: Problem;
  headers: Record<string, string>;
}

/** Nobody has signed in, or the token is not good. */
export class Unauthenticated extends CorduroyError {}

/** The request does not fit the route's schema. */
export class Malformed extends Invalid {
  constructor(readonly issues: z.core.$ZodIssue[]) {
    super("The request is not as this route wants it.");
  }
}

const TITLES: Record<number, string> = { 400: "Invalid", 401: "Not signed in", 403: "Forbidden", 404: "Not found", 409: "Conflict", 413: "Too large", 429: "Too much at once", 500: "Our mistake", 503: "Unavailable" };

/** A problem document (RFC 9457) as it is sent. */
export function problemText(problem: Omit<Problem, "type">): string {
  return JSON.stringify({ type: "about:blank", ...problem });
}

/** Maps any error to what the caller may know of it (RFC 9457). What is no error of ours is a defect: its text stays in the log. */
export function problemOf(thrown: unknown): ProblemAnswer {
  const error = isConnectionFailure(thrown) ? databaseGone(thrown) : thrown;
  const status = statusOf(error);
  const known = error instanceof CorduroyError || status < 500;
  const problem: Problem = {
    type: "about:blank",
    title: TITLES[status] ?? "Refused",
    status,
    detail: known && error instanceof Error ? error.message : "Something went wrong on our side. It is in the service's log.",
    ...(error instanceof CorduroyError && error.hint !== undefined && { hint: error.hint }),
    ...(error instanceof Malformed && { errors: error.issues.map(({ path, message }) => ({ pointer: `/${path.map(String).join("/")}`, detail: message })) }),
  };
  const headers: Record<string, string> = {};
  if (error instanceof TooMuch) headers["Retry-After"] = String(error.retryAfter);
  else if (status === 503) headers["Retry-After"] = "5";
  if (status === 401) headers["WWW-Authenticate"] = 'Bearer realm="corduroy"';
  return { status, problem, headers };
}

function statusOf(error: unknown): number {
  if (error instanceof Unauthenticated || error instanceof WrongSignature) return 401;
  if (error instanceof TooMuch) return 429;
  if (error instanceof TooLarge) return 413;
  if (error instanceof Invalid) return 400;
  if (error instanceof Forbidden) return 403;
  if (error instanceof NotFound) return 404;
  if (error instanceof Conflict) return 409;
  if (error instanceof Unavailable) return 503;
  // Fastify's own refusals (a malformed body, a rate limit) carry their status.
  const status = typeof error === "object" && error !== null && "statusCode" in error ? Number(error.statusCode) : 500;
  return status >= 400 && status < 500 ? status : 500;
}

/** What goes wrong with one request. */
export type Fault =
  | { kind: "error"; status: number; code: string }
  | { kind: "cut"; after: number }
  | { kind: "reset" }
  | { kind: "hold"; until: Promise<unknown> };

/** S3's throttling: 503 SlowDown. */
export const slowDown: Fault = { kind: "error", status: 503, code: "SlowDown" };
export const accessDenied: Fault = { kind: "error", status: 403, code: "AccessDenied" };
export const expiredToken: Fault = { kind: "error", status: 400, code: "ExpiredToken" };
/** The connection breaks before an answer. */
export const reset: Fault = { kind: "reset" };

/** The connection breaks after so many bytes of the answer's body. */
export function cutAfter(bytes: number): Fault {
  return { kind: "cut", after: bytes };
}

/** The answer waits until the promise is settled, then comes as usual. */
export function heldUntil(until: Promise<unknown>): Fault {
  return { kind: "hold", until };
}

import type { SessionRow } from "../store/sessions.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A session ends when nobody has used it for this long… */
export const IDLE_MS = 12 * HOUR;
/** …and at the latest this long after it began. */
export const SESSION_MS = 7 * 24 * HOUR;
/** One that may only add a second factor is short. */
const ENROL_MS = HOUR;
/** For so long after signing in may a session change how one signs in. */
export const FRESH_MS = 15 * MINUTE;
/** Uses are noted at most this often. */
export const TOUCH_MS = MINUTE;

/** When a session ends at the latest. */
export function endOf({ stage, createdAt }: Pick<SessionRow, "stage" | "createdAt">): Date {
  return new Date(createdAt.getTime() + (stage === "enrol" ? ENROL_MS : SESSION_MS));
}

/** Whether a session is still good at this time. */
export function isAlive(session: Pick<SessionRow, "stage" | "createdAt" | "lastSeenAt">, now: Date): boolean {
  return now < endOf(session) && now.getTime() < session.lastSeenAt.getTime() + IDLE_MS;
}

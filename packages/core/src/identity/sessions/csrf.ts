import { createHmac } from "node:crypto";
import { sameText } from "../oneWay.ts";

/** The token that a page sends along with every change: HMAC-SHA256 of the session's secret, so nothing is stored and it ends with the session. */
export function csrfToken(session: string): string {
  return createHmac("sha256", session).update("corduroy csrf").digest("base64url");
}

/** Whether a request's token is the one of its session. */
export function csrfFits(session: string, token: string): boolean {
  return sameText(csrfToken(session), token);
}

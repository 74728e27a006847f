import { createHmac, timingSafeEqual } from "node:crypto";

/** The headers of a signed request, by lower-case name. */
export interface SignedHeaders {
  "webhook-id": string;
  /** Seconds since 1970. */
  "webhook-timestamp": string;
  /** `v1,` and base64; several are separated by spaces, while a secret is being changed. */
  "webhook-signature": string;
}

/** How old, or how far ahead, a request may be. */
const TOLERANCE_SECONDS = 5 * 60;

/**
 * Signs a request as the Standard Webhooks specification (1.0.0) says: HMAC-SHA256 over `id.timestamp.body`.
 * @param secret `whsec_` and the key in base64
 */
export function sign(secret: string, id: string, at: Date, body: string): SignedHeaders {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${digest(secret, id, timestamp, body).toString("base64")}` };
}

/**
 * Whether a request was signed with this secret, in the last five minutes. For receivers, beside the example in docs/notifications.md.
 * @param body the request's body as it came, before any parsing
 */
export function verifySignature(secret: string, headers: SignedHeaders, body: string, now: Date): boolean {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  if (!/^[0-9]{1,12}$/.test(timestamp) || Math.abs(now.getTime() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const expected = digest(secret, id, timestamp, body);
  return signatures.split(" ").some((signature) => {
    const given = Buffer.from(signature.startsWith("v1,") ? signature.slice(3) : "", "base64");
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function digest(secret: string, id: string, timestamp: string, body: string): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  return createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest();
}

import { createHmac, hkdfSync } from "node:crypto";
import { sameText } from "../oneWay.ts";

/** The secret that somebody signs webhooks with, by the id of the token that they count as: hex. */
export type WebhookSecrets = (tokenId: string) => string;

/** Made of the data key (HKDF, RFC 5869), so that none is stored. */
export function webhookSecrets(key: Uint8Array): WebhookSecrets {
  return (tokenId) => Buffer.from(hkdfSync("sha256", key, "", `corduroy webhook ${tokenId}`, 32)).toString("hex");
}

/** Whether a signature as GitHub writes it, `sha256=` and an HMAC-SHA256 (RFC 2104) in hex, is that of these bytes. */
export function isSigned(body: Uint8Array, signature: string, secret: string): boolean {
  return sameText(signature, `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
}

import { createHmac, hkdfSync } from "node:crypto";

/** What a pseudonym begins with, and how many digits of the digest follow: two of ten million people share one with a chance of 1 in 10^10. */
export const PSEUDONYM = "hidden-";
export const PSEUDONYM_HEX = 20;

/** SHA-256's. */
const BLOCK = 64;

/** The key of pseudonyms (hex), made of the data key (HKDF, RFC 5869): the same for as long as the installation has that, and no other's. */
export function pseudonymKey(dataKey: Uint8Array): string {
  return Buffer.from(hkdfSync("sha256", dataKey, "", "corduroy pseudonyms", 32)).toString("hex");
}

/**
 * What stands for an address, a name or an e-mail address where people are hidden: the same for the same text, and without the key nobody can tell which text by trying all there
 * are. HMAC-SHA256 (RFC 2104), cut.
 */
export function pseudonymOf(text: string, key: string): string {
  return PSEUDONYM + createHmac("sha256", Buffer.from(key, "hex")).update(text).digest("hex").slice(0, PSEUDONYM_HEX);
}

/** The two blocks that HMAC-SHA256 puts before what it digests, for an engine that has SHA-256 alone. @param key no longer than a block */
export function hmacPads(key: Uint8Array): { inner: Buffer; outer: Buffer } {
  const block = Buffer.alloc(BLOCK);
  block.set(key);
  return { inner: block.map((byte) => byte ^ 0x36) as Buffer, outer: block.map((byte) => byte ^ 0x5c) as Buffer };
}

import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";

/** What a token's text says: which token, and the secret that proves it. */
export interface TokenText {
  id: string;
  secret: string;
}

const TEXT = /^cdy_([0-9a-f]{16})([0-9a-f]{64})([0-9a-f]{8})$/;

/** A new token: 64 random bits of id, 256 of secret. */
export function newTokenText(): TokenText {
  return { id: randomBytes(8).toString("hex"), secret: randomBytes(32).toString("hex") };
}

/**
 * `cdy_`, id, secret and CRC-32 of both, all hex. Scanners of repositories find it by `cdy_[0-9a-f]{88}` and tell a real one from a
 * made-up one by the checksum, without asking anybody.
 */
export function printToken({ id, secret }: TokenText): string {
  return `cdy_${id}${secret}${checksum(id, secret)}`;
}

/** Null for what is no token, or one with a typing error. */
export function parseToken(text: string): TokenText | null {
  const [, id = "", secret = "", sum] = TEXT.exec(text) ?? [];
  return sum !== undefined && sum === checksum(id, secret) ? { id, secret } : null;
}

function checksum(id: string, secret: string): string {
  return crc32(id + secret).toString(16).padStart(8, "0");
}

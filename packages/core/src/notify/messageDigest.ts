import { createHash } from "node:crypto";
import type { AlertMessage } from "./schemas.ts";

/** A name for one message, the same at every attempt to send it, so that a receiver can drop what it has: 32 hex digits. */
export function messageDigest(message: AlertMessage): string {
  return digestOf([message.id, message.kind, message.at]);
}

/** A name for all messages about one thing: 32 hex digits. */
export function threadDigest(message: AlertMessage): string {
  return digestOf([message.id]);
}

function digestOf(parts: string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

import { createHash, sign, verify, type KeyObject } from "node:crypto";
import type { HeadRow, RowTexts } from "../store/audit.ts";

/** A signed state of the trail: whoever has it can tell later whether the rows up to `seq` are still the same. */
export interface SealHead {
  /** Place of the newest row it covers, from 1. */
  seq: number;
  /** That row's hash, and so the hash of all rows up to it: SHA-256, hex. */
  hash: string;
  /** How many rows lie between the head before and this one, this one's row included. */
  count: number;
  /** ISO 8601, UTC. */
  at: string;
  /** Ed25519 (RFC 8032), base64url. */
  signature: string;
}

/** The hash before the first row. */
export const BEGINNING = "0".repeat(64);

/**
 * Hash of a row: SHA-256 over the hash before it and the row's columns as one JSON array of texts and nulls. Of such a value there is only one JSON text
 * (it is its own RFC 8785 form), so nothing depends on how numbers or keys are written.
 */
export function rowHash(before: string, { texts }: RowTexts): string {
  return createHash("sha256").update(before, "latin1").update(JSON.stringify(texts), "utf8").digest("hex");
}

/** Signs a state of the trail. */
export function signHead(state: Omit<SealHead, "signature">, key: KeyObject): SealHead {
  return { ...state, signature: sign(null, signedBytes(state), key).toString("base64url") };
}

/** Whether this head was signed with the key of this public key, and says what it said then. */
export function isSignedHead(head: SealHead, publicKey: KeyObject): boolean {
  return verify(null, signedBytes(head), publicKey, Buffer.from(head.signature, "base64url"));
}

export function headOf({ seq, hash, count, at, signature }: HeadRow): SealHead {
  return { seq, hash, count, at: at.toISOString(), signature };
}

function signedBytes({ seq, hash, count, at }: Omit<SealHead, "signature">): Buffer {
  return Buffer.from(JSON.stringify(["corduroy audit head", seq, hash, count, at]), "utf8");
}

import { createHash } from "node:crypto";
import type { Marks } from "./followedText.ts";

/** How far a text was taken. */
export interface Place {
  /** Number of the last record taken, or of the last line where each line is one; 0 before the first. */
  records: number;
  /** Where it ends in the text. */
  bytes: number;
  /** The last line was taken before its newline was written. */
  midline: boolean;
}

/** Some records of a text in the form of one body; received as such, they keep their bytes and numbers. */
export interface Portion {
  /** Empty where there were only blank lines. */
  body: Buffer;
  /** Number of the body's first record, or line. */
  from: number;
  records: number;
  /** No record, or one that may be read as several: it must not share numbers with the others. */
  apart: boolean;
  /** Up to where the text is taken, once the body is. */
  place: Place;
  /** Of the text up to `place`. The head is null when it was not read again. */
  marks: Pick<Marks, "tailFrom" | "tailTo" | "tail"> & { head: Pick<Marks, "head" | "headBytes"> | null };
}

/** A body is ended by as many records or bytes; a longer record is one by itself. */
export const PORTION = { records: 5_000, bytes: 4 * 1024 * 1024 };

/** Length of a mark: with any time or id in a record, two texts differ within it. */
const MARK_BYTES = 4_096;

/**
 * Marks of a text.
 * @param head the first bytes of the text, when they are at hand
 * @param last bytes that end where the taken part ends
 * @param to where that is
 */
export function marksOf(head: Buffer | null, last: Buffer, to: number): Portion["marks"] {
  const tail = last.subarray(Math.max(0, last.length - MARK_BYTES));
  const first = head?.subarray(0, Math.min(MARK_BYTES, to)) ?? null;
  return { tailFrom: to - tail.length, tailTo: to, tail: sha256(tail), head: first && { head: sha256(first), headBytes: first.length } };
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

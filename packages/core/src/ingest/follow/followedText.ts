import { createHash } from "node:crypto";
import { decompress } from "../read/decompress.ts";

/** Digests (SHA-256, hex) of two stretches of a text, by which it is known again under another name, or packed. */
export interface Marks {
  /** Bytes of the stretch at the beginning. */
  headBytes: number;
  head: string;
  /** Where the stretch at the end begins. */
  tailFrom: number;
  tailTo: number;
  tail: string;
}

/** A text that can be read from any place. */
export interface FollowedText {
  /** The text from this byte on. @param onDamage told when the packed bytes end early or are damaged; what lies before was read */
  text(from: number, onDamage?: (reason: string) => void): AsyncIterable<Buffer>;
}

/** Whether a text is one that these marks were taken of, grown or not. */
export async function bears(text: FollowedText, { headBytes, head, tailFrom, tailTo, tail }: Marks): Promise<boolean> {
  return (await digest(text, 0, headBytes)) === head && (await digest(text, tailFrom, tailTo - tailFrom)) === tail;
}

/** Digest of so many bytes of a text; null when it has fewer. */
async function digest(text: FollowedText, from: number, length: number): Promise<string | null> {
  const hash = createHash("sha256");
  let left = length;
  for await (const chunk of text.text(from)) {
    hash.update(chunk.subarray(0, left));
    left -= Math.min(left, chunk.length);
    if (left === 0) break;
  }
  return left === 0 ? hash.digest("hex") : null;
}

/**
 * A text from this byte on.
 * @param stored the bytes that are kept, from one of them on
 * @param packed whether they are unpacked first
 */
export async function* textFrom(stored: (from: number) => AsyncIterable<Buffer>, packed: boolean, from: number, onDamage: (reason: string) => void = () => undefined): AsyncGenerator<Buffer> {
  if (!packed) {
    yield* stored(from);
    return;
  }
  let at = 0;
  for await (const chunk of decompress(stored(0), onDamage)) {
    if (at + chunk.length > from) yield chunk.subarray(Math.max(0, from - at));
    at += chunk.length;
  }
}

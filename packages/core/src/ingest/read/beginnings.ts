import { firstKey } from "./layout.ts";
import { isSpace } from "./structure.ts";

const OPEN = 0x7b;
const QUOTE = 0x22;
const COLON = 0x3a;
const LIST = 0x5b;
const NEWLINE = 0x0a;

/** First keys to remember: sources whose records begin in more ways than this are not known. */
const KEYS = 8;
/** White space between `{` and a key that is looked through. */
const GAP = 256;

/** Where a search ended: at a beginning, or without one after looking at everything before `to`. */
export type Search = { found: number } | { found: null; to: number };

/**
 * How records begin, learnt from those read so far: by their first keys. After damage, reading goes on at the next such beginning.
 * A nested object that begins with the same key is taken for a record when it follows the damage before the next record does;
 * nothing in the bytes tells them apart.
 */
export class Beginnings {
  private readonly keys: Buffer[] = [];

  /** Learns how the record `buffer[start..end)` begins. */
  learn(buffer: Buffer, start: number, end: number): void {
    if (this.keys.length === KEYS || (this.known && this.at(buffer, start, end) === true)) return;
    const key = firstKey(buffer, start, end);
    if (key) this.keys.push(key);
  }

  /** Until something is known, every object with a key is taken for a beginning. */
  get known(): boolean {
    return this.keys.length > 0;
  }

  /**
   * Searches for the next beginning at or after `from`.
   * @param floor the bytes before it are none of this text's business
   * @param anywhere whether whatever precedes is fine; if not, an object that is a value or a list's first element is none
   */
  search(buffer: Buffer, from: number, floor: number, anywhere: boolean, last: boolean): Search {
    for (let k = buffer.indexOf(OPEN, from); k >= 0; k = buffer.indexOf(OPEN, k + 1)) {
      const is = this.at(buffer, k, buffer.length);
      if (is === null && !last) return { found: null, to: k };
      if (is === true && (anywhere || !isNested(buffer, k, floor))) return { found: k };
    }
    return { found: null, to: buffer.length };
  }

  /** Whether a record's beginning lies here; null when too few bytes are there to tell. */
  private at(buffer: Buffer, start: number, end: number): boolean | null {
    let k = start + 1;
    const gap = Math.min(end, k + GAP);
    while (k < gap && isSpace(buffer[k]!)) k++;
    if (k === end) return null;
    return this.known ? this.firstKeyAt(buffer, k, end) : buffer[k] === QUOTE;
  }

  /**
   * Whether the key at `k` goes on with a record that seemed to have ended at `end`; one that records begin with belongs to the next
   * record, which has lost its brace, unless there was nothing between the braces of this one. Null when too few bytes are there to tell.
   */
  goesOn(buffer: Buffer, start: number, end: number, k: number): boolean | null {
    const isFirst = firstKey(buffer, start, end) === null ? false : this.firstKeyAt(buffer, k, buffer.length);
    if (isFirst !== false) return isFirst === null ? null : false;
    const close = buffer.indexOf(QUOTE, k + 1);
    let after = close + 1;
    while (after < buffer.length && isSpace(buffer[after]!)) after++;
    return close < 0 || after === buffer.length ? null : buffer[after] === COLON;
  }

  /** Whether one of the known first keys lies at `k`; null when too few bytes are there to tell. */
  private firstKeyAt(buffer: Buffer, k: number, end: number): boolean | null {
    let cut = false;
    for (const key of this.keys) {
      let same = 0;
      while (same < key.length && k + same < end && buffer[k + same] === key[same]) same++;
      if (same === key.length) return true;
      if (k + same === end) cut = true;
    }
    return cut ? null : false;
  }
}

/** Whether the object that begins at `k` is a value, or the first in a list: by what precedes it. At a line's very beginning it is not. */
function isNested(buffer: Buffer, k: number, floor: number): boolean {
  if (buffer[k - 1] === NEWLINE) return false;
  let before = k - 1;
  while (before > floor && isSpace(buffer[before]!)) before--;
  return buffer[before] === COLON || buffer[before] === LIST;
}

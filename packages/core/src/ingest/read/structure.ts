const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const LIST = 0x5b;
const BACKSLASH = 0x5c;
const LIST_END = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const NEWLINE = 0x0a;

/** Which bytes mean something inside a string: its end, an escape, and a raw newline, which only a missing quote explains. */
const IN_STRING = new Uint8Array(256);
for (const byte of [QUOTE, BACKSLASH, NEWLINE]) IN_STRING[byte] = 1;
/** Which bytes numbers and words (`true`, `null`) are made of. */
const IN_SCALAR = new Uint8Array(256);
for (const byte of Buffer.from("+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) IN_SCALAR[byte] = 1;

export const isSpace = (byte: number): boolean => byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09;

// What may come next. Plain numbers, not names, because this is looked at for every token.
const VALUE = 0;
const VALUE_OR_LIST_END = 1;
const KEY_OR_END = 2;
const KEY = 3;
const COLON_ONLY = 4;
const COMMA_OR_END = 5;
/** The bytes ran out within a number or a word: its rest, a comma or an end. */
const REST_OF_SCALAR = 6;

/** The bytes ran out before the object ended. */
export const MORE = -1;
/** The bytes are no JSON: see `Structure.at`. */
export const BROKEN = -2;

/**
 * Follows the structure of one JSON object byte by byte (RFC 8259): strings, nesting, and the order of keys, colons, values and
 * commas. It stops at the first byte that cannot be, which is what keeps one broken record from swallowing its neighbours.
 * What numbers, words and escapes say is left to the parser. It can stop anywhere and go on with more bytes; depth is bounded by
 * the length of the object alone.
 */
export class Structure {
  /** The next byte to look at, or the byte that cannot be; an escape may leave it one past the end. */
  at = 0;
  private next: number = VALUE;
  private inString = false;
  private inObject = false;
  private depth = 0;
  /** For each open bracket, whether it stands in an object. */
  private outer: Uint8Array = new Uint8Array(64);

  /** Begins with the `{` at this index. */
  begin(at: number): void {
    this.at = at;
    this.next = VALUE;
    this.inString = false;
    this.inObject = false;
    this.depth = 0;
  }

  /** Begins inside an object, after one of its values. */
  beginAfterValue(at: number): void {
    this.begin(at);
    this.next = COMMA_OR_END;
    this.inObject = true;
    this.depth = 1;
    this.outer[0] = 0;
  }

  /** Goes on up to `length`. @returns the index after the object's end, `MORE` or `BROKEN` */
  run(buffer: Uint8Array, length: number): number {
    let k = this.at;
    let { next, inString, inObject, depth, outer } = this;
    // As a local it is known not to change, byte after byte: a third faster.
    const special = IN_STRING;
    let result = MORE;
    if (next === REST_OF_SCALAR) {
      while (k < length && IN_SCALAR[buffer[k]!] === 1) k++;
      if (k < length) next = COMMA_OR_END;
    }
    while (k < length) {
      if (inString) {
        let byte = 0;
        // Four at a time: 715 MB/s against 645 for whole records; eight are no faster.
        while (k + 4 <= length && (special[buffer[k]!]! | special[buffer[k + 1]!]! | special[buffer[k + 2]!]! | special[buffer[k + 3]!]!) === 0) k += 4;
        while (k < length && special[(byte = buffer[k]!)] === 0) k++;
        if (k >= length) break;
        if (byte === BACKSLASH) {
          k += 2;
          continue;
        }
        if (byte === NEWLINE) {
          result = BROKEN;
          break;
        }
        inString = false;
        k++;
        if (next === VALUE || next === VALUE_OR_LIST_END) next = COMMA_OR_END;
        else if (buffer[k] === COLON && k < length) {
          // Nearly every key: a token less to go round for.
          next = VALUE;
          k++;
        } else next = COLON_ONLY;
        continue;
      }
      const byte = buffer[k]!;
      if (byte === QUOTE) {
        if (next === COLON_ONLY || next === COMMA_OR_END) {
          result = BROKEN;
          break;
        }
        inString = true;
      } else if (byte === COMMA) {
        if (next !== COMMA_OR_END) {
          result = BROKEN;
          break;
        }
        next = inObject ? KEY : VALUE;
      } else if (byte === COLON) {
        if (next !== COLON_ONLY) {
          result = BROKEN;
          break;
        }
        next = VALUE;
      } else if (byte === OPEN || byte === LIST) {
        if (next !== VALUE && next !== VALUE_OR_LIST_END) {
          result = BROKEN;
          break;
        }
        if (depth === outer.length) outer = this.deepen();
        outer[depth++] = inObject ? 1 : 0;
        inObject = byte === OPEN;
        next = inObject ? KEY_OR_END : VALUE_OR_LIST_END;
      } else if (byte === CLOSE || byte === LIST_END) {
        const empty = inObject ? KEY_OR_END : VALUE_OR_LIST_END;
        if ((byte === CLOSE) !== inObject || (next !== COMMA_OR_END && next !== empty)) {
          result = BROKEN;
          break;
        }
        inObject = outer[--depth] === 1;
        next = COMMA_OR_END;
        if (depth === 0) {
          result = ++k;
          break;
        }
      } else if (!isSpace(byte)) {
        if (IN_SCALAR[byte] === 0 || (next !== VALUE && next !== VALUE_OR_LIST_END)) {
          result = BROKEN;
          break;
        }
        while (k < length && IN_SCALAR[buffer[k]!] === 1) k++;
        next = k < length ? COMMA_OR_END : REST_OF_SCALAR;
        continue;
      }
      k++;
    }
    this.at = k;
    this.next = next;
    this.inString = inString;
    this.inObject = inObject;
    this.depth = depth;
    return result;
  }

  private deepen(): Uint8Array {
    const deeper = new Uint8Array(this.outer.length * 2);
    deeper.set(this.outer);
    return (this.outer = deeper);
  }
}

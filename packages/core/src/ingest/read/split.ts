import { isUtf8 } from "node:buffer";

/** A record's exact bytes: `buffer[start..end)`, and its line (newline-delimited input) or record number, from 1. */
export interface Slice {
  buffer: Buffer;
  start: number;
  end: number;
  no: number;
}

export interface SplitHandler {
  record(slice: Slice): void;
  /** Bytes that hold no readable record; `no` is where the record would have been. */
  dead(slice: Slice, reason: string): void;
}

/** A longer record is a dead letter: the longest a log source is known to write is a hundredth of it. */
export const MAX_RECORD_BYTES = 64 * 1024 * 1024;
/** Deeper nesting than this has no meaning in a log and is only ever an attack on parsers. */
export const MAX_DEPTH = 1000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const LIST = 0x5b;
const LIST_END = 0x5d;
const COMMA = 0x2c;
const NEWLINE = 0x0a;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09;

/**
 * Splits JSON text into records on bytes, without parsing them: newline-delimited JSON, one array, a `{"Records":[…]}`
 * envelope as CloudTrail delivers it, or documents one after another. Feed chunks with `push`, then call `end`.
 *
 * A broken record must not take its neighbours along. In lines the newline ends the damage. In arrays and documents the
 * first key of the first record marks where later records begin: a record that seems to swallow such a beginning is
 * parsed once to see whether it is whole; if not, it is dead up to that beginning, and reading goes on there.
 */
export class RecordSplitter {
  private buffer: Buffer = Buffer.alloc(0);
  private at = 0;
  private no = 0;
  private mode: "detect" | "lines" | "elements" | "documents" = "detect";
  /** Bytes of the first record's first key with its quotes: what later records are expected to begin with. */
  private marker: Buffer | null = null;
  /** Where a scan of the current record stopped for want of bytes. */
  private scanned = 0;
  private depth = 0;
  private deepest = 0;
  private inString = false;
  private inEnvelope = false;
  private unfinished = false;
  /** The last search for a beginning: from where, and what it found. Without it, records that lack the marker cost a full search each. */
  private searched = { from: -1, found: -1 };

  constructor(private readonly handler: SplitHandler) {}

  /** Records and dead letters met so far: the number of the last one. */
  get count(): number {
    return this.no;
  }

  /** After `end`: whether the input stopped inside a record, so that a grown file may still complete it. */
  get endsUnfinished(): boolean {
    return this.unfinished;
  }

  push(chunk: Buffer): void {
    if (this.at === this.buffer.length) {
      this.scanned = 0;
      this.buffer = chunk;
    } else {
      this.scanned = Math.max(0, this.scanned - this.at);
      this.buffer = Buffer.concat([this.buffer.subarray(this.at), chunk]);
    }
    this.at = 0;
    this.searched = { from: -1, found: -1 };
    this.run(false);
  }

  end(): void {
    this.run(true);
  }

  private run(last: boolean): void {
    let more = true;
    while (more) {
      if (this.mode === "detect") more = this.detect(last);
      else if (this.mode === "lines") more = this.line(last);
      else more = this.element(last);
    }
  }

  private skipSpace(): void {
    const { buffer } = this;
    while (this.at < buffer.length && isSpace(buffer[this.at]!)) this.at++;
    if (this.scanned < this.at) this.scanned = this.at;
  }

  /** Tells the layout from the first bytes; wants up to 64 KiB to see the first line's end. */
  private detect(last: boolean): boolean {
    const { buffer } = this;
    if (this.at === 0 && buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) this.at = 3;
    const before = this.at;
    this.skipSpace();
    if (this.at === buffer.length) {
      this.at = buffer.length;
      return false;
    }
    if (buffer[this.at] === LIST) {
      this.at++;
      this.scanned = this.at;
      this.mode = "elements";
      return true;
    }
    if (!last && buffer.length - this.at < 65_536) {
      // Not enough to judge; keep what there is (line numbers count from the start, so blank lines stay too).
      this.at = before;
      return false;
    }
    const head = buffer.toString("latin1", this.at, this.at + 4096);
    const envelope = /^\{\s*"Records"\s*:\s*\[\s*(?=[{\]]|$)/.exec(head);
    if (envelope) {
      this.at += envelope[0].length;
      this.scanned = this.at;
      this.mode = "elements";
      this.inEnvelope = true;
      return true;
    }
    const newline = buffer.indexOf(NEWLINE, this.at);
    let next = newline + 1;
    while (newline >= 0 && next < buffer.length && isSpace(buffer[next]!)) next++;
    const broken = newline >= 0 && (buffer[next] === QUOTE || buffer[next] === CLOSE);
    this.mode = buffer[this.at] === OPEN && broken ? "documents" : "lines";
    if (this.mode === "lines") this.at = before;
    this.scanned = this.at;
    return true;
  }

  private line(last: boolean): boolean {
    const { buffer } = this;
    if (this.at >= buffer.length) return false;
    let end = buffer.indexOf(NEWLINE, Math.max(this.at, this.scanned));
    if (end < 0) {
      if (!last) {
        this.scanned = buffer.length;
        return this.tooLong("line");
      }
      end = buffer.length;
    }
    this.no++;
    let start = this.at;
    let stop = end;
    while (start < stop && isSpace(buffer[start]!)) start++;
    while (stop > start && isSpace(buffer[stop - 1]!)) stop--;
    this.at = Math.min(end + 1, buffer.length);
    this.scanned = this.at;
    if (start === stop) return true;
    const slice: Slice = { buffer, start, end: stop, no: this.no };
    if (last && end === buffer.length && buffer[stop - 1] !== CLOSE) {
      this.unfinished = true;
      this.handler.dead(slice, "the file ends inside this record");
    } else if (buffer[start] !== OPEN) this.handler.dead(slice, "not a JSON object");
    else this.record(slice);
    return true;
  }

  private element(last: boolean): boolean {
    this.skipSpace();
    const { buffer } = this;
    while (this.at < buffer.length && (buffer[this.at] === COMMA || isSpace(buffer[this.at]!))) this.at++;
    if (this.scanned < this.at) this.resetScan();
    if (this.at >= buffer.length) {
      return false;
    }
    const byte = buffer[this.at]!;
    if (byte === OPEN) return this.object(last);
    if (byte === LIST_END && this.mode === "elements") return this.closeList(last);
    return this.junk(last);
  }

  /** After the array: the envelope's other members are of no interest; another document may follow. */
  private closeList(last: boolean): boolean {
    const { buffer } = this;
    let from = this.at + 1;
    if (this.inEnvelope) {
      const end = this.endOfObject(from);
      if (end < 0) {
        if (last) this.at = buffer.length;
        return last ? false : this.tooLong("text after the records");
      }
      from = end;
    }
    this.at = from;
    this.inEnvelope = false;
    this.mode = "detect";
    this.resetScan();
    // `detect` skips a byte order mark only at the very start; a second document has none.
    return true;
  }

  /** The index after the `}` that closes the object whose members continue at `from`, or -1. */
  private endOfObject(from: number): number {
    let depth = 1;
    let inString = false;
    for (let k = from; k < this.buffer.length; k++) {
      const byte = this.buffer[k]!;
      if (inString) {
        if (byte === BACKSLASH) k++;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPEN || byte === LIST) depth++;
      else if ((byte === CLOSE || byte === LIST_END) && --depth === 0) return k + 1;
    }
    return -1;
  }

  private resetScan(): void {
    this.scanned = this.at;
    this.depth = 0;
    this.deepest = 0;
    this.inString = false;
  }

  /** Goes on scanning the object that begins at `at`; the index after its end, or -1 when the bytes run out. */
  private scan(): number {
    const { buffer } = this;
    const length = buffer.length;
    let k = this.scanned;
    let depth = this.depth;
    let deepest = this.deepest;
    let inString = this.inString;
    while (k < length) {
      if (inString) {
        for (;;) {
          const byte = buffer[k];
          if (byte === QUOTE) break;
          if (byte === BACKSLASH) k++;
          k++;
          if (k >= length) break;
        }
        if (k >= length) break;
        inString = false;
        k++;
        continue;
      }
      const byte = buffer[k]!;
      if (byte === QUOTE) inString = true;
      else if (byte === OPEN || byte === LIST) {
        if (++depth > deepest) deepest = depth;
      } else if (byte === CLOSE || byte === LIST_END) {
        if (--depth === 0) {
          this.deepest = deepest;
          return k + 1;
        }
      }
      k++;
    }
    // A backslash may have been the last byte: then `k` lies one past the end, and the escaped byte is skipped later.
    this.scanned = k;
    this.depth = depth;
    this.deepest = deepest;
    this.inString = inString;
    return -1;
  }

  private object(last: boolean): boolean {
    const end = this.scan();
    const start = this.at;
    if (end < 0 && !last) return this.tooLong("record");
    const next = this.nextBeginning(start + 1);
    if (end < 0) {
      this.no++;
      if (next >= 0) return this.deadUntil(next, "the record is not closed");
      this.unfinished = true;
      this.deadUntil(this.buffer.length, "the file ends inside this record");
      return false;
    }
    if (next >= 0 && next < end && !this.parses(start, end)) {
      this.no++;
      return this.deadUntil(next, "the record is not valid JSON");
    }
    this.no++;
    this.at = end;
    const slice: Slice = { buffer: this.buffer, start, end, no: this.no };
    const deep = this.deepest > MAX_DEPTH;
    this.resetScan();
    if (this.marker === null) this.marker = this.firstKey(start, end);
    if (deep) this.handler.dead(slice, `nested deeper than ${MAX_DEPTH} levels`);
    else this.record(slice);
    return true;
  }

  private record(slice: Slice): void {
    if (slice.end - slice.start > MAX_RECORD_BYTES) this.handler.dead(slice, `longer than ${MAX_RECORD_BYTES / 1024 ** 2} MiB`);
    else if (!isUtf8(slice.buffer.subarray(slice.start, slice.end))) this.handler.dead(slice, "not valid UTF-8");
    else this.handler.record(slice);
  }

  /** Text where a record should begin: dead up to the next beginning, or up to the end. */
  private junk(last: boolean): boolean {
    const next = this.nextBeginning(this.at);
    if (next < 0 && !last) return this.tooLong("text");
    // What follows the last record of an envelope cut short, or trails a document, is one dead letter.
    this.no++;
    return this.deadUntil(next < 0 ? this.buffer.length : next, "not a JSON object");
  }

  private deadUntil(next: number, reason: string): boolean {
    let end = next;
    while (end > this.at && (isSpace(this.buffer[end - 1]!) || (next < this.buffer.length && this.buffer[end - 1] === COMMA))) end--;
    this.handler.dead({ buffer: this.buffer, start: this.at, end, no: this.no }, reason);
    this.at = next;
    this.resetScan();
    return true;
  }

  /** More than a record may hold without an end in sight: dead up to the next beginning, or drop what is buffered. */
  private tooLong(what: string): boolean {
    if (this.buffer.length - this.at <= MAX_RECORD_BYTES) return false;
    this.no++;
    const next = this.mode === "lines" ? -1 : this.nextBeginning(this.at + 1);
    return this.deadUntil(next < 0 ? this.buffer.length : next, `${what} longer than ${MAX_RECORD_BYTES / 1024 ** 2} MiB`);
  }

  private parses(start: number, end: number): boolean {
    try {
      JSON.parse(this.buffer.toString("utf8", start, end));
      return true;
    } catch {
      return false;
    }
  }

  private firstKey(start: number, end: number): Buffer | null {
    const { buffer } = this;
    let k = start + 1;
    while (k < end && isSpace(buffer[k]!)) k++;
    if (buffer[k] !== QUOTE) return null;
    const close = buffer.indexOf(QUOTE, k + 1);
    return close < 0 || close >= end ? null : Buffer.from(buffer.subarray(k, close + 1));
  }

  /** The `{` of the next record's likely beginning at or after `from`: `, {` (or `} {`) and then the marker; -1 if none. */
  private nextBeginning(from: number): number {
    if (this.marker === null) {
      this.marker = this.firstKey(this.at, this.buffer.length);
      if (this.marker === null) return -1;
    }
    const { from: began, found } = this.searched;
    if (began >= 0 && began <= from && (found < 0 || found >= from)) return found;
    this.searched = { from, found: this.searchBeginning(this.marker, from) };
    return this.searched.found;
  }

  private searchBeginning(marker: Buffer, from: number): number {
    const { buffer } = this;
    for (let found = buffer.indexOf(marker, from); found >= 0; found = buffer.indexOf(marker, found + 1)) {
      let k = found - 1;
      while (k >= from && isSpace(buffer[k]!)) k--;
      if (k < from || buffer[k] !== OPEN) continue;
      let before = k - 1;
      while (before > this.at && isSpace(buffer[before]!)) before--;
      if (before <= this.at || buffer[before] === COMMA || buffer[before] === CLOSE) return k;
    }
    return -1;
  }
}

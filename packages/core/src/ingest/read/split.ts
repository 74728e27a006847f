import { isUtf8 } from "node:buffer";
import { Beginnings } from "./beginnings.ts";
import { tellLayout, type Layout } from "./layout.ts";
import { LINES_BYTES, type Lines } from "./lines.ts";
import { BROKEN, isSpace, MORE, Structure } from "./structure.ts";
import { ByteWindow } from "./window.ts";

/** A record's exact bytes: `buffer[start..end)`, and its line (newline-delimited input) or record number, from 1. */
export interface Slice {
  buffer: Buffer;
  start: number;
  end: number;
  no: number;
  /** Of a record that holds several events: which of them, from 1. The bytes are its own part of the record, as JSON. */
  part?: number;
}

export interface SplitHandler {
  /** A whole object as far as its structure goes; in lines, whatever begins with `{`. The parser has the last word. */
  record(slice: Slice): void;
  /** Lines that are no JSON objects. */
  lines(lines: Lines): void;
  /** Bytes that hold no readable record; `no` is where the record would have been. */
  dead(slice: Slice, reason: string): void;
  /** The text as a whole is not complete, although no record is lost. */
  damaged(reason: string): void;
}

/** A longer record is a dead letter: the longest a log source is known to write is a hundredth of it. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;
/** What a dead letter keeps of a record that is too long. */
const KEPT_OF_TOO_LONG = 1024 * 1024;
/**
 * Bytes of one text that may be looked at again because damage was noticed only behind the next record's beginning. It is enough for
 * any honest accident, and it keeps the time linear when the damage is on purpose; after that, reading goes on behind the damage.
 */
const LOOKED_AT_AGAIN = 256 * 1024 * 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const LIST_END = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

const CUT = "the file ends inside this record";
const NO_OBJECT = "not a JSON object";
const INVALID = "the record is not valid JSON";
const TOO_LONG = `longer than ${MAX_RECORD_BYTES / 1024 ** 2} MiB (its first MiB is kept)`;

/** What is being done with the bytes from `at` on. */
type State =
  /** Looking for the next thing. */
  | { is: "between" }
  /** Following a record, or what comes after an envelope's list, to its end. */
  | { is: "object" }
  | { is: "afterList" }
  /** A record has ended at `end`; what follows tells whether it was whole. */
  | { is: "ended"; end: number; next: number; comma: boolean }
  /** Looking for the next record's beginning from `from` on. */
  | { is: "broken"; reason: string; from: number; anywhere: boolean };

const BETWEEN: State = { is: "between" };
const OBJECT: State = { is: "object" };
const AFTER_LIST: State = { is: "afterList" };

/**
 * Splits JSON text (UTF-8) into records on bytes, without parsing them, in any `Layout`; texts may follow one another. Feed chunks
 * with `push`, then call `end`.
 *
 * A broken record must not take its neighbours along: it is one dead letter up to where the next record begins, which is the
 * next line, or an object that begins as earlier ones did (see `Beginnings`).
 */
export class RecordSplitter {
  private readonly window = new ByteWindow();
  private readonly beginnings = new Beginnings();
  private readonly structure = new Structure();
  private layout: Layout | null = null;
  private state: State = BETWEEN;
  private at = 0;
  private no = 0;
  /** The start of the text: a byte order mark may come. */
  private untouched = true;
  /** Newlines passed before the layout was told. */
  private blankLines = 0;
  /** Bytes that were not enough to tell the layout; where the search for a line's end stopped. */
  private tried = 0;
  private searched = 0;
  /** The dead letter of what is being passed was given already: its bytes need not be kept. */
  private told = false;
  private lookedAtAgain = 0;
  private unfinished = false;
  /** Whether all of the window is known to be valid UTF-8; if not, each record is checked. */
  private clean = false;

  constructor(private readonly handler: SplitHandler) {}

  /** Records and dead letters met so far: the number of the last one. */
  get count(): number {
    return this.no;
  }

  /** After `end`: whether the input stopped inside a record, so that a grown file may still complete it. */
  get endsUnfinished(): boolean {
    return this.unfinished;
  }

  /** Whether bytes came in that are no record yet: more bytes, or `end`, decide. */
  get hasRest(): boolean {
    return this.at < this.window.buffer.length;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    const gone = Math.min(this.at, this.window.buffer.length);
    const rest = this.window.buffer.length - gone;
    this.window.add(chunk, gone);
    this.at -= gone;
    this.searched = Math.max(0, this.searched - gone);
    this.structure.at -= gone;
    if (this.state.is === "ended") {
      this.state.end -= gone;
      this.state.next -= gone;
    } else if (this.state.is === "broken") this.state.from = Math.max(0, this.state.from - gone);
    this.clean = rest <= chunk.length && isUtf8(this.window.buffer);
    this.run(false);
  }

  end(): void {
    this.run(true);
    const isOpen = this.layout === "list" || this.layout === "envelope";
    if (isOpen && !this.unfinished) this.handler.damaged("the file ends before its list of records does: records may be missing");
  }

  private run(last: boolean): void {
    while (this.layout === null ? this.tell(last) : this.layout === "lines" ? this.line(last) : this.element(last));
  }

  /** Tells the layout of what comes next. @returns whether there is more to do */
  private tell(last: boolean): boolean {
    const { buffer } = this.window;
    if (this.untouched) {
      if (buffer.length < 3 && !last) return false;
      if (buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) this.at = 3;
      this.untouched = false;
    }
    for (; this.at < buffer.length && isSpace(buffer[this.at]!); this.at++) if (buffer[this.at] === NEWLINE) this.blankLines++;
    const have = buffer.length - this.at;
    if (have === 0) return false;
    const byte = buffer[this.at];
    const found =
      this.no > 0 && (byte === COMMA || byte === CLOSE || byte === LIST_END)
        ? { layout: "documents" as const, begin: this.at }
        : have < 2 * this.tried && !last
          ? null
          : tellLayout(buffer, this.at, last || have > MAX_RECORD_BYTES);
    if (found === null) {
      if (have >= 2 * this.tried) this.tried = have;
      return false;
    }
    this.tried = 0;
    this.layout = found.layout;
    this.at = found.begin;
    this.searched = this.at;
    this.state = BETWEEN;
    if (this.layout === "lines" && this.no === 0) this.no = this.blankLines;
    return true;
  }

  private line(last: boolean): boolean {
    const { buffer } = this.window;
    if (this.at >= buffer.length) return false;
    if (this.clean && !this.told && this.plainLines()) return true;
    let end = buffer.indexOf(NEWLINE, Math.max(this.at, this.searched));
    const cut = end < 0;
    if (cut) {
      this.searched = buffer.length;
      if (!last) return this.tooLong();
      end = buffer.length;
    }
    if (this.told) this.told = false;
    else this.wholeLine(end, cut);
    this.at = Math.min(end + 1, buffer.length);
    return true;
  }

  /** Takes lines of text that need no closer look, many at once. @returns whether there were any */
  private plainLines(): boolean {
    const { buffer } = this.window;
    const start = this.at;
    let separator: Lines["separator"] | null = null;
    let count = 0;
    let at = start;
    while (at < buffer.length && at - start < LINES_BYTES && buffer[at] !== OPEN && !isSpace(buffer[at]!)) {
      const newline = buffer.indexOf(NEWLINE, Math.max(at, this.searched));
      if (newline < 0 || newline - at > MAX_RECORD_BYTES) break;
      const own = buffer[newline - 1] === RETURN ? "\r\n" : "\n";
      if (own !== (separator ?? own) || isSpace(buffer[newline - own.length]!)) break;
      separator = own;
      count++;
      at = newline + 1;
    }
    if (separator === null) return false;
    this.handler.lines({ buffer, start, end: at - separator.length, no: this.no + 1, count, separator });
    this.no += count;
    this.at = at;
    return true;
  }

  private wholeLine(end: number, cut: boolean): void {
    const { buffer } = this.window;
    this.no++;
    let start = this.at;
    while (start < end && isSpace(buffer[start]!)) start++;
    while (end > start && isSpace(buffer[end - 1]!)) end--;
    if (start === end) return;
    const slice: Slice = { buffer, start, end, no: this.no };
    if (buffer[start] !== OPEN) {
      this.unfinished = cut;
      this.text({ ...slice, start: this.at });
    } else if (cut && !this.closes(slice)) {
      this.unfinished = true;
      this.handler.dead(slice, CUT);
    } else this.record(slice);
  }

  /** Whether a line is one whole object: asked of a last line without its newline, which somebody may still be writing. */
  private closes({ buffer, start, end }: Slice): boolean {
    this.structure.begin(start);
    return this.structure.run(buffer, end) === end;
  }

  private element(last: boolean): boolean {
    const { state } = this;
    if (state.is === "object") return this.object(last);
    if (state.is === "ended") return this.ended(state, last);
    if (state.is === "between") return this.between();
    return state.is === "broken" ? this.broken(state, last) : this.afterList(last);
  }

  private between(): boolean {
    const { buffer } = this.window;
    while (this.at < buffer.length && (buffer[this.at] === COMMA || isSpace(buffer[this.at]!))) this.at++;
    if (this.at >= buffer.length) return false;
    const byte = buffer[this.at]!;
    if (byte === OPEN) {
      this.structure.begin(this.at);
      this.state = OBJECT;
    } else if (byte === LIST_END && this.layout === "envelope") {
      this.structure.beginAfterValue(this.at + 1);
      this.state = AFTER_LIST;
    } else if (byte === LIST_END && this.layout === "list") {
      this.at++;
      this.layout = null;
    } else this.state = { is: "broken", reason: NO_OBJECT, from: this.at + 1, anywhere: true };
    return true;
  }

  private object(last: boolean): boolean {
    const { buffer } = this.window;
    const end = this.structure.run(buffer, buffer.length);
    if (end === MORE && !last) return this.tooLong();
    if (end >= 0) {
      this.state = { is: "ended", end, next: end, comma: false };
      return true;
    }
    if (!this.beginnings.known) this.beginnings.learn(buffer, this.at, buffer.length);
    this.state = { is: "broken", reason: end === MORE ? CUT : INVALID, from: this.at + 1, anywhere: false };
    return true;
  }

  /** A record is whole when what follows can follow: the next one, a comma before no key, the list's end, or nothing. */
  private ended(state: State & { is: "ended" }, last: boolean): boolean {
    const { buffer } = this.window;
    for (; state.next < buffer.length; state.next++) {
      const byte = buffer[state.next]!;
      if (byte === COMMA && !state.comma) state.comma = true;
      else if (!isSpace(byte)) break;
    }
    if (state.next >= buffer.length && !last) return this.tooLong();
    this.beginnings.learn(buffer, this.at, state.end);
    const fits = this.fits(state);
    if (fits === null && !last) return this.tooLong();
    const byte = buffer[state.next];
    if (fits === false) {
      this.structure.at = state.next;
      this.state = { is: "broken", reason: INVALID, from: byte === undefined ? this.at + 1 : state.end, anywhere: false };
      return true;
    }
    if (this.told) this.told = false;
    else {
      this.no++;
      this.record({ buffer, start: this.at, end: state.end, no: this.no });
    }
    this.at = state.end;
    this.state = BETWEEN;
    return true;
  }

  /** Whether what follows a record can follow it; null when too few bytes are there to tell. */
  private fits({ end, next, comma }: State & { is: "ended" }): boolean | null {
    const { buffer } = this.window;
    if (next >= buffer.length) return !this.swallowsOthers(end);
    const byte = buffer[next]!;
    if (byte !== QUOTE) {
      const apart = this.layout === "documents" && buffer.subarray(end, next).includes(NEWLINE);
      return comma || apart || byte === OPEN || byte === LIST_END;
    }
    // A text right behind a record, without a comma: a quote inside the record had lost its escape, and the record is not over.
    if (!comma && this.layout !== "documents") return false;
    const goesOn = this.beginnings.goesOn(buffer, this.at, end, next);
    return goesOn === null ? null : !goesOn;
  }

  /**
   * Whether the text's last record took the list's end for its own and others for its parts: the list ends nowhere, and records begin
   * inside this one. A record cut off in an inner list does that.
   */
  private swallowsOthers(end: number): boolean {
    if (this.layout === "documents" || this.told || !this.beginnings.known) return false;
    const { found } = this.beginnings.search(this.window.buffer, this.at + 1, this.at, false, true);
    return found !== null && found < end;
  }

  /** After an envelope's list: its other members are of no interest; another text may follow. */
  private afterList(last: boolean): boolean {
    const { buffer } = this.window;
    const end = this.structure.run(buffer, buffer.length);
    if (end === MORE) return last ? false : this.tooLong();
    if (end === BROKEN) this.state = { is: "broken", reason: NO_OBJECT, from: this.at, anywhere: false };
    else {
      this.at = end;
      this.layout = null;
      this.told = false;
    }
    return true;
  }

  private broken(state: State & { is: "broken" }, last: boolean): boolean {
    const { buffer } = this.window;
    const noticed = Math.min(Math.max(this.structure.at, state.from), buffer.length);
    const from = this.lookedAtAgain < LOOKED_AT_AGAIN || state.anywhere ? state.from : Math.max(noticed, state.from);
    const search = this.beginnings.search(buffer, from, this.at, state.anywhere, last);
    if (search.found === null && !last) {
      state.from = search.to;
      return this.tooLong();
    }
    const next = search.found ?? buffer.length;
    if (search.found === null) {
      this.unfinished = state.reason === CUT;
      this.layout = null;
    }
    if (this.told) this.told = false;
    else {
      let end = next;
      while (end > this.at && (isSpace(buffer[end - 1]!) || buffer[end - 1] === COMMA)) end--;
      this.no++;
      this.handler.dead({ buffer, start: this.at, end, no: this.no }, state.reason === CUT && next < buffer.length ? INVALID : state.reason);
    }
    if (noticed > next) this.lookedAtAgain += noticed - next;
    this.at = next;
    this.state = BETWEEN;
    return next < buffer.length;
  }

  /** More bytes are needed. What has grown too long already is told, and passed without keeping it. @returns false */
  private tooLong(): boolean {
    const { buffer } = this.window;
    if (!this.told && buffer.length - this.at > MAX_RECORD_BYTES) {
      this.no++;
      this.handler.dead({ buffer, start: this.at, end: this.at + KEPT_OF_TOO_LONG, no: this.no }, TOO_LONG);
      this.told = true;
    }
    if (!this.told) return false;
    if (this.state.is === "broken") this.at = Math.max(this.at, this.state.from - 1);
    else this.at = this.state.is === "ended" ? this.state.end : buffer.length;
    return false;
  }

  private text(slice: Slice): void {
    if (slice.end - slice.start > MAX_RECORD_BYTES) this.handler.dead({ ...slice, end: slice.start + KEPT_OF_TOO_LONG }, TOO_LONG);
    else if (!this.clean && !isUtf8(slice.buffer.subarray(slice.start, slice.end))) this.handler.dead(slice, "not valid UTF-8");
    else this.handler.lines({ ...slice, count: 1, separator: "\n" });
  }

  private record(slice: Slice): void {
    if (slice.end - slice.start > MAX_RECORD_BYTES) this.handler.dead({ ...slice, end: slice.start + KEPT_OF_TOO_LONG }, TOO_LONG);
    else if (!this.clean && !isUtf8(slice.buffer.subarray(slice.start, slice.end))) this.handler.dead(slice, "not valid UTF-8");
    else this.handler.record(slice);
  }
}

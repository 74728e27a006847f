import { isUtf8 } from "node:buffer";
import { ByteWindow } from "./window.ts";

const NEWLINE = 0x0a;
const EQUALS = "=";
/** Each entry begins with its cursor, and ends with an empty line. */
const BEGINNING = Buffer.from("__CURSOR=");
const NEXT = Buffer.concat([Buffer.from("\n\n"), BEGINNING]);
/** A name is shorter; what is not one belongs to no field. */
const NAME = /^[A-Z0-9_]{1,64}$/;
/** The length of a binary field, little-endian. */
const LENGTH_BYTES = 8;
/** A longer entry cannot be a record (see `RecordSplitter`). */
const MOST_BYTES = 64 * 1024 * 1024;
/** What `journalctl -o json` writes as a list of bytes, beside what is no UTF-8. */
const CONTROL = new RegExp(String.raw`[\0-\x08\x0b-\x1f\x7f]`);

/**
 * Text that is an export of systemd's journal (`journalctl -o export`, https://systemd.io/JOURNAL_EXPORT_FORMATS/), as `journalctl -o json --all` writes it: one line an entry. Any other text as it is.
 *
 * An entry that is damaged, too long or cut off becomes a line that is no whole object, so that it is a dead letter; reading goes on at the next cursor.
 */
export async function* journalAsJson(text: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  let entries: Entries | null = null;
  let told = false;
  for await (const chunk of text) {
    let piece = chunk;
    if (!told) {
      piece = head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      if (head.length < BEGINNING.length) continue;
      told = true;
      if (isJournalExport(head)) entries = new Entries();
    }
    yield entries === null ? piece : entries.push(piece);
  }
  if (!told && head.length > 0) yield head;
  if (entries !== null) yield entries.end();
}

/** Whether the text that begins with these bytes is such an export. */
export function isJournalExport(head: Buffer): boolean {
  return head.subarray(0, BEGINNING.length).equals(BEGINNING);
}

class Entries {
  private readonly window = new ByteWindow();
  private at = 0;
  /** Where the search for a line's end, or for the next cursor, goes on. */
  private searched = 0;
  /** Values of the entry's fields, as JSON. */
  private fields = new Map<string, string[]>();
  private size = 0;
  private broken = false;
  private lines: string[] = [];

  /** @returns the entries that are whole now */
  push(chunk: Buffer): Buffer {
    this.window.add(chunk, this.at);
    this.searched = Math.max(0, this.searched - this.at);
    this.at = 0;
    while (this.broken ? this.pass() : this.field());
    return this.taken();
  }

  /** @returns what is left: the last entry, where no empty line follows it */
  end(): Buffer {
    if (this.broken || this.at < this.window.buffer.length) this.lines.push(this.json().slice(0, -1));
    else if (this.fields.size > 0) this.entry();
    return this.taken();
  }

  private taken(): Buffer {
    const text = Buffer.from(this.lines.join(""), "utf8");
    this.lines = [];
    return text;
  }

  /** Takes a line, and the binary field that it may begin. @returns whether there was a whole one */
  private field(): boolean {
    const { buffer } = this.window;
    const end = buffer.indexOf(NEWLINE, Math.max(this.at, this.searched));
    if (end < 0) {
      this.searched = buffer.length;
      return buffer.length - this.at > MOST_BYTES && this.breaks(this.at);
    }
    if (end === this.at) {
      this.at++;
      if (this.fields.size > 0) this.entry();
      return true;
    }
    const equals = buffer.subarray(this.at, end).indexOf(EQUALS);
    if (equals >= 0) return this.value(this.at + equals, this.at + equals + 1, end);
    const begin = end + 1 + LENGTH_BYTES;
    if (buffer.length < begin) return false;
    const length = buffer.readBigUInt64LE(end + 1);
    if (length > BigInt(MOST_BYTES)) return this.breaks(end);
    const close = begin + Number(length);
    if (buffer.length <= close) return false;
    return buffer[close] === NEWLINE ? this.value(end, begin, close) : this.breaks(end);
  }

  /** Keeps a field: its name ends at `nameEnd`, its value is `buffer[begin..end)`. */
  private value(nameEnd: number, begin: number, end: number): true {
    const { buffer } = this.window;
    const name = buffer.toString("latin1", this.at, nameEnd);
    this.size += end - this.at;
    if (!NAME.test(name) || this.size > MOST_BYTES) return this.breaks(this.at);
    const values = this.fields.get(name);
    const value = valueOf(buffer.subarray(begin, end));
    if (values === undefined) this.fields.set(name, [value]);
    else values.push(value);
    this.at = end + 1;
    this.searched = this.at;
    return true;
  }

  private breaks(from: number): true {
    this.broken = true;
    this.searched = from;
    return true;
  }

  /** Passes what is left of a broken entry. @returns whether another one begins */
  private pass(): boolean {
    const { buffer } = this.window;
    const next = buffer.indexOf(NEXT, this.searched);
    if (next < 0) {
      this.searched = Math.max(this.at, buffer.length - NEXT.length + 1);
      this.at = this.searched;
      return false;
    }
    this.lines.push(`${this.json().slice(0, -1)}\n`);
    this.clear();
    this.at = next + 2;
    this.searched = this.at;
    return true;
  }

  private entry(): void {
    this.lines.push(`${this.json()}\n`);
    this.clear();
  }

  private clear(): void {
    this.fields = new Map();
    this.size = 0;
    this.broken = false;
  }

  private json(): string {
    return `{${[...this.fields].map(([name, values]) => `"${name}":${values.length === 1 ? values[0]! : `[${values.join(",")}]`}`).join(",")}}`;
  }
}

function valueOf(bytes: Buffer): string {
  const text = isUtf8(bytes) ? bytes.toString("utf8") : null;
  return text === null || CONTROL.test(text) ? `[${bytes.join(",")}]` : JSON.stringify(text);
}

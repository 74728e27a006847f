import type { Lines } from "../read/lines.ts";
import type { Slice } from "../read/split.ts";

/** Where a row was read. */
export interface RowObject {
  location: string;
  version: string;
  /** When the object was last written, in milliseconds since the epoch. */
  modified: number;
  /** Somebody has said of what source its records are: they are taken for that, whatever they look like. */
  labelled: boolean;
  /** The line that names the fields of the rows; null where there is none. */
  header: string | null;
}

/** Records that lie side by side, of one object, with numbers that follow one another. */
export interface Run {
  object: RowObject;
  /** The row and the number of its first record. */
  row: number;
  no: number;
  count: number;
  /** Which event it is of those in its record; undefined where records are events. */
  part?: number | undefined;
  /** The records, with the separator between them. */
  bytes: Buffer;
  separator: string;
}

/** A batch is worked off once it has this many records or bytes: large enough to be quick, small enough to stay in memory. */
const BATCH_RECORDS = 12_288;
/** Of lines, which are short. */
const BATCH_LINES = 122_880;
const BATCH_BYTES = 40 * 1024 * 1024;
/** A run of this size goes into the engine in one piece. */
const RUN_BYTES = 64 * 1024;
/** Separates JSON records: as a character of theirs it would have to be escaped. */
const SEPARATOR = 0x1e;

/**
 * The records of one batch. Their bytes are copied side by side into memory that is used again for every batch: as slices of the
 * buffers they were read into they kept those alive, and the garbage collector took a tenth of the time with them.
 */
export class Rows {
  private readonly memory = Buffer.allocUnsafeSlow(BATCH_BYTES);
  private used = 0;
  readonly runs: Run[] = [];
  /** Text to be read in place of the record's own bytes: an unwrapped record, or one whose escapes DuckDB refuses. */
  readonly replaced = new Map<number, string>();
  /** Rows that are no events after all, or of another source. */
  readonly dropped = new Set<number>();
  /** The rows that are read; null when all are that are not dropped. */
  chosen: ReadonlySet<number> | null = null;
  /** Rows whose own content has told their source. */
  readonly settled = new Set<number>();
  length = 0;
  bytes = 0;
  /** The run that was taken apart last. */
  private apart: { run: Run; ends: number[] } | null = null;

  /** @param areLines whether the records are lines of text */
  constructor(private readonly areLines: boolean) {}

  get full(): boolean {
    return this.length >= (this.areLines ? BATCH_LINES : BATCH_RECORDS) || this.bytes >= BATCH_BYTES;
  }

  /** The header of all rows; undefined when there are no rows. */
  get header(): string | null | undefined {
    return this.runs[0]?.object.header;
  }

  /** Takes a record in, which must not be called once the batch is full. */
  add({ buffer, start, end, no, part }: Slice, object: RowObject, replacement: string | null): void {
    if (replacement !== null) this.replaced.set(this.length, replacement);
    if (part !== undefined) this.settled.add(this.length);
    const size = end - start;
    const last = this.runs.at(-1);
    // By itself stands what is long, or may hold the separator.
    const joins = !this.areLines && part === undefined && size < RUN_BYTES && !buffer.subarray(start, end).includes(SEPARATOR);
    if (joins && replacement === null && last?.separator === "\x1e" && last.object === object && last.no + last.count === no && last.bytes.length + size < RUN_BYTES && this.used + size < this.memory.length) {
      this.memory[this.used] = SEPARATOR;
      buffer.copy(this.memory, this.used + 1, start, end);
      this.used += size + 1;
      last.bytes = Buffer.from(this.memory.buffer, last.bytes.byteOffset, last.bytes.length + 1 + size);
      last.count++;
    } else this.runs.push({ object, row: this.length, no, count: 1, part, bytes: this.keep(buffer, start, end), separator: joins && replacement === null ? "\x1e" : "" });
    this.length++;
    this.bytes += size;
  }

  /** Takes lines in, which must not be called once the batch is full. */
  addLines({ buffer, start, end, no, count, separator }: Lines, object: RowObject): void {
    this.runs.push({ object, row: this.length, no, count, bytes: this.keep(buffer, start, end), separator });
    this.length += count;
    this.bytes += end - start;
  }

  /** Takes a row out again, with its bytes. */
  drop(row: number): void {
    if (this.dropped.has(row)) return;
    this.dropped.add(row);
    this.bytes -= this.raw(row).length;
  }

  raw(row: number): Buffer {
    const run = this.runOf(row);
    if (run.count === 1) return run.bytes;
    if (this.apart?.run !== run) this.apart = { run, ends: endsIn(run) };
    const { ends } = this.apart;
    const at = row - run.row;
    return run.bytes.subarray(at === 0 ? 0 : ends[at - 1]! + run.separator.length, ends[at]);
  }

  /** What is parsed: the replacement if there is one, else the record itself. */
  text(row: number): string {
    return this.replaced.get(row) ?? this.raw(row).toString("utf8");
  }

  no(row: number): number {
    const run = this.runOf(row);
    return run.no + row - run.row;
  }

  /** A row that stands by itself, as it was added. */
  slice(row: number): Slice {
    const { no, part, row: first } = this.runOf(row);
    const buffer = Buffer.from(this.raw(row));
    return { buffer, start: 0, end: buffer.length, no: no + row - first, ...(part !== undefined && { part }) };
  }

  object(row: number): RowObject {
    return this.runOf(row).object;
  }

  /** The rows that are events, in order. */
  kept(): number[] {
    return Array.from({ length: this.length }, (_, row) => row).filter((row) => !this.dropped.has(row));
  }

  clear(): void {
    this.used = 0;
    this.length = 0;
    this.bytes = 0;
    this.runs.length = 0;
    this.apart = null;
    this.replaced.clear();
    this.dropped.clear();
    this.settled.clear();
    this.chosen = null;
  }

  private keep(buffer: Buffer, start: number, end: number): Buffer {
    const at = this.used;
    if (at + end - start > this.memory.length) return Buffer.from(buffer.subarray(start, end));
    buffer.copy(this.memory, at, start, end);
    this.used += end - start;
    return this.memory.subarray(at, this.used);
  }

  private runOf(row: number): Run {
    let low = 0;
    for (let high = this.runs.length - 1; low < high; ) {
      const middle = (low + high + 1) >> 1;
      if (this.runs[middle]!.row <= row) low = middle;
      else high = middle - 1;
    }
    return this.runs[low]!;
  }
}

function endsIn({ bytes, separator, count }: Run): number[] {
  const ends: number[] = [];
  for (let at = 0; ends.length < count; at = ends.at(-1)! + separator.length) {
    const end = bytes.indexOf(separator, at);
    ends.push(end < 0 ? bytes.length : end);
  }
  return ends;
}

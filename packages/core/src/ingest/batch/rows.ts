import { BIGINT, DuckDBTableFunction, INTEGER, VARCHAR } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import type { Engine } from "../../lake/index.ts";
import type { Slice } from "../read/split.ts";

/** Rows handed to DuckDB in one call: its vector size. */
const VECTOR = 2048;

/** Where a row was read. */
export interface RowObject {
  location: string;
  version: string;
  /** When the object was last written, in milliseconds since the epoch. */
  modified: number;
  /** Somebody has said of what source its records are: they are taken for that, whatever they look like. */
  labelled: boolean;
}

/** A batch is worked off once it has this many records or bytes: large enough to be quick, small enough to stay in memory. */
const BATCH_RECORDS = 12_288;
const BATCH_BYTES = 40 * 1024 * 1024;

/**
 * The records of one batch. Their bytes are copied side by side into memory that is used again for every batch: as slices of the
 * buffers they were read into they kept those alive, and the garbage collector took a tenth of the time with them.
 */
export class Rows {
  private readonly memory = Buffer.allocUnsafeSlow(BATCH_BYTES);
  private used = 0;
  private readonly starts = new Int32Array(BATCH_RECORDS);
  private readonly ends = new Int32Array(BATCH_RECORDS);
  private readonly nos = new Int32Array(BATCH_RECORDS);
  private readonly objectOf = new Int32Array(BATCH_RECORDS);
  private readonly objects: RowObject[] = [];
  /** Records that the memory had no room for. */
  private readonly large = new Map<number, Buffer>();
  /** Text to be read in place of the record's own bytes: an unwrapped record, or one whose escapes DuckDB refuses. */
  readonly replaced = new Map<number, string>();
  /** Rows that are no events after all, or of another source. */
  readonly dropped = new Set<number>();
  /** Rows whose own content has told their source. */
  readonly settled = new Set<number>();
  length = 0;
  bytes = 0;

  get full(): boolean {
    return this.length === BATCH_RECORDS || this.bytes >= BATCH_BYTES;
  }

  /** Takes a record in, which must not be called once the batch is full. */
  add({ buffer, start, end, no }: Slice, object: RowObject, replacement: string | null): void {
    const row = this.length++;
    const size = end - start;
    if (replacement !== null) this.replaced.set(row, replacement);
    if (this.used + size > this.memory.length) this.large.set(row, Buffer.from(buffer.subarray(start, end)));
    else {
      buffer.copy(this.memory, this.used, start, end);
      this.starts[row] = this.used;
      this.used += size;
      this.ends[row] = this.used;
    }
    if (this.objects.at(-1) !== object) this.objects.push(object);
    this.objectOf[row] = this.objects.length - 1;
    this.nos[row] = no;
    this.bytes += size;
  }

  /** Takes a row out again, with its bytes. */
  drop(row: number): void {
    this.dropped.add(row);
    this.bytes -= this.raw(row).length;
  }

  raw(row: number): Buffer {
    return this.large.get(row) ?? this.memory.subarray(this.starts[row], this.ends[row]);
  }

  /** What is parsed: the replacement if there is one, else the record itself. */
  text(row: number): string {
    return this.replaced.get(row) ?? this.raw(row).toString("utf8");
  }

  no(row: number): number {
    return this.nos[row]!;
  }

  object(row: number): RowObject {
    return this.objects[this.objectOf[row]!]!;
  }

  /** The rows that are events, in order. */
  kept(): number[] {
    return Array.from({ length: this.length }, (_, row) => row).filter((row) => !this.dropped.has(row));
  }

  clear(): void {
    this.used = 0;
    this.length = 0;
    this.bytes = 0;
    this.objects.length = 0;
    this.large.clear();
    this.replaced.clear();
    this.dropped.clear();
    this.settled.clear();
  }
}

/**
 * Makes the table function `records()`: one row a record with `rn`, `record_no`, `modified` (milliseconds), `location`, `version`,
 * `raw` (exact bytes) and `replaced` (or NULL). It reads what `rows` holds at the time of the scan. What is known of the
 * object comes with each row: a join with a table of objects costs 2 us a row, and what follows it runs slower, too.
 */
export function registerRecords(engine: Engine, rows: Rows): void {
  let row = 0;
  engine.register(
    DuckDBTableFunction.create({
      name: "records",
      parameterTypes: [],
      bindFunction: (bind) => {
        bind.addResultColumn("rn", INTEGER);
        bind.addResultColumn("record_no", INTEGER);
        bind.addResultColumn("modified", BIGINT);
        for (const name of ["location", "version", "raw", "replaced"]) bind.addResultColumn(name, VARCHAR);
      },
      initFunction: () => void (row = 0),
      mainFunction: (_info, output) => {
        const chosen: number[] = [];
        while (chosen.length < VECTOR && row < rows.length) {
          if (!rows.dropped.has(row)) chosen.push(row);
          row++;
        }
        output.rowCount = chosen.length;
        if (chosen.length > 0) fill(output.chunk, rows, chosen);
      },
    }),
  );
}

function fill(chunk: duckdb.DataChunk, rows: Rows, chosen: readonly number[]): void {
  const column = (index: number): duckdb.Vector => duckdb.data_chunk_get_vector(chunk, index);
  const [locations, versions, raw, replaced] = [column(3), column(4), column(5), column(6)];
  const numbers = new Int32Array(chosen.length);
  const modified = new BigInt64Array(chosen.length);
  const validity = new Uint8Array(VECTOR / 8);
  let object: RowObject | null = null;
  let location = Buffer.alloc(0);
  let version = Buffer.alloc(0);
  let time = 0n;
  for (let index = 0; index < chosen.length; index++) {
    const row = chosen[index]!;
    if (rows.object(row) !== object) {
      object = rows.object(row);
      location = Buffer.from(object.location, "utf8");
      version = Buffer.from(object.version, "utf8");
      time = BigInt(object.modified);
    }
    numbers[index] = rows.no(row);
    modified[index] = time;
    duckdb.vector_assign_string_element_len(locations, index, location);
    duckdb.vector_assign_string_element_len(versions, index, version);
    duckdb.vector_assign_string_element_len(raw, index, rows.raw(row));
    const text = rows.replaced.get(row);
    if (text === undefined) continue;
    validity[index >> 3]! |= 1 << (index & 7);
    duckdb.vector_assign_string_element_len(replaced, index, Buffer.from(text, "utf8"));
  }
  const rn = Int32Array.from(chosen);
  duckdb.copy_data_to_vector(column(0), 0, rn.buffer, 0, rn.byteLength);
  duckdb.copy_data_to_vector(column(1), 0, numbers.buffer, 0, numbers.byteLength);
  duckdb.copy_data_to_vector(column(2), 0, modified.buffer, 0, modified.byteLength);
  duckdb.vector_ensure_validity_writable(replaced);
  duckdb.copy_data_to_vector_validity(replaced, 0, validity.buffer, 0, validity.byteLength);
}

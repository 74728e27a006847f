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
}

/** The records of one batch, as slices of the buffers they were read into. */
export class Rows {
  private buffers: Buffer[] = [];
  private starts: number[] = [];
  private ends: number[] = [];
  readonly objects: RowObject[] = [];
  readonly nos: number[] = [];
  /** Text to be read in place of the record's own bytes: an unwrapped record, or one whose escapes DuckDB refuses. */
  readonly replaced = new Map<number, string>();
  /** Rows that are no events after all. */
  readonly dropped = new Set<number>();
  bytes = 0;

  get length(): number {
    return this.nos.length;
  }

  add(slice: Slice, object: RowObject, replacement: string | null): void {
    if (replacement !== null) this.replaced.set(this.length, replacement);
    this.buffers.push(slice.buffer);
    this.starts.push(slice.start);
    this.ends.push(slice.end);
    this.objects.push(object);
    this.nos.push(slice.no);
    this.bytes += slice.end - slice.start;
  }

  raw(row: number): Buffer {
    return this.buffers[row]!.subarray(this.starts[row], this.ends[row]);
  }

  /** What is parsed: the replacement if there is one, else the record itself. */
  text(row: number): string {
    return this.replaced.get(row) ?? this.raw(row).toString("utf8");
  }
}

/**
 * Makes the table function `records()`: one row a record with `rn`, `record_no`, `modified` (milliseconds), `location`, `version`,
 * `raw` (exact bytes) and `replaced` (or NULL). It reads whatever `current` gives at the time of the scan. What is known of the
 * object comes with each row: a join with a table of objects costs 2 us a row, and what follows it runs slower, too.
 */
export function registerRecords(engine: Engine, current: () => Rows): void {
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
        const rows = current();
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
    if (rows.objects[row] !== object) {
      object = rows.objects[row]!;
      location = Buffer.from(object.location, "utf8");
      version = Buffer.from(object.version, "utf8");
      time = BigInt(object.modified);
    }
    numbers[index] = rows.nos[row]!;
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

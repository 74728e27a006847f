import { DuckDBTableFunction, INTEGER, VARCHAR } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import type { Engine } from "../../lake/index.ts";
import type { Slice } from "../read/split.ts";

/** Rows handed to DuckDB in one call: its vector size. */
const VECTOR = 2048;

/** The records of one batch, as slices of the buffers they were read into. */
export class Rows {
  private buffers: Buffer[] = [];
  private starts: number[] = [];
  private ends: number[] = [];
  readonly objects: number[] = [];
  readonly nos: number[] = [];
  /** Text to be read in place of the record's own bytes: an unwrapped record, or one whose escapes DuckDB refuses. */
  readonly replaced = new Map<number, string>();
  /** Rows that are no events after all. */
  readonly dropped = new Set<number>();
  bytes = 0;

  get length(): number {
    return this.nos.length;
  }

  add(slice: Slice, object: number, replacement: string | null): void {
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
 * Makes the table function `records()`: one row a record with `rn`, `object_no`, `record_no`, `raw` (exact bytes) and
 * `replaced` (or NULL). It reads whatever `current` gives at the time of the scan.
 */
export function registerRecords(engine: Engine, current: () => Rows): void {
  let row = 0;
  engine.register(
    DuckDBTableFunction.create({
      name: "records",
      parameterTypes: [],
      bindFunction: (bind) => {
        for (const name of ["rn", "object_no", "record_no"]) bind.addResultColumn(name, INTEGER);
        bind.addResultColumn("raw", VARCHAR);
        bind.addResultColumn("replaced", VARCHAR);
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
        if (chosen.length === 0) return;
        fill(output.chunk, rows, chosen);
      },
    }),
  );
}

function fill(chunk: duckdb.DataChunk, rows: Rows, chosen: readonly number[]): void {
  const integers = (column: number, value: (row: number) => number): void => {
    const values = Int32Array.from(chosen, value);
    duckdb.copy_data_to_vector(duckdb.data_chunk_get_vector(chunk, column), 0, values.buffer, 0, values.byteLength);
  };
  integers(0, (row) => row);
  integers(1, (row) => rows.objects[row]!);
  integers(2, (row) => rows.nos[row]!);
  const raw = duckdb.data_chunk_get_vector(chunk, 3);
  const replaced = duckdb.data_chunk_get_vector(chunk, 4);
  const validity = new Uint8Array(VECTOR / 8);
  chosen.forEach((row, index) => {
    duckdb.vector_assign_string_element_len(raw, index, rows.raw(row));
    const text = rows.replaced.get(row);
    if (text === undefined) return;
    validity[index >> 3]! |= 1 << (index & 7);
    duckdb.vector_assign_string_element_len(replaced, index, Buffer.from(text, "utf8"));
  });
  duckdb.vector_ensure_validity_writable(replaced);
  duckdb.copy_data_to_vector_validity(replaced, 0, validity.buffer, 0, validity.byteLength);
}

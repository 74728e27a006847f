import { createHash } from "node:crypto";
import { BIGINT, DuckDBTableFunction, INTEGER, UBIGINT, VARCHAR } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import type { Engine } from "../../lake/index.ts";
import type { RowObject, Rows, Run } from "./rows.ts";

/** Runs handed to DuckDB in one call: what a call hands over is in its memory twice, and a run may be 64 KiB. */
const RUNS_A_CALL = 32;
/** Rows that stand by themselves, handed over in one call: DuckDB's vector size. */
const ROWS_A_CALL = 2048;

const OBJECT_ID_BYTES = 16;
/** 2^64 by the golden ratio: spreads small numbers over all bits. */
const SPREAD = 0x9e3779b97f4a7c15n;

/** What goes into the engine at once: all of a run, or one row of it. */
interface Piece extends Run {
  replaced: Buffer | null;
}

/**
 * Makes the view `records`: one row a record with `rn`, `record_no`, `modified` (milliseconds), `location`, `object_id` and `object_hash` (digests of location and version; of one of several events in a record, of its place among them, too),
 * `raw` (exact bytes) and `replaced` (or NULL). It reads what `rows` holds at the time of the scan.
 *
 * Records go into the engine as runs and are taken apart there: handed over one by one, a line of 100 bytes took 1.4 us, taken apart it takes 0.1. What is known of the
 * object comes with each row: a join with a table of objects costs 2 us a row, and what follows it runs slower, too.
 */
export async function registerRecords(engine: Engine, rows: Rows): Promise<void> {
  let pieces = piecesOf(rows);
  let next = pieces.next();
  engine.register(
    DuckDBTableFunction.create({
      name: "runs",
      parameterTypes: [],
      bindFunction: (bind) => {
        bind.addResultColumn("row", INTEGER);
        bind.addResultColumn("no", INTEGER);
        bind.addResultColumn("count", INTEGER);
        bind.addResultColumn("modified", BIGINT);
        bind.addResultColumn("object_hash", UBIGINT);
        for (const name of ["location", "object_id", "bytes", "separator", "replaced"]) bind.addResultColumn(name, VARCHAR);
      },
      initFunction: () => {
        pieces = piecesOf(rows);
        next = pieces.next();
      },
      mainFunction: (_info, output) => {
        const chosen: Piece[] = [];
        for (let runs = 0; next.done !== true && runs < RUNS_A_CALL && chosen.length < ROWS_A_CALL; next = pieces.next()) {
          chosen.push(next.value);
          if (next.value.count > 1) runs++;
        }
        output.rowCount = chosen.length;
        if (chosen.length > 0) fill(output.chunk, chosen);
      },
    }),
  );
  await engine.once(`CREATE VIEW records AS SELECT unnest(range("row", "row" + count))::INTEGER AS rn, unnest(range(no, no + count))::INTEGER AS record_no,
    unnest(CASE WHEN count = 1 THEN [bytes] ELSE string_split(bytes, separator) END) AS raw, modified, location, object_id, object_hash, replaced FROM runs()`);
}

/** Runs as they are, but row by row where a row is not read as it is. */
function* piecesOf(rows: Rows): Generator<Piece> {
  const { chosen } = rows;
  const odd = [...new Set([...rows.replaced.keys(), ...rows.dropped, ...(chosen ?? [])])].sort((a, b) => a - b);
  let at = 0;
  for (const run of rows.runs) {
    const from = at;
    while (at < odd.length && odd[at]! < run.row + run.count) at++;
    if (at === from) {
      if (chosen === null) yield { ...run, replaced: null };
      continue;
    }
    for (let row = run.row; row < run.row + run.count; row++) {
      if (rows.dropped.has(row) || chosen?.has(row) === false) continue;
      const replaced = rows.replaced.get(row);
      yield { object: run.object, row, no: run.no + row - run.row, count: 1, part: run.part, bytes: rows.raw(row), separator: "", replaced: replaced === undefined ? null : Buffer.from(replaced, "utf8") };
    }
  }
}

function fill(chunk: duckdb.DataChunk, pieces: readonly Piece[]): void {
  const column = (index: number): duckdb.Vector => duckdb.data_chunk_get_vector(chunk, index);
  const [locations, ids, bytes, separators, replaced] = [column(5), column(6), column(7), column(8), column(9)];
  const validity = new Uint8Array(ROWS_A_CALL / 8);
  let object: RowObject | null = null;
  let location = Buffer.alloc(0);
  let id = location;
  let hash = 0n;
  let part: number | undefined;
  const hashes = new BigUint64Array(pieces.length);
  pieces.forEach((piece, index) => {
    if (piece.object !== object || piece.part !== part) {
      object = piece.object;
      part = piece.part;
      location = Buffer.from(object.location, "utf8");
      const digest = digestOf(object);
      // What comes first in records, second, and so on is an object of its own: all other records have the identity that they had.
      id = Buffer.from(`${digest.toString("hex", 0, OBJECT_ID_BYTES)}${part === undefined ? "" : `.${part}`}`, "latin1");
      hash = part === undefined ? digest.readBigUInt64LE() : digest.readBigUInt64LE() ^ BigInt.asUintN(64, BigInt(part) * SPREAD);
    }
    hashes[index] = hash;
    duckdb.vector_assign_string_element_len(locations, index, location);
    duckdb.vector_assign_string_element_len(ids, index, id);
    duckdb.vector_assign_string_element_len(bytes, index, piece.bytes);
    duckdb.vector_assign_string_element(separators, index, piece.separator);
    if (piece.replaced === null) return;
    validity[index >> 3]! |= 1 << (index & 7);
    duckdb.vector_assign_string_element_len(replaced, index, piece.replaced);
  });
  const numbers = [pieces.map(({ row }) => row), pieces.map(({ no }) => no), pieces.map(({ count }) => count)].map((each) => Int32Array.from(each));
  numbers.forEach((each, index) => duckdb.copy_data_to_vector(column(index), 0, each.buffer, 0, each.byteLength));
  const modified = BigInt64Array.from(pieces, (piece) => BigInt(piece.object.modified));
  duckdb.copy_data_to_vector(column(3), 0, modified.buffer, 0, modified.byteLength);
  duckdb.copy_data_to_vector(column(4), 0, hashes.buffer, 0, hashes.byteLength);
  duckdb.vector_ensure_validity_writable(replaced);
  duckdb.copy_data_to_vector_validity(replaced, 0, validity.buffer, 0, validity.byteLength);
}

/** Digests of the objects that were met, as long as those are kept elsewhere. */
const digests = new WeakMap<RowObject, Buffer>();

function digestOf(object: RowObject): Buffer {
  const digest = digests.get(object) ?? createHash("sha256").update(JSON.stringify([object.location, object.version])).digest();
  digests.set(object, digest);
  return digest;
}

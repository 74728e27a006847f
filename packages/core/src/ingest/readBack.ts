import type { DuckDBBlobValue } from "@duckdb/node-api";
import { quoteList } from "../detect/index.ts";
import { Engine } from "../lake/index.ts";
import type { StoredLetter, ToWorker } from "./messages.ts";

/** What a letter is, wherever it stands: a merge of parts gives it another place. */
const DIGEST = `sha256(encode(concat_ws(chr(31), source, file, line, epoch_ms(read_at))) || raw_data)`;

/** Dead letters, in the order in which they are wanted. */
export async function readLetters({ wanted, rawBytes, temporary }: Extract<ToWorker, { type: "letters" }>): Promise<StoredLetter[]> {
  const engine = await Engine.open(temporary);
  const letters: StoredLetter[] = [];
  for (const { path, rows } of wanted) {
    const found = await engine.rowsOnce(`SELECT file_row_number, source, file, line, reason, epoch_ms(read_at), array_slice(raw_data, 1, ${rawBytes}), octet_length(raw_data), ${DIGEST} FROM read_parquet(${quoteList([path])}, file_row_number = true) WHERE file_row_number IN (${rows.join(", ")})`);
    const byRow = new Map(found.map((values) => [Number(values[0]), values]));
    for (const row of rows) {
      const values = byRow.get(row);
      if (values) letters.push({ path, row, source: String(values[1]), file: String(values[2]), line: Number(values[3]), reason: String(values[4]), at: Number(values[5]), raw: (values[6] as DuckDBBlobValue).bytes, bytes: Number(values[7]), digest: String(values[8]) });
    }
  }
  engine.close();
  return letters;
}

/** The event hashes of parts, eight bytes each, little endian. */
export async function storedHashes(files: readonly string[], temporary: string): Promise<Uint8Array[]> {
  const engine = await Engine.open(temporary);
  const hashes: Uint8Array[] = [];
  for (const file of files) {
    const rows = await engine.rowsOnce(`SELECT event_hash FROM read_parquet(${quoteList([file])})`);
    hashes.push(new Uint8Array(BigUint64Array.from(rows, ([hash]) => hash as bigint).buffer));
  }
  engine.close();
  return hashes;
}

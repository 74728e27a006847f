import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { dumpedRows, tablesOf, type Db } from "@corduroy/core/store";

/** A table in a file. */
export interface DumpedTable {
  name: string;
  rows: number;
  path: string;
}

/** So many characters are packed at once. */
const PIECE = 64 * 1024;

/** Writes all tables of a snapshot into files, gzipped. @throws what the disk says; nothing more is written then */
export async function dump(db: Db, folder: string): Promise<DumpedTable[]> {
  const files: DumpedTable[] = [];
  for (const name of await tablesOf(db)) {
    const path = join(folder, `${name}.ndjson.gz`);
    let rows = 0;
    const pieces = async function* (): AsyncGenerator<string> {
      let piece = "";
      for await (const line of dumpedRows(db, name)) {
        rows++;
        piece += `${line}\n`;
        if (piece.length < PIECE) continue;
        yield piece;
        piece = "";
      }
      yield piece;
    };
    await pipeline(pieces, createGzip({ level: 6 }), createWriteStream(path, { mode: 0o600 }));
    files.push({ name, rows, path });
  }
  return files;
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planRules } from "../../../detect/index.ts";
import { Engine } from "../../../lake/index.ts";
import { parseRecord, unwrapped, type JsonRecord, type SourceDefinition } from "../../../sources/index.ts";
import { registerRecords } from "../records.ts";
import { Rows } from "../rows.ts";
import { batchSelect, storedColumns } from "../table.ts";

const OBJECT = { location: "samples.json", version: "1", modified: Date.UTC(2024, 0, 1), labelled: true, header: null };

/** A record as the lake shows it: its stored columns and its OCSF form. */
export interface Mapped {
  columns: JsonRecord;
  ocsf: JsonRecord;
}

/**
 * Takes records (JSON text, or lines) the way a scan takes them: batch table, stored columns, OCSF view. In the order given.
 * @param header the line that names the fields of the lines
 */
export async function mapRecords(source: SourceDefinition, texts: readonly string[], header: string | null = null): Promise<Mapped[]> {
  const rows = new Rows(source.text !== null);
  for (const [index, text] of texts.entries()) {
    const buffer = Buffer.from(text);
    rows.add({ buffer, start: 0, end: buffer.length, no: index + 1 }, OBJECT, unwrapped(source, parseRecord(text) ?? {}));
  }
  const folder = mkdtempSync(join(tmpdir(), "corduroy-map-"));
  const engine = await Engine.open(folder);
  try {
    await registerRecords(engine, rows);
    await engine.once(`CREATE TABLE batch AS ${batchSelect(source, planRules(source, []), header)}`);
    await engine.once(`CREATE TABLE stored AS SELECT ${storedColumns(source)} FROM batch`);
    const found = await engine.rowsOnce(`SELECT to_json(stored)::VARCHAR, (${source.ocsf})::VARCHAR FROM stored ORDER BY line`);
    return found.map(([columns, ocsf]) => ({ columns: JSON.parse(columns as string) as JsonRecord, ocsf: JSON.parse(ocsf as string) as JsonRecord }));
  } finally {
    engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

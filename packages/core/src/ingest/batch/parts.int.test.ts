import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { quote, quoteList } from "../../detect/index.ts";
import { Engine, openLake, partMetadata } from "../../lake/index.ts";
import { scan } from "../scan.ts";
import { mergeParts } from "./parts.ts";
import { metadataOf } from "./test/metadataOf.ts";

const folder = mkdtempSync(join(tmpdir(), "corduroy-parts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("the parts that a scan keeps say inside what they are and of which batch", async () => {
  const input = join(folder, "app.ndjson");
  writeFileSync(input, '{"time":"2026-11-18T10:00:00Z","user":"ines"}\n{"time":"2026-11-19T10:00:00Z","user":"ines"}\n{"broken\n');
  const lakeFolder = join(folder, "lake");
  const workerEntry = fileURLToPath(new URL("../../../../cli/dist/worker.mjs", import.meta.url));
  await scan({ inputs: [input], source: null, rules: () => Promise.resolve([]), anyLogsource: false, keep: lakeFolder, signals: null, workerEntry, workers: 1 });
  const lake = await openLake(lakeFolder, { create: false });
  const kinds: string[] = [];
  for await (const { id, parts } of lake.manifest.batches()) {
    for (const { path, kind, source, day } of parts) {
      kinds.push(kind);
      expect(await metadataOf(join(lakeFolder, path))).toEqual({ format: 1, batch: id, kind, source, day });
    }
  }
  await lake.close();
  expect(kinds.toSorted()).toEqual(["dead", "events", "events"]);
});

describe("mergeParts", () => {
  const temporary = join(folder, "merged.parquet");
  const metadata = partMetadata({ batch: "b", kind: "events", source: "generic.json", day: "2026-11-18", replaces: ["events/it's"] });

  /** Writes files of these SELECTs and merges them. */
  async function merge(engine: Engine, selects: readonly string[]): Promise<{ files: string[]; rows: number; bytes: number }> {
    const files = selects.map((_, index) => join(folder, `merge-${index}.parquet`));
    for (const [index, select] of selects.entries()) await engine.once(`COPY (${select}) TO ${quote(files[index]!)} (FORMAT parquet, ROW_GROUP_SIZE 20480)`);
    return { files, ...(await mergeParts(engine, { files, temporary, metadata })) };
  }

  it("writes every row of every file, in their order, with the columns of all", async () => {
    const engine = await Engine.open(join(folder, "spill"));
    const { files, rows } = await merge(engine, [
      `SELECT i AS n, TIMESTAMP '2026-11-18' + INTERVAL (i) SECOND AS "time", hash(i) AS event_hash, 'r' || i AS raw_data FROM range(70000) t(i)`,
      "SELECT 70000 + i AS n, hash(i) AS event_hash, 'é' || i AS raw_data, i::INTEGER AS later FROM range(60000) t(i)",
      "SELECT '\\xAA\\x00'::BLOB AS bytes, NULL::VARCHAR AS raw_data, 130000 + i AS n FROM range(3) t(i)",
    ]);
    expect(rows).toBe(130_003);
    const all = `SELECT count(*), bit_xor(hash(n, "time", event_hash, raw_data, later, bytes)), sum(hash(n, raw_data, later) % 1000000)::VARCHAR FROM read_parquet`;
    expect(await engine.rowsOnce(`${all}([${quote(temporary)}])`)).toEqual(await engine.rowsOnce(`${all}(${quoteList(files)}, union_by_name = true)`));
    expect(await engine.rowsOnce(`SELECT count(*) FROM read_parquet(${quote(temporary)}, file_row_number = true) WHERE n <> file_row_number`)).toEqual([[0n]]);
    expect(await metadataOf(temporary)).toEqual({ format: 1, batch: "b", kind: "events", source: "generic.json", day: "2026-11-18", replaces: ["events/it's"] });
    const [[groups, largest] = []] = await engine.rowsOnce(`SELECT count(DISTINCT row_group_id), max(row_group_num_rows) FROM parquet_metadata(${quote(temporary)})`);
    expect(groups).toBe(4n);
    expect(Number(largest)).toBeLessThan(40_960 + 2_048);
    engine.close();
  });

  it("does not gather large rows until there are enough for a row group", async () => {
    const engine = await Engine.open(join(folder, "spill"));
    const large = "SELECT i AS n, (SELECT string_agg(md5((i * 10000 + k)::VARCHAR), '') FROM range(8000) r(k)) AS raw_data FROM range(60) t(i)";
    const { rows } = await merge(engine, Array.from({ length: 20 }, (_, file) => large.replace("range(60)", `range(${file * 60}, ${file * 60 + 60})`)));
    expect(rows).toBe(1_200);
    const [[largest] = []] = await engine.rowsOnce(`SELECT max(total_uncompressed_size) FROM parquet_metadata(${quote(temporary)})`);
    expect(Number(largest)).toBeLessThan(100_000_000);
    engine.close();
  });
});

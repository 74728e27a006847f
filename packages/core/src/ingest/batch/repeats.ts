import { quoteList } from "../../detect/index.ts";
import type { Engine } from "../../lake/index.ts";
import type { SourceDefinition } from "../../sources/index.ts";
import type { CheckedBatch, Suspects } from "../messages.ts";
import { readableParts, type DamagedPart } from "./damaged.ts";
import type { Rows } from "./rows.ts";
import { isoSql } from "./time.ts";

/** Asks whoever knows all batches which rows may repeat an earlier event. */
export type CheckDuplicates = (batch: CheckedBatch) => Promise<Suspects>;

/** What was removed, and which of the rows that are left have a hash that was seen before although they are no duplicates. */
interface Dropped {
  duplicates: number;
  distinct: number[];
}

/** Finds the events of a batch that repeat others. */
export class Repeats {
  private readonly damaged: DamagedPart[] = [];

  constructor(
    private readonly engine: Engine,
    private readonly rows: Rows,
    private readonly source: SourceDefinition,
  ) {}

  /** Parts of the lake that could not be read since this was asked last. */
  takeDamaged(): DamagedPart[] {
    return this.damaged.splice(0);
  }

  /** Removes the rows of the table `batch` that repeat an event. */
  async drop(id: string, check: CheckDuplicates): Promise<Dropped> {
    const { engine, rows, source } = this;
    // In the order of the records: a table keeps the order of its rows.
    const hashes = BigUint64Array.from((await engine.column("SELECT event_hash FROM batch")) as bigint[]);
    const [[first, last] = [null, null]] = await engine.rows(`SELECT ${isoSql('min("time")')}, ${isoSql('max("time")')} FROM batch`);
    const seen = await check({ id, source: source.id, hashes: new Uint8Array(hashes.buffer), first: first === null ? null : String(first), last: last === null ? null : String(last) });
    if ("among" in seen) return this.dropKnown(seen.among);
    const positions = rows.kept();
    return this.dropDuplicates(seen.rows.map((row) => positions[row]!), seen.files, positions);
  }

  /** Removes the rows that repeat an event of these parts, or an earlier row. */
  private async dropKnown(files: readonly string[]): Promise<Dropped> {
    try {
      return await this.dropStored(files);
    } catch (error) {
      const { readable, damaged } = await readableParts(this.engine, files);
      if (damaged.length === 0) throw error;
      this.damaged.push(...damaged);
      return await this.dropStored(readable);
    }
  }

  private async dropStored(files: readonly string[]): Promise<Dropped> {
    const { engine } = this;
    const again = "SELECT event_hash FROM batch GROUP BY event_hash HAVING count(*) > 1";
    // Events that are the same have the same time, so of each part only the row groups around this batch's times are read.
    const stored = files.length === 0 ? "" : ` UNION ALL SELECT event_hash FROM read_parquet(${quoteList(files)}) WHERE "time" BETWEEN (SELECT min("time") FROM batch) AND (SELECT max("time") FROM batch)`;
    const suspects = (await engine.rowsOnce(`SELECT rn FROM batch WHERE event_hash IN (${again}${stored}) ORDER BY rn`)).map(([rn]) => Number(rn));
    const { duplicates } = await this.dropDuplicates(suspects, suspects.map(() => [...files]), []);
    return { duplicates, distinct: [] };
  }

  /** Removes the rows that repeat an event; a hash seen before is only a suspicion, the full identity decides. */
  private async dropDuplicates(suspects: readonly number[], files: readonly string[][], positions: readonly number[]): Promise<Dropped> {
    if (suspects.length === 0) return { duplicates: 0, distinct: [] };
    const { engine } = this;
    const identity = ["event_hash", "event_uid", '"time"', "operation"];
    const found = new Set<number>();
    const byFiles = new Map<string, number[]>();
    suspects.forEach((rn, index) => {
      const key = JSON.stringify(files[index]);
      byFiles.set(key, [...(byFiles.get(key) ?? []), rn]);
    });
    const ask = async (sql: string): Promise<void> => {
      for (const [rn] of await engine.rowsOnce(sql)) found.add(Number(rn));
    };
    for (const [key, rns] of byFiles) {
      const earlier = JSON.parse(key) as string[];
      if (earlier.length === 0) continue;
      await ask(`SELECT rn FROM batch b WHERE rn IN ${among(rns)} AND EXISTS (SELECT 1 FROM read_parquet(${quoteList(earlier)}) e
        WHERE ${identity.map((column) => `e.${column} IS NOT DISTINCT FROM b.${column}`).join(" AND ")})`);
    }
    await ask(`SELECT rn FROM (SELECT rn, row_number() OVER (PARTITION BY ${identity.join(", ")} ORDER BY rn) AS nth FROM batch
      WHERE event_hash IN (SELECT event_hash FROM batch WHERE rn IN ${among(suspects)})) WHERE nth > 1`);
    if (found.size > 0) await engine.once(`DELETE FROM batch WHERE rn IN (SELECT unnest([${[...found].join(", ")}]))`);
    const at = new Map(positions.map((rn, index) => [rn, index] as const));
    return { duplicates: found.size, distinct: suspects.flatMap((rn) => (found.has(rn) ? [] : (at.get(rn) ?? []))) };
  }
}

/** Row numbers as a subquery for IN: a list of thousands is planned at once, thousands of literals are not. */
function among(rows: readonly number[]): string {
  return `(SELECT unnest([${rows.join(", ")}]))`;
}

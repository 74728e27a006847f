import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { Engine } from "../../lake/index.ts";
import { registerRecords } from "./records.ts";
import { Rows, type RowObject } from "./rows.ts";

const folder = mkdtempSync(join(tmpdir(), "corduroy-records-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const objectOf = (location: string): RowObject => ({ location, version: "1", modified: 7, labelled: false, header: null });
const places = [objectOf("a"), objectOf("b")];

interface Expected {
  no: number;
  raw: string;
  location: string;
}

/** What the view shows, and what the rows say of themselves. */
async function shown(engine: Engine): Promise<(Expected & { row: number; replaced: string | null })[]> {
  const found = await engine.rowsOnce("SELECT rn, record_no, raw, location, replaced FROM records");
  return found.map(([row, no, raw, location, replaced]) => ({ row: Number(row), no: Number(no), raw: String(raw), location: String(location), replaced: replaced as string | null }));
}

const piece = fc.record({
  // Some hold what separates others.
  lines: fc.array(fc.oneof(fc.string({ minLength: 1, unit: "grapheme" }).map((text) => text.replaceAll(/[\r\n]/g, "_")), fc.constantFrom("a\u001eb", "\u001e", "x".repeat(40_000))), { minLength: 1, maxLength: 5 }),
  separator: fc.constantFrom("\n" as const, "\r\n" as const),
  place: fc.constantFrom(...places),
  skip: fc.constantFrom(0, 0, 3),
  change: fc.constantFrom("none", "none", "none", "drop", "replace"),
});

it.each(["lines", "records"])("gives all %s of a batch, with their places, changed or not", async (kind) => {
  const rows = new Rows(kind === "lines");
  const engine = await Engine.open(join(folder, kind));
  await registerRecords(engine, rows);
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
      rows.clear();
      const expected: Expected[] = [];
      let no = 1;
      for (const { lines, separator, place, skip } of pieces) {
        no += skip;
        const buffer = Buffer.from(lines.join(separator));
        if (kind === "lines") rows.addLines({ buffer, start: 0, end: buffer.length, no, count: lines.length, separator }, place);
        for (const [index, raw] of lines.entries()) {
          const bytes = Buffer.from(raw);
          if (kind !== "lines") rows.add({ buffer: bytes, start: 0, end: bytes.length, no: no + index }, place, null);
          expected.push({ no: no + index, raw, location: place.location });
        }
        no += lines.length;
      }
      let row = 0;
      for (const { lines, change } of pieces) {
        if (change === "drop") rows.drop(row);
        if (change === "replace") rows.replaced.set(row, "other");
        row += lines.length;
      }
      const found = await shown(engine);
      expect(found).toEqual(expected.flatMap((each, index) => (rows.dropped.has(index) ? [] : [{ ...each, row: index, replaced: rows.replaced.get(index) ?? null }])));
      for (const [index, each] of expected.entries()) expect([rows.raw(index).toString("utf8"), rows.no(index), rows.object(index).location]).toEqual([each.raw, each.no, each.location]);
      expect(rows.bytes).toBe(expected.reduce((sum, { raw }, index) => sum + (rows.dropped.has(index) ? 0 : Buffer.byteLength(raw)), 0) + (kind === "lines" ? separators(pieces) : 0));
    }),
    { numRuns: 60 },
  );
  engine.close();
});

/** Bytes between lines, which belong to no row. */
const separators = (pieces: readonly { lines: readonly string[]; separator: string }[]): number => pieces.reduce((sum, { lines, separator }) => sum + (lines.length - 1) * separator.length, 0);

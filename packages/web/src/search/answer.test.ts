import { describe, expect, it } from "vitest";
import { columnWidths, NO_ANSWER, withLines, type Column } from "./answer.ts";

const columns: Column[] = [{ name: "time", type: "time" }, { name: "n", type: "number" }];
const line = (value: unknown): string => JSON.stringify(value);

describe("an answer", () => {
  it("grows row by row and ends", () => {
    const first = withLines({ ...NO_ANSWER, rows: [] }, [line({ columns }), line({ row: ["2026-11-18", 1] })]);
    expect(first).toMatchObject({ columns, count: 1, end: null, error: null });
    const last = withLines(first, [line({ row: [null, 2] }), line({ end: { rows: 2, more: true, milliseconds: 9 } })]);
    expect(last).toMatchObject({ count: 2, rows: [["2026-11-18", 1], [null, 2]], end: { more: true } });
  });

  it("keeps the rows before an error, and the error's hint", () => {
    const answer = withLines({ ...NO_ANSWER, rows: [] }, [line({ columns }), line({ row: [null, 1] }), line({ error: { message: "Too slow.", hint: "Ask for less." } })]);
    expect(answer).toMatchObject({ count: 1, error: { message: "Too slow.", hint: "Ask for less." } });
  });

  it("says that it is cut off when a line is no JSON, or of no known kind", () => {
    for (const broken of ['{"row":[1', "null", '{"surprise":1}', '{"row":{}}']) expect(withLines({ ...NO_ANSWER, rows: [] }, [broken]).error?.message).toMatch(/cut off/);
  });

  it("has columns wide enough for most values, and never as wide as one huge value", () => {
    const rows = [...Array.from({ length: 99 }, () => ["2026-11-18T14:06:00Z", 7]), ["x".repeat(5_000), 7]];
    const [time = 0, n = 0] = columnWidths(columns, rows);
    expect(time).toBeGreaterThan(20 * 7);
    expect(time).toBeLessThan(220);
    expect(n).toBeLessThan(120);
    expect(columnWidths(columns, [])).toHaveLength(2);
  });
});

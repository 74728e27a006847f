import type { DuckDBValue } from "@duckdb/node-api";
import { displayWidth, fitted, visible } from "../kernel/index.ts";
import type { ResultColumn, RowWriter } from "./formats.ts";
import { toText } from "./values.ts";

/** Rows that decide how wide the columns are; later ones are cut to fit, so that rows may come without end. */
const MEASURED_ROWS = 200;
/** No cell is looked at beyond this: a value may be megabytes long. */
const LONGEST_CELL = 500;
const GAP = "  ";
const NARROWEST = 6;

/** A table as wide as the terminal. Columns that do not fit at all are named below it. */
export function tableWriter(columns: readonly ResultColumn[], width: number): RowWriter {
  const head = columns.map(({ name }) => visible(name));
  let waiting: string[][] | null = [];
  let widths: number[] = [];
  let rows = 0;

  const line = (cells: readonly string[]) => `${widths.map((columnWidth, index) => fitted(cells[index] ?? "", columnWidth, columns[index]?.type === "number" ? "right" : "left")).join(GAP).trimEnd()}\n`;
  const start = (measured: readonly string[][]) => {
    widths = fitWidths(head.map((name, index) => Math.max(displayWidth(name), ...measured.map((cells) => displayWidth(cells[index] ?? "")))), width);
    waiting = null;
    return line(head) + line(widths.map((columnWidth) => "─".repeat(columnWidth))) + measured.map(line).join("");
  };

  return {
    row: (values) => {
      rows++;
      const cells = values.map(cell);
      if (waiting === null) return line(cells);
      waiting.push(cells);
      return waiting.length === MEASURED_ROWS ? start(waiting) : "";
    },
    end: (more) => {
      const table = waiting === null ? "" : start(waiting);
      const count = `${rows.toLocaleString("en")} ${rows === 1 ? "row" : "rows"}${more ? ", and more" : ""}`;
      const hidden = head.slice(widths.length);
      return `${table}\n${count}\n${hidden.length === 0 ? "" : `Not shown, for want of space: ${hidden.join(", ")}\n`}`;
    },
  };
}

function cell(value: DuckDBValue): string {
  if (value === null) return "NULL";
  const text = typeof value === "string" ? value : toText(value);
  return visible(text.length > LONGEST_CELL ? text.slice(0, LONGEST_CELL) : text);
}

/** Widths of the leading columns that fit: the widest give way first, none below a few letters. */
export function fitWidths(natural: readonly number[], available: number): number[] {
  const least = natural.map((width) => Math.min(width, NARROWEST));
  let shown = 0;
  for (let used = 0; shown < natural.length; shown++) {
    used += (least[shown] ?? 0) + (shown === 0 ? 0 : GAP.length);
    if (shown > 0 && used > available) break;
  }
  const widths = natural.slice(0, shown);
  const room = Math.max(available - GAP.length * (shown - 1), 1);
  for (let excess = sum(widths) - room; excess > 0; ) {
    const widest = Math.max(...widths);
    const next = Math.max(NARROWEST, ...widths.filter((width) => width < widest));
    const affected = widths.filter((width) => width === widest).length;
    const cut = Math.min(Math.max(widest - next, 1), Math.max(Math.floor(excess / affected), 1));
    let left = excess;
    for (let index = widths.length - 1; index >= 0 && left > 0; index--) {
      if (widths[index] !== widest) continue;
      widths[index] = Math.max(widest - cut, 1);
      left -= cut;
    }
    excess = sum(widths) - room;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

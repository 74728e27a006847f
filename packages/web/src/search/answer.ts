import { QueryLine } from "@corduroy/contract";

/** A column of an answer, with the kind of its values. */
export interface Column {
  name: string;
  type: "number" | "time" | "json" | "text";
}

/** What is known of an answer so far. `rows` grows in place; `count` says how far. */
export interface Answer {
  columns: Column[];
  rows: unknown[][];
  count: number;
  end: { rows: number; more: boolean; milliseconds: number } | null;
  error: { message: string; hint?: string | undefined } | null;
}

export const NO_ANSWER: Answer = { columns: [], rows: [], count: 0, end: null, error: null };

/** Adds lines of the stream to an answer. A line that is none of the kinds known ends it with an error. */
export function withLines(answer: Answer, lines: readonly string[]): Answer {
  let next = answer;
  for (const line of lines) {
    const value = parsed(line);
    // Rows are many: they are told by their shape alone.
    if (value !== null && typeof value === "object" && "row" in value && Array.isArray(value.row)) {
      next.rows.push(value.row as unknown[]);
      continue;
    }
    const known = QueryLine.safeParse(value);
    if (!known.success) return { ...next, error: { message: "The answer was cut off or is not what this page understands.", hint: "Run the query again; reload the page if it goes on." } };
    if ("columns" in known.data) next = { ...next, columns: known.data.columns, rows: [] };
    if ("end" in known.data) next = { ...next, end: known.data.end };
    if ("error" in known.data) next = { ...next, error: known.data.error };
  }
  return { ...next, count: next.rows.length };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** A value as text: in a cell, or to be counted. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

const LEAST = 70;
const MOST = 420;
const CHARACTER = 7.4;
const PADDING = 22;
const SAMPLED = 120;

/** Widths of columns in pixels, from their names and the first rows, so that most values fit and none takes the whole screen. */
export function columnWidths(columns: readonly Column[], rows: readonly unknown[][]): number[] {
  const sample = rows.slice(0, SAMPLED);
  return columns.map(({ name, type }, i) => {
    const lengths = sample.map((row) => cellText(row[i]).length).sort((a, b) => a - b);
    const usual = lengths[Math.floor(lengths.length * 0.9)] ?? 0;
    return Math.round(Math.min(MOST, Math.max(LEAST, Math.max(usual, name.length + type.length + 1) * CHARACTER + PADDING)));
  });
}

import type { Sight } from "./sight.ts";
import type { FilledView } from "./views.ts";

/**
 * How rows are written: four for people and their programs, and two of the API: `lines` (`QueryLine` of the contract), of which the caller writes the last,
 * and `export`, which is CSV for a spreadsheet: whole or an error, and without formulas.
 */
export const FORMATS = ["table", "json", "ndjson", "csv", "lines", "export"] as const;
export type Format = (typeof FORMATS)[number];
export type PrintedFormat = Exclude<Format, "lines" | "export">;

/** What a query may use. */
export interface Limits {
  /** Time that the engine works; waiting for the reader of the rows does not count. */
  seconds: number;
  memoryMb: number;
  /** Disk for what does not fit in memory. */
  temporaryMb: number;
  threads: number;
}

/** What the child gets to read, as one JSON document on its standard input. */
export interface QueryRequest {
  /** The lake: an absolute path without symbolic links. */
  folder: string;
  /** An empty folder for what does not fit in memory. */
  temporary: string;
  sql: string;
  views: FilledView[];
  sight: Sight;
  format: Format;
  maxRows: number | null;
  /** Columns of the terminal that a table may take. */
  width: number;
  /** Write control characters out, because a terminal would obey them. */
  forTerminal: boolean;
  /** Started by root, go on as root where no other user can read the lake; if not, the query fails. */
  mayStayRoot: boolean;
  limits: Limits;
}

/** What the child says beside the rows. */
export type QueryNews =
  | { type: "alive" }
  | { type: "done"; rows: number; more: boolean }
  | { type: "failed"; error: "Invalid" | "Forbidden" | "Unavailable"; message: string; hint: string | undefined };

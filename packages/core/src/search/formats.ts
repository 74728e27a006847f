import type { DuckDBValue } from "@duckdb/node-api";
import { Invalid, visibleBlock } from "../kernel/index.ts";
import type { Format } from "./protocol.ts";
import { tableWriter } from "./table.ts";
import { asWritten, isoTime, toJson, toText } from "./values.ts";

/** Turns rows into text, a piece at a time. What was returned need not be kept by the writer. */
export interface RowWriter {
  row(values: readonly DuckDBValue[]): string;
  /** The rest, once there are no more rows. @param more there would have been more rows. @throws Invalid where the format cannot say so */
  end(more: boolean): string;
}

export interface ResultColumn {
  name: string;
  type: "number" | "time" | "json" | "text";
  /** JSON text, which is a value of its own inside JSON. */
  isJson: boolean;
}

export interface FormatOptions {
  width: number;
  forTerminal: boolean;
}

/** A writer for rows of these columns, whose names are distinct. */
export function rowWriter(format: Format, columns: readonly ResultColumn[], options: FormatOptions): RowWriter {
  const writers: Record<Format, () => RowWriter> = {
    table: () => tableWriter(columns, options.width),
    csv: () => csvWriter(columns, options.forTerminal ? visibleBlock : (text) => text),
    ndjson: () => ({ row: (values) => `${jsonLine(columns, values)}\n`, end: () => "" }),
    json: () => jsonWriter(columns),
    lines: () => lineWriter(columns),
    export: () => exportWriter(columns, options.forTerminal ? visibleBlock : (text) => text),
  };
  return writers[format]();
}

/** One array, a row a line. */
function jsonWriter(columns: readonly ResultColumn[]): RowWriter {
  let first = true;
  return {
    row: (values) => {
      const start = first ? "[\n" : ",\n";
      first = false;
      return start + jsonLine(columns, values);
    },
    end: () => (first ? "[]\n" : "\n]\n"),
  };
}

/** One line with the columns, then one a row: `{"columns":[…]}`, `{"row":[…]}`. Times are ISO 8601. */
function lineWriter(columns: readonly ResultColumn[]): RowWriter {
  let head = `${escaped(JSON.stringify({ columns: columns.map(({ name, type }) => ({ name, type })) }))}\n`;
  const withHead = (text: string) => {
    const all = head + text;
    head = "";
    return all;
  };
  return {
    row: (values) => withHead(`${escaped(`{"row":[${columns.map(({ isJson }, index) => jsonValue(values[index] ?? null, isJson, isoTime)).join(",")}]}`)}\n`),
    end: () => withHead(""),
  };
}

function jsonLine(columns: readonly ResultColumn[], values: readonly DuckDBValue[]): string {
  return escaped(`{${columns.map(({ name, isJson }, index) => `${JSON.stringify(name)}:${jsonValue(values[index] ?? null, isJson, asWritten)}`).join(",")}}`);
}

function jsonValue(value: DuckDBValue, isJson: boolean, timeText: typeof isoTime): string {
  return isJson && typeof value === "string" ? embedded(value) : JSON.stringify(toJson(value, timeText));
}

/** Characters that JSON lets stand and a terminal obeys, or a reader takes for the end of a line, are escaped: the value is the same. */
function escaped(json: string): string {
  return json.replace(/[\u007F-\u009F\u2028\u2029]|\p{Cf}/gu, (character) => character.replace(/[\0-\uFFFF]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`));
}

/** JSON text on one line, its numbers as they are; what is no JSON by the standard (the engine is lenient) stays a text. */
function embedded(json: string): string {
  try {
    JSON.parse(json);
  } catch {
    return JSON.stringify(json);
  }
  // Between values line ends are white space; inside strings they cannot stand.
  return json.replaceAll(/[\r\n]/g, " ");
}

/** RFC 4180 with line feeds. NULL is an empty field, the empty text is `""`. */
function csvWriter(columns: readonly ResultColumn[], shownAs: (text: string, column?: ResultColumn) => string): RowWriter {
  const field = (text: string, column?: ResultColumn) => {
    const shown = shownAs(text, column);
    return shown === "" || /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
  };
  let head = csvLine(columns.map(({ name }) => field(name)));
  const withHead = (text: string) => {
    const all = head + text;
    head = "";
    return all;
  };
  return {
    row: (values) => withHead(csvLine(values.map((value, index) => (value === null ? "" : field(toText(value), columns[index]))))),
    end: () => withHead(""),
  };
}

function csvLine(fields: readonly string[]): string {
  return `${fields.join(",")}\n`;
}

/** What a spreadsheet takes for a formula and computes, however a field is quoted; a negative number in JSON is none. */
const FORMULA = /^(?:[=+@\t\r]|-(?!\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$))/;

/** CSV that is opened in a spreadsheet: texts from logs cannot be formulas there, and since CSV cannot say that there is more, what is cut is an error. */
function exportWriter(columns: readonly ResultColumn[], shownAs: (text: string) => string): RowWriter {
  let rows = 0;
  const isValue = (column: ResultColumn | undefined) => column?.type === "number" || column?.type === "time";
  const writer = csvWriter(columns, (text, column) => (!isValue(column) && FORMULA.test(text) ? `'${shownAs(text)}` : shownAs(text)));
  return {
    row: (values) => {
      rows++;
      return writer.row(values);
    },
    end: (more) => {
      if (more) throw new Invalid(`There are more than ${rows.toLocaleString("en")} rows, which is the most that this export may have.`, { hint: "Ask for fewer days or columns, group, or add a LIMIT if a part is enough." });
      return writer.end(more);
    },
  };
}

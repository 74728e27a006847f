import { rowWriter, type PrintedFormat, type ResultColumn } from "@corduroy/core/search";
import { elementsOf } from "./ndjson.ts";

type Column = Pick<ResultColumn, "name" | "type">;

/** Turns an answer into text, a row at a time. */
export interface AnswerWriter {
  /** @param line as the service writes it: `{"row":[…]}` */
  row(line: string): string;
  /** The rest. @param more there would have been more rows */
  end(more: boolean): string;
}

/** Writes the rows of an answer in the very forms in which `query --lake` writes them. */
export function answerWriter(format: PrintedFormat, columns: readonly Column[], options: { width: number; forTerminal: boolean }): AnswerWriter {
  const isJson = format === "json" || format === "ndjson";
  const value = isJson ? jsonOf : textOf;
  const writer = rowWriter(format, columns.map((column) => ({ ...column, isJson })), options);
  return {
    row: (line) => {
      const elements = elementsOf(line, line.indexOf("["));
      return writer.row(columns.map((column, index) => value(elements[index] ?? "null", column)));
    },
    end: (more) => writer.end(more),
  };
}

/** A value for JSON: as it came, but for times, which the engine writes in its own way. */
function jsonOf(element: string, column: Column): string {
  return column.type === "time" ? JSON.stringify(textOf(element, column)) : element;
}

/** A value as text; null for none. */
function textOf(element: string, { type }: Column): string | null {
  if (element === "null") return null;
  const text = element.startsWith('"') ? (JSON.parse(element) as string) : element;
  return type === "time" ? text.replace(/^(\d{4}-\d\d-\d\d)T([\d:.]+)Z$/, "$1 $2") : text;
}

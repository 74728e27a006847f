import type { DuckDBConnection, DuckDBTimestampValue } from "@duckdb/node-api";
import { folded } from "./fold.ts";
import { isNode, type Node } from "./syntax-tree.ts";
import type { ViewFile } from "./views.ts";

/** A stretch of time, in milliseconds since the epoch, both ends included. */
export interface Span {
  from: number;
  to: number;
}

export const EVER: Span = { from: -Infinity, to: Infinity };
const NEVER: Span = { from: Infinity, to: -Infinity };

/** `now()` is a little later when the statement runs, and times of files are cut to milliseconds. */
const MARGIN_MS = 3_600_000;
/** What may stand in a moment that is given: nothing that reads, and nothing that can grow. */
const FUNCTIONS = new Set(["+", "-", "now", "get_current_timestamp", "trunc", "to_years", "to_months", "to_weeks", "to_days", "to_hours", "to_minutes", "to_seconds", "date_trunc", "make_timestamp", "make_date"]);
const WORDS = new Set(["current_timestamp", "current_date"]);
const TIME_TYPES = /^(?:DATE|TIMESTAMP(?:_S|_MS|_NS| WITH TIME ZONE)?)$/;
const DEEPEST = 10;

/**
 * The time that a view is asked for, as far as its readings say so themselves: comparisons of its column `time` with moments, joined by AND, in the
 * WHERE of a SELECT from this view alone. Whatever else a condition may be, rows outside of this span do not count; so files outside need not be opened.
 */
export async function spanOf(connection: DuckDBConnection, readings: readonly (Node | null)[]): Promise<Span> {
  let all = NEVER;
  for (const where of readings) {
    const span = where === null ? EVER : await spanOfCondition(connection, where);
    all = { from: Math.min(all.from, span.from), to: Math.max(all.to, span.to) };
  }
  return { from: all.from - MARGIN_MS, to: all.to + MARGIN_MS };
}

/** The files that may have rows of that time. */
export function filesWithin(files: readonly ViewFile[], { from, to }: Span): ViewFile[] {
  return files.filter(({ first, last }) => first === null || last === null || !(Date.parse(last) < from || Date.parse(first) > to));
}

async function spanOfCondition(connection: DuckDBConnection, node: Node): Promise<Span> {
  const children = Array.isArray(node["children"]) ? (node["children"] as unknown[]).filter(isNode) : [];
  if (node["type"] === "CONJUNCTION_AND") {
    let all = EVER;
    for (const child of children) all = within(all, await spanOfCondition(connection, child));
    return all;
  }
  const { input, lower, upper, left, right } = node as { input?: unknown; lower?: unknown; upper?: unknown; left?: unknown; right?: unknown };
  if (node["type"] === "COMPARE_BETWEEN") return isTime(input) ? { from: (await moment(connection, lower)) ?? -Infinity, to: (await moment(connection, upper)) ?? Infinity } : EVER;
  if (node["class"] !== "COMPARISON") return EVER;
  if (isTime(left)) return compared(String(node["type"]), await moment(connection, right));
  if (isTime(right)) return compared(MIRRORED[String(node["type"])] ?? "", await moment(connection, left));
  return EVER;
}

const MIRRORED: Readonly<Record<string, string>> = {
  COMPARE_EQUAL: "COMPARE_EQUAL", COMPARE_GREATERTHAN: "COMPARE_LESSTHAN", COMPARE_GREATERTHANOREQUALTO: "COMPARE_LESSTHANOREQUALTO",
  COMPARE_LESSTHAN: "COMPARE_GREATERTHAN", COMPARE_LESSTHANOREQUALTO: "COMPARE_GREATERTHANOREQUALTO",
};

function compared(comparison: string, at: number | null): Span {
  if (at === null) return EVER;
  switch (comparison) {
    case "COMPARE_EQUAL":
      return { from: at, to: at };
    case "COMPARE_GREATERTHAN":
    case "COMPARE_GREATERTHANOREQUALTO":
      return { from: at, to: Infinity };
    case "COMPARE_LESSTHAN":
    case "COMPARE_LESSTHANOREQUALTO":
      return { from: -Infinity, to: at };
    default:
      return EVER;
  }
}

function within(a: Span, b: Span): Span {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
}

/** The view's own column; one with the name of a table before it may be a field of another. */
function isTime(node: unknown): boolean {
  const names = isNode(node) && node["class"] === "COLUMN_REF" ? (node["column_names"] as unknown[]) : [];
  return names.length === 1 && folded(String(names[0])) === "time";
}

/** The moment that an expression without columns stands for, as the engine itself computes it; null when it is none, or not surely one. */
async function moment(connection: DuckDBConnection, node: unknown): Promise<number | null> {
  if (!isMoment(node, 0)) return null;
  try {
    const template = JSON.parse(await text(connection, "SELECT json_serialize_sql('SELECT 0')", [])) as { statements: { node: { select_list: unknown[] } }[] };
    template.statements[0]!.node.select_list = [node];
    // Where nothing is meant stands 2^64 - 1, which JavaScript rounds to a number that DuckDB refuses.
    const sql = await text(connection, "SELECT json_deserialize_sql($1::JSON)", [JSON.stringify(template, (key, value: unknown) => (key === "query_location" ? 0 : value))]);
    const [[type, at] = []] = (await connection.runAndReadAll(`SELECT typeof(x), CAST(x AS TIMESTAMP) FROM (${sql}) AS given(x)`)).getRows();
    // A text that is cast to text is compared as text.
    const isTyped = TIME_TYPES.test(String(type)) || (isNode(node) && node["class"] === "CONSTANT" && type === "VARCHAR");
    return isTyped && at !== null ? Number((at as DuckDBTimestampValue).micros / 1000n) : null;
  } catch {
    return null;
  }
}

async function text(connection: DuckDBConnection, sql: string, values: string[]): Promise<string> {
  return String((await connection.runAndReadAll(sql, values)).getRows()[0]?.[0]);
}

function isMoment(node: unknown, depth: number): boolean {
  if (!isNode(node) || depth > DEEPEST) return false;
  const below = (children: unknown): boolean => Array.isArray(children) && children.every((child) => isMoment(child, depth + 1));
  switch (node["class"]) {
    case "CONSTANT":
      return true;
    case "CAST":
      return isMoment(node["child"], depth + 1);
    case "COLUMN_REF":
      return Array.isArray(node["column_names"]) && node["column_names"].length === 1 && WORDS.has(folded(String(node["column_names"][0])));
    case "FUNCTION":
      return FUNCTIONS.has(folded(String(node["function_name"]))) && isPlainCall(node) && below(node["children"]);
    default:
      return false;
  }
}

/** Called with its arguments alone: whatever FILTER, DISTINCT or ORDER BY hold would be computed too. */
function isPlainCall({ filter, distinct, order_bys: order }: Node): boolean {
  return filter === null && distinct === false && isNode(order) && Array.isArray(order["orders"]) && order["orders"].length === 0;
}

import {
  DuckDBArrayValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
  type DuckDBValue,
} from "@duckdb/node-api";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A value as text, as DuckDB writes it; the empty text for NULL. */
export function toText(value: DuckDBValue): string {
  return value === null ? "" : String(value);
}

/**
 * A value as JSON. Lists become arrays, structs and maps objects. Numbers that JSON readers would round (integers above 2^53, long
 * decimals) and those that JSON lacks (NaN, infinity) become strings; so does all else.
 * @param text writes what has no form of its own in JSON
 */
export function toJson(value: DuckDBValue, text: (value: DuckDBValue) => string): Json {
  const inner = (item: DuckDBValue): Json => toJson(item, text);
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") return isSafe(value) ? Number(value) : String(value);
  if (value instanceof DuckDBDecimalValue) return isSafe(value.value) ? Number(String(value)) : String(value);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(inner);
  if (value instanceof DuckDBStructValue) return Object.fromEntries(Object.entries(value.entries).map(([key, item]) => [key, inner(item)]));
  if (value instanceof DuckDBMapValue) return Object.fromEntries(value.entries.map(({ key, value: item }) => [text(key), inner(item)]));
  if (value instanceof DuckDBUnionValue) return inner(value.value);
  return text(value);
}

/** Any value as DuckDB writes it; times are in UTC. */
export const asWritten: (value: DuckDBValue) => string = String;

/** Moments as ISO 8601 in UTC, to the last digit the engine has; what is beyond four-digit years, and all else, as DuckDB writes it. */
export function isoTime(value: DuckDBValue): string {
  const time = value instanceof DuckDBTimestampTZValue ? new DuckDBTimestampValue(value.micros) : value;
  return MOMENTS.some((kind) => time instanceof kind) ? String(time).replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)$/, "$1T$2Z") : String(time);
}

const MOMENTS = [DuckDBTimestampValue, DuckDBTimestampSecondsValue, DuckDBTimestampMillisecondsValue, DuckDBTimestampNanosecondsValue];

function isSafe(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
}

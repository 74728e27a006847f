import {
  DuckDBArrayValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
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
 * decimals) and those that JSON lacks (NaN, infinity) become strings; so do times, as DuckDB writes them, in UTC.
 */
export function toJson(value: DuckDBValue): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") return isSafe(value) ? Number(value) : String(value);
  if (value instanceof DuckDBDecimalValue) return isSafe(value.value) ? Number(String(value)) : String(value);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(toJson);
  if (value instanceof DuckDBStructValue) return Object.fromEntries(Object.entries(value.entries).map(([key, item]) => [key, toJson(item)]));
  if (value instanceof DuckDBMapValue) return Object.fromEntries(value.entries.map(({ key, value: item }) => [toText(key), toJson(item)]));
  if (value instanceof DuckDBUnionValue) return toJson(value.value);
  return String(value);
}

function isSafe(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
}

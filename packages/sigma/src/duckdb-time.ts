import type { Comparison, TimePart } from "./tree.ts";

const day = "[1-9][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
const clock = "[Tt ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?";
const zone = "(?:[Zz]|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?";

const operators: Readonly<Record<Comparison | "eq", string>> = { eq: "=", lt: "<", lte: "<=", gt: ">", gte: ">=" };

/**
 * A part of an ISO 8601 timestamp, in UTC; without an offset it is UTC already. DuckDB's own cast of text to TIMESTAMP
 * ignores offsets (1.5.6), so they are subtracted here. A date alone has no hour and no minute.
 */
export function timePartSql(text: string, part: TimePart, op: Comparison | "eq", value: number): string {
  const digits = (from: string, group: number): string => `coalesce(TRY_CAST(regexp_extract(${text}, '${from}', ${group}) AS INTEGER), 0)`;
  const offset = "([+-])([0-9]{2}):?([0-9]{2})?$";
  const minutes = `CASE WHEN regexp_matches(${text}, ':.*[+-]') THEN CASE WHEN regexp_extract(${text}, '${offset}', 1) = '-' THEN -1 ELSE 1 END * (${digits(offset, 2)} * 60 + ${digits(offset, 3)}) ELSE 0 END`;
  const start = `TRY_CAST(substring(${text}, 1, 10) || ' ' || substring(${text}, 12, 5) || ':00' AS TIMESTAMP)`;
  const compared = (moment: string): string => `date_part('${part}', ${moment}) ${operators[op]} ${value}`;
  const timed = `WHEN regexp_full_match(${text}, '${day}${clock}${zone}') THEN ${compared(`${start} - to_minutes(${minutes})`)}`;
  const dated = part === "hour" || part === "minute" ? "" : ` WHEN regexp_full_match(${text}, '${day}') THEN ${compared(`TRY_CAST(${text} AS DATE)`)}`;
  return `(CASE ${timed}${dated} ELSE false END)`;
}

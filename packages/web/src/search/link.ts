import { Environment } from "@corduroy/contract";
import type { Whose } from "./stream.ts";

const SQL = "sql";

/** The fragment of an address that opens a query, with whose rows it is about: `#sql=select%201&team=payments`. Fragments stay in the browser, so no log of a proxy has the query. */
export function hashOfSql(sql: string, { team, environment }: Whose = {}): string {
  const parts = Object.entries({ [SQL]: sql, team, environment }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]));
  return `#${parts.join("&")}`;
}

/** The query in a fragment; null when there is none, or one that is broken. */
export function queryOfHash(hash: string): { sql: string; whose: Whose } | null {
  if (!hash.startsWith(`#${SQL}=`)) return null;
  try {
    const { sql = "", team = "", environment } = Object.fromEntries(hash.slice(1).split("&").map((part) => [part.split("=", 1)[0] ?? "", decodeURIComponent(part.slice(part.indexOf("=") + 1))]));
    return { sql, whose: { ...(team !== "" && { team }), environment: Environment.safeParse(environment).data } };
  } catch {
    return null;
  }
}

/** The name of a CSV file: the view it comes from and the time, as file systems like it: `aws_cloudtrail-2026-11-21-1530.csv`. */
export function csvName(sql: string, now: Date): string {
  const view = /\bfrom\s+"?([a-z_][a-z0-9_]{0,60})/i.exec(sql)?.[1]?.toLowerCase() ?? "corduroy";
  return `${view}-${now.toISOString().slice(0, 16).replace("T", "-").replace(":", "")}.csv`;
}

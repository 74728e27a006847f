const NAME = "#sql=";

/** The fragment of an address that opens a query: `#sql=select%201`. Fragments stay in the browser, so no log of a proxy has the query. */
export function hashOfSql(sql: string): string {
  return `${NAME}${encodeURIComponent(sql)}`;
}

/** The query in a fragment; null when there is none, or one that is broken. */
export function sqlOfHash(hash: string): string | null {
  if (!hash.startsWith(NAME)) return null;
  try {
    return decodeURIComponent(hash.slice(NAME.length));
  } catch {
    return null;
  }
}

/** The name of a CSV file: the view it comes from and the time, as file systems like it: `aws_cloudtrail-2026-11-21-1530.csv`. */
export function csvName(sql: string, now: Date): string {
  const view = /\bfrom\s+"?([a-z_][a-z0-9_]{0,60})/i.exec(sql)?.[1]?.toLowerCase() ?? "corduroy";
  return `${view}-${now.toISOString().slice(0, 16).replace("T", "-").replace(":", "")}.csv`;
}

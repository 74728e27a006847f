const KEY = "corduroy.queries";
const MOST = 20;
const LONGEST = 10_000;

/** Queries that were run in this browser, newest first. */
export function recentQueries(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter((each) => typeof each === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Puts a query in front of the others, once. */
export function withRecent(queries: readonly string[], sql: string): string[] {
  return sql.length > LONGEST ? [...queries] : [sql, ...queries.filter((query) => query !== sql)].slice(0, MOST);
}

/** Keeps the queries for the next visit. */
export function keepQueries(queries: readonly string[]): void {
  localStorage.setItem(KEY, JSON.stringify(queries));
}

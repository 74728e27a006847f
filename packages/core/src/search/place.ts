/** How many characters of a long line are shown around the place that is meant. */
const AROUND = 60;

/**
 * A line of SQL with a caret below the place that is meant, as DuckDB shows it.
 * @param offset where in the text, in bytes of UTF-8; null for nowhere.
 */
export function pointAt(sql: string, offset: number | null): string {
  const bytes = Buffer.from(sql);
  if (offset === null || offset >= bytes.length) return "";
  const before = bytes.subarray(0, offset).toString().split("\n");
  const number = before.length;
  const column = before.at(-1)?.length ?? 0;
  const line = sql.split("\n")[number - 1] ?? "";
  const from = Math.max(0, column - AROUND);
  const to = Math.min(line.length, column + AROUND);
  const label = `LINE ${number}: ${from > 0 ? "..." : ""}`;
  return `\n\n${label}${line.slice(from, to)}${to < line.length ? "..." : ""}\n${" ".repeat(label.length + column - from)}^`;
}

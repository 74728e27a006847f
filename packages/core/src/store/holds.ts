import { ilike, type AnyColumn, type SQL } from "drizzle-orm";

/** Whether a column has this text somewhere in it, whatever its case; no letter of it is a pattern. */
export function holds(column: AnyColumn | SQL, text: string): SQL {
  return ilike(column, `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
}

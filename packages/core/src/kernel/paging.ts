import * as z from "zod";
import { Invalid } from "./errors.ts";

/** One page of a list; `next` asks for the following one, null at the end. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

/** How a page is asked for. */
export const pageShape = z.strictObject({ limit: z.int().min(1).max(200).default(50), cursor: z.string().max(1_000).optional() });

/** Cuts a page out of rows that were asked for with one more than `limit`; `keyOf` gives the place after which the next page begins. */
export function pageOf<Row, T>(rows: readonly Row[], limit: number, keyOf: (row: Row) => unknown, item: (row: Row) => T): Page<T> {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { items: rows.slice(0, limit).map(item), next: last === undefined ? null : Buffer.from(JSON.stringify(keyOf(last))).toString("base64url") };
}

/**
 * The place that a cursor names; undefined for the first page.
 * @throws Invalid for a text that is no cursor of this list
 */
export function placeOf<T extends z.ZodType>(shape: T, cursor: string | undefined): z.output<T> | undefined {
  if (cursor === undefined) return undefined;
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch (cause) {
    throw new Invalid("This is no cursor of this list.", { hint: "Leave it away to begin with the first page.", cause });
  }
}

import { hmacPads, PSEUDONYM, PSEUDONYM_HEX } from "../identity/index.ts";
import type { Sight } from "./sight.ts";

/** What becomes of a column for whoever may not see people: a pseudonym for each value; the same unless the row is about a machine; or nothing at all. */
export type Hiding = "pseudonym" | "entity" | "withheld";

/** Kinds of entity that are nobody. */
const MACHINES = "('role', 'service', 'account')";

/**
 * SQL of a column as whoever asks sees it. SQL from people is planned above this and never sees the stored value: neither a filter nor an error can tell of it.
 * @param value the stored value, as SQL
 */
export function seen(value: string, type: string, hiding: Hiding | undefined, { pseudonyms }: Sight): string {
  if (pseudonyms === null || hiding === undefined) return value;
  if (hiding === "withheld") return `NULL::${type}`;
  if (type === "VARCHAR[]") return `list_transform(${value}, lambda each: ${pseudonymSql("each", pseudonyms)})`;
  if (type !== "VARCHAR") return `NULL::${type}`;
  const pseudonym = pseudonymSql(value, pseudonyms);
  return hiding === "entity" ? `CASE WHEN entity_kind IN ${MACHINES} THEN ${value} ELSE ${pseudonym} END` : pseudonym;
}

/**
 * SQL of a column of rows that may be of other sources: nothing of those. The WHERE of the view leaves their rows out; should an engine ever ask a condition of the statement
 * before that one, it finds nothing to tell of.
 */
export function ofSources(value: string, type: string, { sources }: Sight): string {
  return sources === null ? value : `CASE WHEN ${isOneOf(sources)} THEN ${value} END::${type}`;
}

/** SQL that is true of rows of these sources. */
export function isOneOf(sources: readonly string[]): string {
  return sources.length === 0 ? "false" : `coalesce("source" IN (${sources.map((id) => `'${id.replaceAll("'", "''")}'`).join(", ")}), false)`;
}

/** `pseudonymOf` of identity, as SQL. */
function pseudonymSql(text: string, key: string): string {
  const { inner, outer } = hmacPads(Buffer.from(key, "hex"));
  const hmac = `sha256(unhex('${outer.toString("hex")}') || unhex(sha256(unhex('${inner.toString("hex")}') || encode(${text}))))`;
  return `'${PSEUDONYM}' || left(${hmac}, ${PSEUDONYM_HEX})`;
}

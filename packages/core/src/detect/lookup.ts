/** Where in a JSON record a rule's field is looked for, as JSON pointers (RFC 6901). */
export interface Lookup {
  /** Each part of the dotted name one step down. */
  path: string;
  /** The whole name as one key of the record; null when it has no dot, because then it is the path. */
  literal: string | null;
  /** The steps above the path's end: were one an array, the path would have to be followed into each element. */
  parents: string[];
}

const escape = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");

/** @returns null for names that only the general JSON access understands (empty parts) */
export function lookup(field: string): Lookup | null {
  const parts = field.split(".");
  if (parts.includes("") || field.includes("\0")) return null;
  const pointers = parts.map((_, index) => `/${parts.slice(0, index + 1).map(escape).join("/")}`);
  return { path: pointers.at(-1)!, literal: parts.length > 1 ? `/${escape(field)}` : null, parents: pointers.slice(0, -1) };
}

/** Whether JSON writes a field's keys as they are: only such keys can be looked for in the text of a record. */
export function isPlainName(field: string): boolean {
  return /^[ !#-.0-[\]-~]+$/.test(field);
}

/** A text as an SQL literal. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A list of texts as an SQL list literal. */
export function quoteList(texts: readonly string[]): string {
  return `[${texts.map(quote).join(", ")}]`;
}

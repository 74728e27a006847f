const UNSTORABLE = /\\u0000|\\ud[89a-f][0-9a-f]{2}/i;

/**
 * What came from a log, as a database takes it: PostgreSQL's texts and JSON have no NUL and no half of a surrogate pair, and refuse the whole
 * transaction for one. Both become U+FFFD, in keys too; the lake keeps the bytes.
 */
export function storable<T>(value: T): T {
  // Nearly all is as it should be, and that is told faster than it is rewritten.
  return UNSTORABLE.test(JSON.stringify(value)) ? (rewritten(value) as T) : value;
}

function rewritten(value: unknown): unknown {
  if (typeof value === "string") return Buffer.from(value.replaceAll("\0", "\uFFFD"), "utf8").toString("utf8");
  if (Array.isArray(value)) return value.map(rewritten);
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.create(Object.getPrototypeOf(value) as object | null) as Record<string, unknown>;
  for (const [key, each] of Object.entries(value)) copy[rewritten(key) as string] = rewritten(each);
  return copy;
}

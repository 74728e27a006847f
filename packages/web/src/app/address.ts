/** The query part of an address as plain names and texts: `?state=open&q=root`. Links stay readable, and other tools can make them. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** The opposite of `parseSearch`; what is no plain value is left out. */
export function stringifySearch(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") query.set(name, String(value));
  return query.size === 0 ? "" : `?${query.toString()}`;
}

/** Where to go after signing in: a path of ours, never another site. */
export function safeReturn(to: unknown): string {
  return typeof to === "string" && /^\/(?![/\\])/.test(to) && !/^\/(sign-in|setup|invitation)\b/.test(to) ? to : "/";
}

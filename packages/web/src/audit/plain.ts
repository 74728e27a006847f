/** What changed, as verbs write it into the audit. */
interface Change {
  kind: string;
  from?: unknown;
  to?: unknown;
}

/**
 * A value of an audit row as it is read: lists without brackets, changes as `owner: nobody → Anna`, anything else as JSON.
 * @param named the name of a person's id; any other text stays what it is
 */
export function plain(value: unknown, named: (id: string) => string): string {
  if (typeof value === "string") return named(value);
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value.map(named).join(", ") || "none";
  if (Array.isArray(value) && value.every(isChange)) return value.map((change) => changeText(change, named)).join("; ");
  return JSON.stringify(value);
}

function isChange(value: unknown): value is Change {
  return typeof value === "object" && value !== null && "kind" in value && typeof value.kind === "string";
}

function changeText({ kind, from, to, ...rest }: Change, named: (id: string) => string): string {
  const said = Object.values(rest).filter((each) => typeof each === "string").join(" ");
  if (from === undefined && to === undefined) return [kind, said].filter((part) => part !== "").join(" ");
  const side = (value: unknown): string => (value === null || value === undefined ? "none" : plain(value, named));
  return `${kind}: ${side(from)} → ${side(to)}`;
}

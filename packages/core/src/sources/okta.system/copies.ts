import type { JsonRecord } from "../definition.ts";

const NAMES = new Map(["eventType", "legacyEventType", "displayMessage", "authenticationContext", "debugContext", "securityContext"].map((name) => [name.toLowerCase(), name]));

/** A LogEvent under the names that Okta writes, for a copy that went through a database which lower-cased the outermost ones; undefined for anything else. */
export function withOktaNames(record: JsonRecord): JsonRecord | undefined {
  if (typeof record["eventtype"] !== "string" || record["eventType"] !== undefined) return undefined;
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [NAMES.get(name) ?? name, value]));
}

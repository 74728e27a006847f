import type { Logsource } from "./rule.ts";

/** What a log source is named by. */
export const selectors = ["category", "product", "service"] as const;

/**
 * Whether events offered as `offered` are what a rule with the log source `wanted` looks at: every one of category,
 * product and service that the rule names must be the same (case-insensitively). What the rule leaves open fits anything.
 */
export function matchesLogsource(wanted: Logsource, offered: Logsource): boolean {
  return selectors.every((name) => wanted[name] === undefined || wanted[name].toLowerCase() === offered[name]?.toLowerCase());
}

import { isMap, isScalar, type Node } from "yaml";
import type { SigmaDocument } from "./document.ts";
import { selectors } from "./logsource-match.ts";
import type { Logsource } from "./rule.ts";
import { nearest } from "./spelling.ts";

/** Reads the `logsource` section; null (with a problem) when it cannot be used. */
export function readLogsource(document: SigmaDocument, section: Node | null): Logsource | null {
  if (!isMap(section)) {
    document.problem(section, "logsource must be a map", "name at least one of category, product, service");
    return null;
  }
  const known = [...selectors, "definition"] as const;
  const found: { -readonly [name in keyof Logsource]: Logsource[name] } = {};
  const entries = document.entries(section);
  const given = new Set(entries.map((entry) => entry.key));
  for (const { key, keyNode, value } of entries) {
    const name = known.find((each) => each === key);
    if (name === undefined) {
      const meant = nearest(key, known);
      if (meant !== undefined && !given.has(meant)) document.problem(keyNode, `unknown key "${key}" in logsource`, `did you mean "${meant}"?`);
    } else if (isScalar(value) && typeof value.value === "string" && value.value !== "") found[name] = value.value;
    else document.problem(value ?? keyNode, `logsource ${key} must be text`);
  }
  if (selectors.some((name) => found[name] !== undefined)) return found;
  document.problem(section, "logsource names none of category, product, service");
  return null;
}

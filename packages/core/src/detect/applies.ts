import { matchesLogsource } from "@corduroy/sigma";
import type { SourceDefinition } from "../sources/index.ts";
import { located, quickPlaces } from "./located.ts";
import type { DetectionRule } from "./rule.ts";

/** Whether a rule's log source is a source's own. */
export function isFor(rule: Pick<DetectionRule, "logsource">, source: SourceDefinition): boolean {
  return [source.logsource].flat().some((offered) => matchesLogsource(rule.logsource, offered));
}

/** The rules that apply to a source: those whose log source is its own, or all of them; their fields stand where the source has them. */
export function rulesOf(rules: readonly DetectionRule[], source: SourceDefinition, anyLogsource: boolean): DetectionRule[] {
  const places = quickPlaces(source);
  return rules.filter((rule) => anyLogsource || isFor(rule, source)).map((rule) => ({ ...rule, expr: located(rule.expr, places) }));
}

import { fieldsOf, requiredKeys, requiredLiterals, type RequiredLiteral } from "@corduroy/sigma";
import type { SourceDefinition } from "../sources/index.ts";
import { lookup } from "./lookup.ts";
import type { DetectionRule } from "./rule.ts";

/** A rule without required keys, with the texts of which one must occur in an event that matches; null: nothing is known. */
export interface KeylessRule {
  rule: DetectionRule;
  literals: RequiredLiteral[] | null;
  /** Looks for a text anywhere in the event, or at a field that only the general JSON access understands. */
  needsWholeEvent: boolean;
}

/** Which rules of a source are asked for which events. */
export interface RulePlan {
  source: SourceDefinition;
  rules: readonly DetectionRule[];
  /** Rules by the lower-cased values they require of the source's key fields; `null` stands for any value. */
  keyed: ReadonlyMap<string, readonly DetectionRule[]>;
  keyless: readonly KeylessRule[];
  /** Fields of keyless rules that are no columns of the source: extracted for every event. */
  extraFields: readonly string[];
  /** Fields that rules read through columns of the source. */
  columnFields: readonly string[];
}

/** One key of the index. JSON keeps values with any characters apart. */
function indexKey(values: readonly (string | null)[]): string {
  return JSON.stringify(values);
}

/** The fields that are columns of the source, with the column's name. */
export function fieldColumns(source: SourceDefinition): Map<string, string> {
  return new Map(source.columns.flatMap((column) => (column.field ? [[column.field, column.name] as const] : [])));
}

/** Sorts rules into the index on required values and the keyless rest. */
export function planRules(source: SourceDefinition, rules: readonly DetectionRule[]): RulePlan {
  const columns = fieldColumns(source);
  const keyed = new Map<string, DetectionRule[]>();
  const keyless: KeylessRule[] = [];
  const extra = new Set<string>();
  const used = new Set(source.keyFields);
  for (const rule of rules) {
    for (const field of fieldsOf(rule.expr).fields) if (columns.has(field)) used.add(field);
    const keys = source.keyFields.length > 0 ? requiredKeys(rule.expr, source.keyFields) : null;
    if (keys && keys.every((key) => key.some((value) => value !== null))) {
      for (const key of new Set(keys.map(indexKey))) {
        const listed = keyed.get(key);
        if (listed) listed.push(rule);
        else keyed.set(key, [rule]);
      }
      continue;
    }
    const { fields, keywords } = fieldsOf(rule.expr);
    const needsWholeEvent = keywords || fields.some((field) => lookup(field) === null);
    keyless.push({ rule, literals: requiredLiterals(rule.expr), needsWholeEvent });
    if (!needsWholeEvent) for (const field of fields) if (!columns.has(field)) extra.add(field);
  }
  return { source, rules, keyed, keyless, extraFields: [...extra], columnFields: rules.length === 0 ? [] : [...used] };
}

/** The rules asked for an event with these values of the key fields: those that require all, or some, of them. */
export function rulesFor(plan: RulePlan, values: readonly (string | null)[]): DetectionRule[] {
  const found = new Set<DetectionRule>();
  for (let mask = 1; mask < 1 << values.length; mask++) {
    const key = values.map((value, index) => ((mask >> index) & 1 ? value : null));
    if (key.every((value) => value === null)) continue;
    for (const rule of plan.keyed.get(indexKey(key)) ?? []) found.add(rule);
  }
  return [...found].sort((a, b) => a.no - b.no);
}

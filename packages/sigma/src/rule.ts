import type { ConditionNode } from "./condition.ts";

/** Something a rule's author has to fix. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly rule_id?: string;
  readonly message: string;
  readonly hint?: string;
}

/** A place in a rule file; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export const levels = ["informational", "low", "medium", "high", "critical"] as const;
export type Level = (typeof levels)[number];

export const statuses = ["stable", "test", "experimental", "deprecated", "unsupported"] as const;
export type Status = (typeof statuses)[number];

export interface Logsource {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
  readonly definition?: string;
}

/** What every Sigma document may say about itself. Absent texts are null, absent lists empty. */
export interface Metadata {
  readonly id: string;
  readonly title: string;
  readonly name: string | null;
  readonly level: Level | null;
  readonly status: Status | null;
  readonly description: string | null;
  readonly author: string | null;
  readonly license: string | null;
  readonly taxonomy: string | null;
  /** Dates as the author wrote them, usually YYYY-MM-DD. */
  readonly date: string | null;
  readonly modified: string | null;
  readonly tags: readonly string[];
  readonly references: readonly string[];
  readonly falsepositives: readonly string[];
  readonly fields: readonly string[];
  readonly scope: readonly string[];
  readonly related: readonly { readonly id: string; readonly type: string }[];
  /** Top-level keys that Sigma does not define, as plain data. */
  readonly custom: Readonly<Record<string, unknown>>;
  readonly file: string;
  /** Where the document starts, from 1. */
  readonly line: number;
}

/** A detection rule: parsed, its condition checked, its modifiers not yet applied (see `compileRule`). */
export interface SigmaRule extends Metadata {
  readonly logsource: Logsource;
  readonly detection: Detection;
}

/** A tuning document: its condition is and-ed to the rules it names ("any": to every rule of its log source). */
export interface SigmaFilter extends Metadata {
  readonly logsource: Logsource;
  readonly rules: readonly string[] | "any";
  readonly detection: Detection;
}

export const correlationTypes = [
  "event_count", "value_count", "temporal", "temporal_ordered",
  "value_sum", "value_avg", "value_min", "value_max", "value_median", "value_percentile",
] as const;
export type CorrelationType = (typeof correlationTypes)[number];

export const correlationOperators = ["lt", "lte", "gt", "gte", "eq", "neq"] as const;
export type CorrelationOperator = (typeof correlationOperators)[number];

/** Counts and sums are compared; a boolean expression over the rules (temporal types only) is the extended form. */
export type CorrelationCondition =
  | {
      readonly kind: "compare";
      readonly all: readonly { readonly op: CorrelationOperator; readonly value: number }[];
      /** The fields whose values are counted or added up; empty for event_count and the temporal types. */
      readonly fields: readonly string[];
      /** For value_percentile, 0 to 100. */
      readonly percentile: number | null;
    }
  | { readonly kind: "expression"; readonly expression: ConditionNode };

/** A correlation rule; its rule references are ids or names, resolved by whoever evaluates it. */
export interface SigmaCorrelation extends Metadata {
  readonly type: CorrelationType;
  readonly rules: readonly string[];
  readonly groupBy: readonly string[];
  readonly timespanSeconds: number;
  /** alias -> rule reference -> field name in that rule's events */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly condition: CorrelationCondition;
  /** Whether the referenced rules also report on their own. */
  readonly generate: boolean;
}

/** The `detection` section, as written: selections by name and the conditions, which are or-ed. */
export interface Detection {
  readonly selections: ReadonlyMap<string, Selection>;
  readonly conditions: readonly ConditionNode[];
}

export type Selection =
  | { readonly kind: "all"; readonly items: readonly Selection[] }
  | { readonly kind: "any"; readonly items: readonly Selection[] }
  | { readonly kind: "item"; readonly item: DetectionItem };

/** One `field|modifier|...: values` line; `field` is null for keywords. */
export interface DetectionItem {
  readonly field: string | null;
  readonly modifiers: readonly string[];
  readonly values: readonly RuleValue[];
  readonly at: Place;
}

export type RuleValue = { readonly at: Place } & (
  | { readonly kind: "text"; readonly text: string }
  /** `text` is the number in plain decimal notation, exact. */
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null" }
);

export interface ParsedSigma {
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly SigmaCorrelation[];
  readonly filters: readonly SigmaFilter[];
  /** How many documents could not be used at all; each has at least one problem. */
  readonly broken: number;
  readonly problems: readonly Problem[];
}

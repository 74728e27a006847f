import { isMap, isScalar, type Node } from "yaml";
import { conditionNames } from "./condition.ts";
import { readCondition } from "./detection.ts";
import { scalarText, type Entry, type SigmaDocument } from "./document.ts";
import { readTextList } from "./metadata.ts";
import { correlationOperators, correlationTypes, type CorrelationCondition, type CorrelationType, type Metadata, type SigmaCorrelation } from "./rule.ts";
import { didYouMean } from "./spelling.ts";

const keys = ["type", "rules", "group-by", "timespan", "condition", "aliases", "generate"];
const secondsPer = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** Reads the `correlation` section (Sigma correlation rules 2.1). Null, with problems, when unusable. */
export function readCorrelation(document: SigmaDocument, section: Node | null, generateAtTop: Node | null, metadata: Metadata): SigmaCorrelation | null {
  const before = document.problems.length;
  if (!isMap(section)) {
    document.problem(section, "correlation must be a map");
    return null;
  }
  const entries = new Map(document.entries(section).map((entry) => [entry.key, entry]));
  for (const { key, keyNode } of entries.values())
    if (!keys.includes(key)) document.problem(keyNode, `unknown key "${key}" in correlation`, didYouMean(key, keys) ?? `one of ${keys.join(", ")}`);
  const type = readType(document, entries.get("type"), section);
  const rules = readList(document, entries.get("rules"), "rules");
  if (rules.length === 0) document.problem(entries.get("rules")?.value ?? section, "a correlation needs rules", "list the ids or names of the rules it joins");
  const timespanSeconds = readTimespan(document, entries.get("timespan"), section);
  const condition = type === null ? null : readCorrelationCondition(document, entries.get("condition"), type, rules, section);
  const aliases = readAliases(document, entries.get("aliases")?.value ?? null);
  const generate = readGenerate(document, entries.get("generate")?.value ?? generateAtTop);
  if (type === null || condition === null || document.problems.length > before) return null;
  return { ...metadata, type, rules, groupBy: readList(document, entries.get("group-by"), "group-by"), timespanSeconds, aliases, condition, generate };
}

function readType(document: SigmaDocument, entry: Entry | undefined, section: Node): CorrelationType | null {
  const text = isScalar(entry?.value) ? scalarText(entry.value) : "";
  const type = correlationTypes.find((each) => each === text) ?? null;
  if (type === null)
    document.problem(entry?.value ?? section, text === "" ? "a correlation needs a type" : `unknown correlation type "${text}"`, didYouMean(text, correlationTypes) ?? `one of ${correlationTypes.join(", ")}`);
  return type;
}

function readList(document: SigmaDocument, entry: Entry | undefined, key: string): string[] {
  return entry?.value ? readTextList(document, entry.value, key) : [];
}

function readTimespan(document: SigmaDocument, entry: Entry | undefined, section: Node): number {
  const text = isScalar(entry?.value) ? scalarText(entry.value) : "";
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count ?? 0) * (unit === "s" || unit === "m" || unit === "h" || unit === "d" ? secondsPer[unit] : 0);
  if (seconds === 0) document.problem(entry?.value ?? section, text === "" ? "a correlation needs a timespan" : `"${text}" is not a timespan`, "a number and s, m, h or d: 90m");
  return seconds;
}

function readCorrelationCondition(document: SigmaDocument, entry: Entry | undefined, type: CorrelationType, rules: readonly string[], section: Node): CorrelationCondition | null {
  const temporal = type === "temporal" || type === "temporal_ordered";
  const value = entry?.value ?? null;
  if (value === null && temporal) return { kind: "compare", all: [{ op: "gte", value: rules.length }], fields: [], percentile: null };
  if (isScalar(value)) {
    if (!temporal || typeof value.value !== "string") {
      document.problem(value, `the condition of a ${type} correlation must be a map`, "for example `gte: 10`");
      return null;
    }
    return readExpression(document, value, rules);
  }
  if (!isMap(value)) {
    document.problem(value ?? section, "a correlation needs a condition", "for example `gte: 10`");
    return null;
  }
  const all: { op: (typeof correlationOperators)[number]; value: number }[] = [];
  let fields: string[] = [];
  let percentile: number | null = null;
  for (const found of document.entries(value)) {
    const op = correlationOperators.find((each) => each === found.key);
    const number = isScalar(found.value) ? Number(scalarText(found.value)) : Number.NaN;
    if (found.key === "field") fields = readList(document, found, "field");
    else if (op === undefined && found.key !== "percentile")
      document.problem(found.keyNode, `unknown key "${found.key}" in the condition`, `one of ${correlationOperators.join(", ")}, field, percentile`);
    else if (!Number.isFinite(number)) document.problem(found.value ?? found.keyNode, `${found.key} must be a number`);
    else if (op !== undefined) all.push({ op, value: number });
    else percentile = number;
  }
  if (all.length === 0) document.problem(value, "the condition compares with nothing", `one of ${correlationOperators.join(", ")}`);
  const valued = type.startsWith("value_");
  if (valued && fields.length === 0) document.problem(value, `${type} needs the field whose values it looks at`, "add `field:` to the condition");
  if (!valued && fields.length > 0) document.problem(value, `${type} takes no field`);
  if (percentile !== null && (type !== "value_percentile" || percentile < 0 || percentile > 100))
    document.problem(value, type === "value_percentile" ? "percentile must be between 0 and 100" : `${type} takes no percentile`);
  return { kind: "compare", all, fields, percentile };
}

function readExpression(document: SigmaDocument, scalar: Parameters<typeof readCondition>[1], rules: readonly string[]): CorrelationCondition | null {
  const expression = readCondition(document, scalar);
  if (expression === null) return null;
  for (const { name, at } of conditionNames(expression))
    if (!rules.includes(name)) document.problem(at, `the condition uses "${name}", which is not among the rules`, didYouMean(name, rules));
  return { kind: "expression", expression };
}

function readAliases(document: SigmaDocument, value: Node | null): Record<string, Record<string, string>> {
  if (value === null) return {};
  if (!isMap(value)) document.problem(value, "aliases must be a map");
  return Object.fromEntries(document.entries(value).map((alias) => {
    if (!isMap(alias.value)) document.problem(alias.value ?? alias.keyNode, `the alias "${alias.key}" must map rules to fields`);
    const fields = alias.value === null ? [] : document.entries(alias.value);
    return [alias.key, Object.fromEntries(fields.map((field) => {
      if (isScalar(field.value) && field.value.value !== null) return [field.key, scalarText(field.value)];
      document.problem(field.value ?? field.keyNode, "an alias leads to a field name");
      return [field.key, ""];
    }))];
  }));
}

function readGenerate(document: SigmaDocument, value: Node | null): boolean {
  if (value === null) return false;
  if (isScalar(value) && typeof value.value === "boolean") return value.value;
  document.problem(value, "generate must be true or false");
  return false;
}

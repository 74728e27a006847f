import { fieldsOf, requiredKeys } from "@corduroy/sigma";
import type { SourceDefinition } from "../sources/index.ts";
import { isPlainName, lookup, type Lookup } from "./lookup.ts";
import type { DetectionRule } from "./rule.ts";

/** A rule without required keys. */
export interface KeylessRule {
  rule: DetectionRule;
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
  /** Fields of keyless rules, and of many keyed ones, that are no columns of the source: extracted for every event. */
  extraFields: readonly string[];
  /** Fields that rules read through columns of the source. */
  columnFields: readonly string[];
}

/** A field that so many keyed rules read is extracted once with the columns, not again for each key. */
const COMMON = 16;

/** One key of the index. JSON keeps values with any characters apart. */
function indexKey(values: readonly (string | null)[]): string {
  return JSON.stringify(values);
}

/** The fields that are columns of the source, with the column's name. */
export function fieldColumns(source: SourceDefinition): Map<string, string> {
  return new Map(source.columns.flatMap((column) => (column.field ? [[column.field, column.name] as const] : [])));
}

/** Of those the ones that are read from the column alone. */
export function wholeFields(source: SourceDefinition): Set<string> {
  return new Set(source.columns.flatMap(({ field, whole }) => (field !== undefined && (whole === true || source.text !== null) ? [field] : [])));
}

/** Of those the ones with several values. */
export function listFields(source: SourceDefinition): Set<string> {
  return new Set(source.columns.flatMap(({ field, type }) => (field !== undefined && type.endsWith("[]") ? [field] : [])));
}

/** The fields that the batch table has as columns, with the column's name: those of the source, and the extra ones. */
export function batchColumns(plan: RulePlan): Map<string, string> {
  return new Map([...fieldColumns(plan.source), ...plan.extraFields.map((field, index) => [field, extraColumn(index)] as const)]);
}

/** The column that holds an extra field. */
export function extraColumn(index: number): string {
  return `x${index}`;
}

/** Sorts rules into the index on required values and the keyless rest. */
export function planRules(source: SourceDefinition, rules: readonly DetectionRule[]): RulePlan {
  const columns = fieldColumns(source);
  const keyed = new Map<string, DetectionRule[]>();
  const keyless: KeylessRule[] = [];
  const extra = new Set<string>();
  const readers = new Map<string, number>();
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
      for (const field of fieldsOf(rule.expr).fields) if (!columns.has(field) && isExtractable(source, field)) readers.set(field, (readers.get(field) ?? 0) + 1);
      continue;
    }
    const { fields, keywords } = fieldsOf(rule.expr);
    const needsWholeEvent = keywords || fields.some((field) => !columns.has(field) && !isExtractable(source, field));
    keyless.push({ rule, needsWholeEvent });
    if (!needsWholeEvent) for (const field of fields) if (!columns.has(field)) extra.add(field);
  }
  for (const [field, rules] of readers) if (rules >= COMMON) extra.add(field);
  const structured = new Set(membersOf(extra, Object.values(source.fields)));
  for (const entry of keyless) entry.needsWholeEvent ||= fieldsOf(entry.rule.expr).fields.some((field) => extra.has(field) && !structured.has(field));
  return { source, rules, keyed, keyless, extraFields: [...structured], columnFields: rules.length === 0 ? [] : [...used] };
}

/** Whether a field can be a member of a structure (an opened object would make every row irregular that has it), and the ways around it be seen in the text: a number in its name may be a key or a place in a list. */
function isExtractable({ opened = [] }: SourceDefinition, field: string): boolean {
  return !opened.includes(field) && lookup(field) !== null && isPlainName(field) && !field.split(".").some((part) => /^\d+$/.test(part));
}

/** Every pointer a field may be read at: where it stands, what stands above it, its whole dotted name. */
function waysTo({ path, literal, parents }: Lookup): string[] {
  return [...parents, path, ...(literal === null ? [] : [literal])];
}

/**
 * The fields that can be members of one structure with what the source takes: each is either a text or has members itself, and no name on
 * the way to it differs from another one in case alone, which DuckDB's planner takes for the same member (an internal error in 1.5.6).
 */
function membersOf(fields: Iterable<string>, pointers: readonly string[]): string[] {
  const found = [...fields].map((field) => ({ field, ...lookup(field)! }));
  const above = new Set([...pointers.flatMap(stepsAbove), ...found.flatMap(({ parents }) => parents)]);
  const taken = new Set(pointers);
  // Columns look at one place of a list; a rule's field means all of them.
  const lists = new Set(pointers.flatMap((pointer) => [...pointer.matchAll(/\/\d+(?=\/|$)/g)].map(({ index }) => pointer.slice(0, index))));
  const spellings = new Map<string, Set<string>>();
  for (const pointer of [...pointers, ...above, ...found.flatMap(waysTo)]) spellings.set(pointer.toLowerCase(), (spellings.get(pointer.toLowerCase()) ?? new Set()).add(pointer));
  return found
    .filter((one) => !above.has(one.path) && !one.parents.some((parent) => taken.has(parent) || lists.has(parent)) && waysTo(one).every((pointer) => spellings.get(pointer.toLowerCase())!.size === 1))
    .map(({ field }) => field);
}

const stepsAbove = (pointer: string): string[] => pointer.split("/").slice(1, -1).map((_, index, keys) => `/${keys.slice(0, index + 1).join("/")}`);

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

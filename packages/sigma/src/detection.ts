import { isMap, isScalar, isSeq, type Node, type Scalar } from "yaml";
import { ConditionError, parseCondition, type ConditionNode } from "./condition.ts";
import { plainDecimal } from "./decimal.ts";
import { scalarText, type Entry, type SigmaDocument } from "./document.ts";
import { nameMatcher } from "./name-pattern.ts";
import type { Detection, DetectionItem, RuleValue, Selection } from "./rule.ts";
import { didYouMean, nearest } from "./spelling.ts";

/** Keys of a `detection` or `filter` section that are not selections. */
const reserved = ["condition", "rules"];

/** Reads a `detection` section (or a filter's, whose `rules` key is somebody else's). Null, with problems, when unusable. */
export function readDetection(document: SigmaDocument, section: Node | null, kind: "detection" | "filter"): Detection | null {
  const before = document.problems.length;
  if (!isMap(section)) {
    document.problem(section, `${kind} must be a map of selections and a condition`);
    return null;
  }
  const entries = document.entries(section);
  const named = entries.filter(({ key }) => key !== "condition" && !(kind === "filter" && key === "rules"));
  const selections = new Map<string, Selection>();
  for (const { key, keyNode, value } of named) {
    if (key === "timeframe") document.problem(keyNode, "timeframe was removed from Sigma", "write a correlation rule with a timespan instead");
    else selections.set(key, readSelection(document, value, keyNode));
  }
  const condition = entries.find(({ key }) => key === "condition");
  if (condition === undefined) {
    const meant = nearest("condition", selections.keys());
    document.problem(section, `${kind} has no condition`, meant === undefined ? "for example `condition: selection`" : `is "${meant}" meant to be "condition"?`);
    return null;
  }
  const conditions = readConditions(document, condition);
  checkNames(document, conditions, selections, named);
  return document.problems.length > before ? null : { selections, conditions };
}

function readConditions(document: SigmaDocument, { keyNode, value }: Entry): ConditionNode[] {
  const nodes = isSeq(value) ? value.items.map((item) => document.follow(item)) : [value];
  if (nodes.length === 0) document.problem(keyNode, "the list of conditions is empty");
  return nodes.flatMap((node) => {
    if (isScalar(node) && typeof node.value === "string") return readCondition(document, node) ?? [];
    document.problem(node ?? keyNode, "a condition must be text");
    return [];
  });
}

/** Parses the condition in a scalar; null, with a problem at the offending word, when it does not parse. */
export function readCondition(document: SigmaDocument, scalar: Scalar): ConditionNode | null {
  try {
    return parseCondition(scalarText(scalar), (offset) => document.placeInside(scalar, offset));
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    document.problem(document.placeInside(scalar, error.offset), error.message, error.hint);
    return null;
  }
}

/** Every name must exist and every selection must be used, unless its name starts with an underscore. */
function checkNames(document: SigmaDocument, conditions: readonly ConditionNode[], selections: ReadonlyMap<string, Selection>, named: readonly Entry[]): void {
  const used = new Set<string>();
  const check = (node: ConditionNode): void => {
    if (node.kind === "not") return check(node.part);
    if (node.kind === "and" || node.kind === "or") return node.parts.forEach(check);
    const wanted = node.kind === "name" ? (selections.has(node.name) ? [node.name] : []) : selectionsOf(node.pattern, selections.keys());
    for (const name of wanted) used.add(name);
    if (wanted.length > 0) return;
    if (node.kind === "name") document.problem(node.at, `the condition uses "${node.name}", which is not defined`, didYouMean(node.name, selections.keys()));
    else document.problem(node.at, node.pattern === null ? "there is no selection that \"them\" could mean" : `no selection's name fits "${node.pattern}"`);
  };
  conditions.forEach(check);
  if (conditions.length === 0) return;
  for (const { key, keyNode } of named)
    if (selections.has(key) && !used.has(key) && !key.startsWith("_") && !reserved.includes(key))
      document.problem(keyNode, `the selection "${key}" is never used`, "use it in the condition, remove it, or start its name with _");
}

/** The selections behind `of`: those that fit the pattern, or for `them` all whose names do not start with `_`. */
export function selectionsOf(pattern: string | null, names: Iterable<string>): string[] {
  const fits = pattern === null ? (name: string) => !name.startsWith("_") : nameMatcher(pattern);
  return [...names].filter(fits);
}

function readSelection(document: SigmaDocument, value: Node | null, keyNode: Node): Selection {
  if (isMap(value)) return readMap(document, value);
  if (isScalar(value) && value.value !== null) return { kind: "item", item: readItem(document, "", value, keyNode) };
  if (!isSeq(value) || value.items.length === 0) {
    document.problem(isScalar(value) ? keyNode : (value ?? keyNode), "a selection must be a map, or a list of maps or keywords", "an empty selection would say nothing");
    return { kind: "any", items: [] };
  }
  const nodes = value.items.map((item) => document.follow(item));
  const keywords = nodes.flatMap((node) => (isScalar(node) ? (readValue(document, node) ?? []) : []));
  const items = nodes.flatMap((node): Selection[] => {
    if (isMap(node)) return [readMap(document, node)];
    if (!isScalar(node)) document.problem(node ?? value, "a list of lists is not a selection");
    return [];
  });
  if (keywords.length > 0) items.push({ kind: "item", item: { field: null, modifiers: [], values: keywords, at: document.place(value) } });
  return { kind: "any", items };
}

function readMap(document: SigmaDocument, map: Node): Selection {
  const entries = document.entries(map);
  if (entries.length === 0) document.problem(map, "an empty map says nothing", "give it at least one field");
  return { kind: "all", items: entries.map(({ key, keyNode, value }): Selection => ({ kind: "item", item: readItem(document, key, value, keyNode) })) };
}

function readItem(document: SigmaDocument, key: string, value: Node | null, keyNode: Node): DetectionItem {
  const [field, ...modifiers] = key.split("|");
  const at = document.place(keyNode);
  if (isMap(value)) document.problem(value, `the field "${key}" holds a map`, "write nested fields with dots, like a.b.c: value");
  if (isSeq(value) && value.items.length === 0) document.problem(value, `the field "${key}" has an empty list of values`);
  const nodes = isSeq(value) ? value.items.map((item) => document.follow(item)) : [value];
  const values = nodes.flatMap((node): RuleValue[] => {
    if (node === null) return [{ kind: "null", at }];
    if (isScalar(node)) return [readValue(document, node) ?? []].flat();
    if (isSeq(node) || (isMap(node) && isSeq(value))) document.problem(node, "a value must be text, a number, true, false or null");
    return [];
  });
  return { field: field === "" || field === undefined ? null : field, modifiers, values, at };
}

function readValue(document: SigmaDocument, scalar: Scalar): RuleValue | null {
  const at = document.place(scalar);
  const { value } = scalar;
  if (value === null || value === undefined) return { kind: "null", at };
  if (typeof value === "boolean") return { kind: "boolean", value, at };
  if (typeof value === "number") {
    // The source, not the value: a JavaScript number has no room for all digits.
    const source = scalarText(scalar);
    const plain = plainDecimal(/^0[xo]/.test(source) ? BigInt(source).toString() : source);
    if (plain !== null) return { kind: "number", text: plain, at };
    document.problem(at, `${scalarText(scalar)} is not a number that JSON can hold`, "put it in quotes if it is text");
    return null;
  }
  const text = scalarText(scalar);
  if (/\p{Surrogate}/u.test(text)) {
    document.problem(at, "the text holds half of a surrogate pair", "no well-formed event can hold it");
    return null;
  }
  return { kind: "text", text, at };
}

import { isMap, isScalar, isSeq, type Node } from "yaml";
import { scalarText, type Entry, type SigmaDocument } from "./document.ts";
import { levels, statuses, type Metadata } from "./rule.ts";
import { didYouMean, nearest } from "./spelling.ts";

const defined = [
  "title", "id", "name", "related", "taxonomy", "status", "description", "license", "references", "author", "date", "modified",
  "fields", "falsepositives", "level", "tags", "scope",
] as const;

/** Keys that name what a document is; each kind of document has its own. */
const sections = ["logsource", "detection", "correlation", "filter"];

/** A document's top-level entries by key. */
export type Top = ReadonlyMap<string, Entry>;

/**
 * Reads what Sigma documents of every kind share. `own` names this kind's sections. Problems go to the document; the
 * result is only good if there are none.
 */
export function readMetadata(document: SigmaDocument, top: Top, own: readonly string[]): Metadata {
  const text = (key: string): string | null => {
    const entry = top.get(key);
    if (entry?.value === undefined || entry.value === null) return null;
    if (isScalar(entry.value)) return scalarText(entry.value);
    document.problem(entry.value, `${key} must be text`);
    return null;
  };
  const list = (key: string): string[] => {
    const value = top.get(key)?.value ?? null;
    return value === null ? [] : readTextList(document, value, key);
  };
  const choice = <Value extends string>(key: string, allowed: readonly Value[]): Value | null => {
    const given = text(key);
    const found = allowed.find((each) => each === given) ?? null;
    if (given !== null && found === null)
      document.problem(top.get(key)?.value ?? null, `unknown ${key} "${given}"`, didYouMean(given, allowed) ?? `one of ${allowed.join(", ")}`);
    return found;
  };
  const required = (key: string, hint: string): string => {
    const given = text(key)?.trim() ?? "";
    if (given === "") document.problem(top.get(key)?.keyNode ?? null, `${key} is missing`, misspelled(top, key) ?? hint);
    return given;
  };
  const title = required("title", "a brief title that says what the rule detects");
  if (title.length > 256) document.problem(top.get("title")?.value ?? null, "title is longer than 256 characters");
  return {
    id: required("id", "add an id, a new UUID; findings refer to it"),
    title,
    name: text("name"), level: choice("level", levels), status: choice("status", statuses),
    description: text("description"), author: text("author"), license: text("license"), taxonomy: text("taxonomy"),
    date: text("date"), modified: text("modified"),
    tags: list("tags"), references: list("references"), falsepositives: list("falsepositives"), fields: list("fields"), scope: list("scope"),
    related: readRelated(document, top.get("related")?.value ?? null),
    custom: readCustom(document, top, own),
    file: document.file,
    line: document.place(null).line,
  };
}

/** A list of texts, or one text for a list of one. */
export function readTextList(document: SigmaDocument, value: Node, key: string): string[] {
  const nodes = isSeq(value) ? value.items.map((item) => document.follow(item)) : [value];
  return nodes.flatMap((node) => {
    if (isScalar(node) && node.value !== null) return [scalarText(node)];
    document.problem(node ?? value, `${key} must be a list of texts`);
    return [];
  });
}

/** A hint if some key looks like a misspelling of the missing one. */
export function misspelled(top: Top, missing: string): string | undefined {
  const key = nearest(missing, [...top.keys()].filter((each) => !defined.some((known) => known === each) && !sections.includes(each)));
  return key === undefined ? undefined : `is "${key}" meant to be "${missing}"?`;
}

function readRelated(document: SigmaDocument, value: Node | null): { id: string; type: string }[] {
  if (value === null) return [];
  if (!isSeq(value)) {
    document.problem(value, "related must be a list");
    return [];
  }
  return value.items.flatMap((item) => {
    const node = document.follow(item);
    const entries = isMap(node) ? document.entries(node) : [];
    const [id, type] = ["id", "type"].map((key) => entries.find((entry) => entry.key === key)?.value ?? null);
    if (isScalar(id) && isScalar(type)) return [{ id: scalarText(id), type: scalarText(type) }];
    document.problem(node ?? value, "each entry of related needs an id and a type");
    return [];
  });
}

function readCustom(document: SigmaDocument, top: Top, own: readonly string[]): Record<string, unknown> {
  const custom: [string, unknown][] = [];
  const known = [...defined, ...own];
  for (const { key, keyNode, value } of top.values()) {
    if (known.includes(key)) continue;
    const meant = nearest(key, known);
    if (meant !== undefined && !top.has(meant)) document.problem(keyNode, `unknown key "${key}"`, `did you mean "${meant}"?`);
    else if (sections.includes(key)) document.problem(keyNode, `"${key}" does not belong in this kind of document`, "put it in a document of its own, after a line ---");
    else custom.push([key, document.data(value)]);
  }
  return Object.fromEntries(custom);
}

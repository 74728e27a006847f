import { extraColumn, lookup, looksNested, quote, quoteList, quoteName, type RulePlan } from "../../detect/index.ts";
import type { Column, SourceDefinition } from "../../sources/index.ts";

/**
 * The SELECT that turns `records()` into the batch
 * table: place, `raw`, `replaced`, the source's columns, the extra fields of keyless rules as `x0…`, and `irregular`.
 *
 * The fields that columns are made of are taken out in one call that gives a struct. A list of paths costs the same to take
 * out, but columns computed from list elements take three times as long as columns computed from struct members.
 */
export function batchSelect(source: SourceDefinition, plan: RulePlan): string {
  const extras = plan.extraFields.map((field, index) => ({ found: lookup(field)!, name: extraColumn(index) }));
  const pointers = [...new Set(extras.flatMap(({ found }) => [found.path, ...(found.literal === null ? [] : [found.literal]), ...found.parents]))];
  const element = (pointer: string): string => `p[${pointers.indexOf(pointer) + 1}]`;
  const names = [
    ...Object.entries(source.fields).map(([field, pointer]) => `${member(pointer)} AS ${quoteName(`@${field}`)}`),
    ...extras.map(({ found, name }) => (found.literal === null ? `${element(found.path)} AS ${name}` : `coalesce(${element(found.path)}, ${element(found.literal)}) AS ${name}`)),
  ];
  const list = pointers.length === 0 ? "" : `, json_extract_string(json, ${quoteList(pointers)}) AS p`;
  let from = `SELECT *, ${names.join(", ")}
    FROM (SELECT *, from_json(json, ${quote(JSON.stringify(structure(Object.values(source.fields))))}) AS t${list}
      FROM (SELECT *, coalesce(replaced, raw) AS json FROM records()))`;
  from = `SELECT *, ${irregular(source, plan, element)} AS irregular FROM (${from})`;
  // A column used by a later one is computed a step earlier: an alias used in its own SELECT would be computed again at each use.
  for (const step of steps(source.columns)) from = `SELECT *, ${step.map((column) => `(${column.sql})::${column.type} AS ${quoteName(column.name)}`).join(", ")} FROM (${from})`;
  const kept = ["rn", "location", "record_no", "raw", "replaced", ...source.columns.filter((column) => column.stored !== false).map((column) => quoteName(column.name)), ...extras.map(({ name }) => name), "irregular"];
  return `SELECT ${kept.join(", ")} FROM (${from})`;
}

/** Whether a row has a field, of those that rules read through columns, that is not one plain scalar at one place. */
function irregular(source: SourceDefinition, plan: RulePlan, element: (pointer: string) => string): string {
  const suspects: string[] = [];
  const proofs: string[] = [];
  const others: string[] = [];
  const nested = (text: string): void => {
    // A quick look at the first byte first: only few rows begin like an array or an object.
    suspects.push(`(${text} >= '[' AND ${text} < chr(92))`, `(${text} >= '{' AND ${text} < '|')`);
    proofs.push(looksNested(text));
  };
  const literalRoots = new Set<string>();
  const within = new Set<string>();
  for (const field of plan.columnFields) {
    const { literal, parents } = lookup(field)!;
    const text = quoteName(`@${field}`);
    nested(text);
    for (const parent of parents) within.add(parent);
    // A key that holds the dots itself is looked for in the text only: such a field is read through its path.
    if (literal !== null) literalRoots.add(field.slice(0, field.indexOf(".") + 1));
  }
  for (const parent of within) {
    // Under an array every member is missing; only where all are, and the text has the name, the way to them is looked at.
    const members = Object.entries(source.fields).flatMap(([field, pointer]) => (pointer.startsWith(`${parent}/`) ? [quoteName(`@${field}`)] : []));
    others.push(`CASE WHEN coalesce(${members.join(", ")}) IS NULL THEN contains(json, ${quote(`"${keysOf(parent).at(-1)!}"`)}) AND json_type(json, ${quote(parent)}) IS NOT DISTINCT FROM 'ARRAY' ELSE false END`);
  }
  for (const field of plan.extraFields) {
    const { path, literal, parents } = lookup(field)!;
    nested(element(path));
    for (const parent of parents) others.push(`starts_with(${element(parent)}, '[')`);
    if (literal === null) continue;
    nested(element(literal));
    others.push(`(${element(path)} IS NOT NULL AND ${element(literal)} IS NOT NULL)`);
  }
  for (const root of literalRoots) others.push(`contains(json, ${quote(`"${root}`)})`);
  if (suspects.length > 0) others.push(`CASE WHEN coalesce(${suspects.join(" OR ")}, false) THEN ${proofs.join(" OR ")} ELSE false END`);
  return others.length === 0 ? "false" : `coalesce(${others.join(" OR ")}, false)`;
}

/** A tree of the wanted members, as `from_json` takes it; a number in a pointer is a place in an array. */
type Structure = { [key: string]: Structure | string } | [Structure];

function structure(pointers: readonly string[]): Structure {
  const root: { [key: string]: Structure | string } = {};
  for (const pointer of pointers) {
    const keys = keysOf(pointer);
    let at = root;
    keys.forEach((key, index) => {
      if (isPlace(key)) return;
      const last = index === keys.length - 1;
      const inArray = !last && isPlace(keys[index + 1]!);
      at[key] ??= last ? "VARCHAR" : inArray ? [{}] : {};
      const next = at[key];
      if (typeof next === "object") at = (Array.isArray(next) ? next[0] : next) as { [key: string]: Structure | string };
    });
  }
  return root;
}

/** How a member is read from the struct; arrays count from 1 there. */
function member(pointer: string): string {
  return `t${keysOf(pointer).map((key) => (isPlace(key) ? `[${Number(key) + 1}]` : `.${quoteName(key)}`)).join("")}`;
}

const keysOf = (pointer: string): string[] => pointer.slice(1).split("/").map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
const isPlace = (key: string): boolean => /^\d+$/.test(key);

/** Columns in the order they can be computed: each step uses only columns of earlier ones. */
function steps(columns: readonly Column[]): Column[][] {
  const depth = new Map<string, number>();
  const found: Column[][] = [];
  for (const column of columns) {
    const at = Math.max(-1, ...(column.uses ?? []).map((name) => depth.get(name)!)) + 1;
    depth.set(column.name, at);
    (found[at] ??= []).push(column);
  }
  return found;
}

/** The stored columns of a part, in order, as a SELECT list over the batch table. */
export function storedColumns(source: SourceDefinition): string {
  return [
    `${quote(source.id)} AS source`,
    ...source.columns.filter((column) => column.stored !== false).map((column) => quoteName(column.name)),
    "location AS file",
    "record_no AS line",
    "raw AS raw_data",
    "replaced AS event_json",
  ].join(", ");
}

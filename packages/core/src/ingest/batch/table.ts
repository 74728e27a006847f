import { extraColumn, lookup, looksNested, quote, quoteList, quoteName, type RulePlan } from "../../detect/index.ts";
import type { Column, SourceDefinition } from "../../sources/index.ts";

/**
 * The SELECT that turns `records()` and the table `objects` (object_no, location, object_key, object_time) into the batch
 * table: place, `raw`, `replaced`, the source's columns, the extra fields of keyless rules as `x0…`, and `irregular`.
 *
 * Everything that any column or rule needs of every record is taken out in one call: each further path in one list costs
 * 0.05 to 0.08 us a record, each further call parses the record again (1.2 us).
 */
export function batchSelect(source: SourceDefinition, plan: RulePlan): string {
  const pointers: string[] = [];
  const at = (pointer: string): string => {
    const known = pointers.indexOf(pointer);
    return `p[${(known >= 0 ? known : pointers.push(pointer) - 1) + 1}]`;
  };
  const names = Object.entries(source.fields).map(([field, pointer]) => `${at(pointer)} AS ${quoteName(`@${field}`)}`);
  const odd: string[] = [];
  const literalRoots = new Set<string>();
  const arrays = new Set<string>();
  for (const column of source.columns) {
    if (!column.field) continue;
    odd.push(looksNested(quoteName(`@${column.field}`)));
    const found = lookup(column.field)!;
    for (const parent of found.parents) arrays.add(at(parent));
    // A literal key with dots is looked for in the text only: such a field is read through its path.
    if (found.literal !== null) literalRoots.add(column.field.slice(0, column.field.indexOf(".") + 1));
  }
  const extras = plan.extraFields.map((field, index) => {
    const found = lookup(field)!;
    const path = at(found.path);
    odd.push(looksNested(path));
    for (const parent of found.parents) arrays.add(at(parent));
    if (found.literal === null) return `${path} AS ${extraColumn(index)}`;
    const literal = at(found.literal);
    odd.push(looksNested(literal), `(${path} IS NOT NULL AND ${literal} IS NOT NULL)`);
    return `coalesce(${path}, ${literal}) AS ${extraColumn(index)}`;
  });
  for (const parent of arrays) odd.push(`(${parent} IS NOT NULL AND starts_with(${parent}, '['))`);
  for (const root of literalRoots) odd.push(`contains(json, ${quote(`"${root}`)})`);
  const place = ["rn", "object_no", "record_no", "raw", "replaced"];
  const kept = [...place, ...source.columns.map((column) => quoteName(column.name)), ...extras.map((_, index) => extraColumn(index)), "irregular"];
  let from = `SELECT *, ${[...names, ...extras].join(", ")}
      FROM (SELECT *, json_extract_string(json, ${quoteList(pointers)}) AS p
        FROM (SELECT r.*, coalesce(r.replaced, r.raw) AS json, o.object_key, o.object_time FROM records() r JOIN objects o USING (object_no)))`;
  from = `SELECT *, (${odd.join(" OR ") || "false"}) AS irregular FROM (${from})`;
  // A column used by a later one is computed a step earlier: an alias used in its own SELECT would be computed again at each use.
  for (const step of steps(source.columns)) from = `SELECT *, ${step.map((column) => `(${column.sql})::${column.type} AS ${quoteName(column.name)}`).join(", ")} FROM (${from})`;
  return `SELECT ${kept.join(", ")} FROM (${from})`;
}

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

/** The stored columns of a part, in order, as a SELECT list over the batch table joined with `objects`. */
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

import { extraColumn, literally, lookup, looksNested, quote, quoteName, rareEnd, wholeFields, type RulePlan } from "../../detect/index.ts";
import { PLACE_IDENTITY, type Column, type SourceDefinition, type TextForm } from "../../sources/index.ts";

/**
 * The SELECT that turns `records` into the batch
 * table: place, `raw`, `replaced`, the source's columns, the extra fields of keyless rules as `x0…`, `irregular`, and `fits`.
 *
 * Below a line that names the fields, lines are taken apart by that: `header`.
 *
 * Of JSON everything is taken out in one call that gives a struct. A list of paths costs the same to take out, but what is computed
 * from list elements takes three times as long as what is computed from struct members.
 */
export function batchSelect(source: SourceDefinition, plan: RulePlan, header: string | null): string {
  return source.text === null ? jsonSelect(source, plan) : textSelect(source, source.text, header);
}

/** The columns that are read of every event, whatever becomes of it; the first two to tell events that repeat others. */
const READ_OF_ALL = ["event_hash", "event_uid", "time", "operation", "service", "address", "entity_kind", "entity_name"];

/**
 * The same, but only with the columns that are read of every event: short lines are worked off in half the time. Each further column costs a twentieth of a microsecond a
 * line, even an empty one.
 */
export function slimSelect(source: SourceDefinition, plan: RulePlan, header: string | null): string {
  const read = new Set([...READ_OF_ALL.slice(isPlaced(source) ? 2 : 0), ...source.columns.flatMap(({ name, field }) => (field !== undefined && plan.columnFields.includes(field) ? [name] : []))]);
  return `SELECT rn, NULL AS raw, NULL AS replaced, ${[...read].map(quoteName).join(", ")}, irregular, fits FROM (${batchSelect(source, plan, header)})`;
}

/** Whether events of a source are told by their place, so that none can repeat another one of a run. */
export function isPlaced(source: SourceDefinition): boolean {
  return PLACE_IDENTITY.every((column) => source.columns.includes(column));
}

/** Whether `slimSelect` has all that the matcher reads of events. */
export function canBeSlim({ text }: SourceDefinition, plan: RulePlan): boolean {
  return text !== null && text.decoded === undefined && !plan.keyless.some(({ needsWholeEvent }) => needsWholeEvent);
}

/** Text has no nesting: every field is a column or nowhere. */
function textSelect(source: SourceDefinition, { part, header: headed }: TextForm, header: string | null): string {
  const fields = headed && header !== null ? headed.fields(header) : source.fields;
  const names = Object.keys(source.fields).map((field) => `(${fields[field] ?? "NULL"})::VARCHAR AS ${fieldAlias(source, field)}`);
  const from = `SELECT ${["*", ...names].join(", ")} FROM (SELECT *, ${part} AS part FROM (SELECT *, coalesce(replaced, raw) AS line FROM records))`;
  return columnsSelect(source, from, "false", []);
}

function jsonSelect(source: SourceDefinition, plan: RulePlan): string {
  const extras = plan.extraFields.map((field, index) => ({ ...lookup(field)!, name: extraColumn(index) }));
  const struct = new Struct([...Object.values(source.fields), ...extras.flatMap(({ path, literal }) => (literal === null ? [path] : [path, literal]))]);
  const names = [
    ...Object.entries(source.fields).map(([field, pointer]) => `${struct.member(pointer)} AS ${fieldAlias(source, field)}`),
    ...extras.map(({ path, literal, name }) => `${literal === null ? struct.member(path) : `coalesce(${struct.member(path)}, ${struct.member(literal)})`} AS ${name}`),
  ];
  const from = `SELECT *, ${names.join(", ")}
    FROM (SELECT *, from_json(json, ${quote(struct.type)}) AS t
      FROM (SELECT *, coalesce(replaced, raw) AS json FROM records))`;
  return columnsSelect(source, from, irregular(source, plan, struct), extras.map(({ name }) => name));
}

/**
 * The source's columns over a SELECT that has its fields. Of SELECTs one above the other there are as few as can be: before its first row each makes room for all of its columns,
 * which with 16 of them took an eighth of the engine's time.
 * @param irregular SQL over the fields
 * @param extras columns that are there already
 */
function columnsSelect(source: SourceDefinition, fields: string, irregular: string, extras: readonly string[]): string {
  const computed = ({ sql, type, name }: Column): string => `(${resolved(source, sql)})::${type} AS ${quoteName(name)}`;
  // A column used by a later one is computed a step earlier: an alias used in its own SELECT would be computed again at each use.
  const [first = [], ...later] = steps(source.columns);
  const last = later.pop() ?? [];
  let from = `SELECT *, ${[`${irregular} AS irregular`, `coalesce(${resolved(source, source.fits)}, false) AS fits`, ...first.map(computed)].join(", ")} FROM (${fields})`;
  for (const step of later) from = `SELECT *, ${step.map(computed).join(", ")} FROM (${from})`;
  const kept = source.columns.filter(({ stored }) => stored !== false).map((column) => (last.includes(column) ? computed(column) : quoteName(column.name)));
  return `SELECT ${["rn", "location", "record_no", "raw", "replaced", ...kept, ...extras, "irregular", "fits"].join(", ")} FROM (${from})`;
}

/** The name that a field of the source has in the SELECT. By number: names that differ only in case (`user`, `User`) are one name to DuckDB. */
function fieldAlias(source: SourceDefinition, field: string): string {
  const index = Object.keys(source.fields).indexOf(field);
  if (index < 0) throw new Error(`the source ${source.id} has no field ${field}`);
  return `"@${index}"`;
}

/** A column's SQL with these names in place of `"@<field>"`. */
function resolved(source: SourceDefinition, sql: string): string {
  return sql.replaceAll(/"@([^"]+)"/g, (_, field: string) => fieldAlias(source, field));
}

/** Whether a row has a field, of those that rules read through columns, that is not one plain scalar at one place. It may say so of others, too. */
function irregular(source: SourceDefinition, plan: RulePlan, struct: Struct): string {
  const suspects: string[] = [];
  const proofs: string[] = [];
  const others: string[] = [];
  const nested = (text: string): void => {
    // A quick look at the first character first: `[` and `{` differ in one bit. Comparing texts costs five times as much.
    suspects.push(`(ascii(${text}) | 32) = 123`);
    proofs.push(looksNested(text));
  };
  const literalRoots = new Set<string>();
  const nestedRoots = new Set<string>();
  const within = new Set<string>();
  const whole = wholeFields(source);
  for (const field of plan.columnFields) {
    if (whole.has(field)) continue;
    const { literal, parents } = lookup(field)!;
    nested(fieldAlias(source, field));
    for (const parent of parents) within.add(parent);
    // A key that holds the dots itself is looked for in the text only: such a field is read through its path.
    if (literal !== null) literalRoots.add(field.slice(0, field.indexOf(".") + 1));
  }
  plan.extraFields.forEach((field, index) => {
    const { path, literal, parents } = lookup(field)!;
    nested(extraColumn(index));
    for (const parent of parents) within.add(parent);
    if (literal !== null) nestedRoots.add(path.slice(1).split("/")[0]!);
  });
  // A field may stand at its path or under its whole name, and the struct does not tell null from missing: where both are possible, the row is irregular.
  for (const root of nestedRoots) others.push(`CASE WHEN ${struct.member(`/${root}`)} IS NOT NULL THEN contains(json, ${quote(rareEnd(`"${keysOf(`/${root}`)[0]!}.`))}) ELSE false END`);
  for (const parent of within) {
    // Under an array every member is missing; only where all are, a list is looked for under the parent's name.
    const list = rareEnd(`${keysOf(parent).at(-1)!}"`);
    others.push(`CASE WHEN coalesce(${struct.membersUnder(parent).join(", ")}) IS NULL THEN contains(json, ${quote(list)}) AND regexp_matches(json, ${quote(`${literally(list)}\\s*:\\s*\\[`)}) ELSE false END`);
  }
  for (const root of literalRoots) others.push(`contains(json, ${quote(rareEnd(root))})`);
  if (suspects.length > 0) others.push(`CASE WHEN coalesce(${suspects.join(" OR ")}, false) THEN ${proofs.join(" OR ")} ELSE false END`);
  return others.length === 0 ? "false" : `coalesce(${others.join(" OR ")}, false)`;
}

/** A tree of the wanted members, as `from_json` takes it; a number in a pointer is a place in an array. */
type Structure = { [key: string]: Structure | string } | [Structure | string];

/** Without a prototype: the keys come from rules, and may be `__proto__` or `constructor`. */
const emptyStructure = (): { [key: string]: Structure | string } => Object.create(null) as { [key: string]: Structure | string };

/** The struct that everything wanted of a record is read into, at one place for each pointer (RFC 6901). */
class Struct {
  private readonly root = emptyStructure();
  private readonly pointers: readonly string[];

  constructor(pointers: readonly string[]) {
    this.pointers = [...new Set(pointers)];
    for (const pointer of this.pointers) this.insert(keysOf(pointer));
  }

  /** What `from_json` takes. */
  get type(): string {
    return JSON.stringify(this.root);
  }

  private insert(keys: readonly string[]): void {
    let at = this.root;
    keys.forEach((key, index) => {
      if (isPlace(key)) return;
      const last = index === keys.length - 1;
      const inArray = !last && isPlace(keys[index + 1]!);
      at[key] ??= last ? "VARCHAR" : inArray ? [index + 2 === keys.length ? "VARCHAR" : emptyStructure()] : emptyStructure();
      const next = at[key];
      if (typeof next === "object") at = (Array.isArray(next) ? next[0] : next) as { [key: string]: Structure | string };
    });
  }

  /** SQL for a member, by its number: see `fieldAlias`. */
  member(pointer: string): string {
    let sql = "t";
    let at: Structure | string = this.root;
    for (const key of keysOf(pointer)) {
      if (isPlace(key)) {
        sql = `${sql}[${Number(key) + 1}]`;
        at = (at as [Structure | string])[0];
      } else {
        sql = `struct_extract_at(${sql}, ${Object.keys(at).indexOf(key) + 1})`;
        at = (at as { [key: string]: Structure | string })[key]!;
      }
    }
    return sql;
  }

  membersUnder(parent: string): string[] {
    return this.pointers.filter((pointer) => pointer.startsWith(`${parent}/`)).map((pointer) => this.member(pointer));
  }
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

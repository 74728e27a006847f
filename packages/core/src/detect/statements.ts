import { fieldsOf, jsonAccess, printDuckdb, requiredLiterals, type FieldAccess, type FieldSql } from "@corduroy/sigma";
import { lookup, quote, quoteList, quoteName } from "./lookup.ts";
import { fieldColumns, type KeylessRule, type RulePlan } from "./plan.ts";
import type { DetectionRule } from "./rule.ts";

/**
 * SQL over the batch table (see `ingest/batch/table.ts`): `rn`, `raw` or what replaces it, the source's columns, the extra fields as
 * `x0…`, and `irregular`, which is true where some field is not a plain scalar at one place. Regular rows are read through
 * columns; irregular ones through the general JSON access, which is always right and many times slower.
 */

/** The batch with the text to parse as `json`, which is not kept: it would double the table's size. */
export const BATCH = "(SELECT *, coalesce(replaced, raw) AS json FROM batch)";

/** The column that holds an extra field. */
export function extraColumn(index: number): string {
  return `x${index}`;
}

/** How DuckDB writes an array or an object. User agents such as `[S3Console/0.4]` are neither. */
const NESTED = String.raw`^(\[(["{\[\]0-9-]|true\b|false\b|null\b)|\{["}])`;

/** True where a text taken from JSON may be an array or an object; a string that looks like one is only taken the slow road. */
export function looksNested(text: string): string {
  return `(CASE WHEN starts_with(${text}, '[') OR starts_with(${text}, '{') THEN regexp_matches(${text}, ${quote(NESTED)}) ELSE false END)`;
}

/** Reads regular rows: every field is one scalar in a column of the statement. */
function scalarAccess(texts: ReadonlyMap<string, { text: string; lower: string }>): FieldAccess {
  return {
    field(name: string): FieldSql {
      const column = texts.get(name);
      const found = lookup(name);
      if (!column || !found) throw new Error(`the field ${name} has no column`);
      const pointers = found.literal === null ? [found.path] : [found.path, found.literal];
      return {
        form: "scalar",
        text: column.text,
        lower: column.lower,
        exists: `(${pointers.map((pointer) => `json_type(json, ${quote(pointer)}) IS NOT NULL`).join(" OR ")})`,
        isNull: `(${column.text} IS NULL)`,
      };
    },
    keywords: () => jsonAccess("json").keywords(),
  };
}

/** A list of the numbers of the rules that match. */
function matching(rules: readonly DetectionRule[], access: FieldAccess): string {
  return `[${rules.map((rule) => `CASE WHEN ${printDuckdb(rule.expr, access)} THEN ${rule.no} END`).join(", ")}]`;
}

/** All leaf values of the record in one lower-cased text: whatever a rule requires to occur, occurs in it. */
const LEAVES = `lower(array_to_string(${jsonAccess("json").keywords().list}, chr(10)))`;

/** The general road, behind a look at the text: few rules find what they require in it, so few are evaluated in full. */
function matchingSlowly(rules: readonly DetectionRule[]): string {
  const access = jsonAccess("json");
  const parts = rules.map((rule) => {
    const literals = requiredLiterals(rule.expr);
    const full = `(${printDuckdb(rule.expr, access)})`;
    const gated = literals ? `CASE WHEN ${literals.map(({ literal }) => `contains(leaves, ${quote(literal)})`).join(" OR ")} THEN ${full} ELSE false END` : full;
    return `CASE WHEN ${gated} THEN ${rule.no} END`;
  });
  return `[${parts.join(", ")}]`;
}

const unmatched = (from: string): string => `SELECT rn, rule FROM (${from}) WHERE rule IS NOT NULL`;

/** The fields a statement extracts itself: what to extract, under which names, and when the row needs the general road. */
interface Extraction {
  pointers: string[];
  parents: Set<string>;
  /** `expression AS name` for each field's text and lower-cased text. */
  names: string[];
  texts: Map<string, { text: string; lower: string }>;
  /** Conditions under which a field has no single scalar value. */
  odd: string[];
}

/** @returns null when some field is only understood by the general JSON access */
function extraction(fields: Iterable<string>, columns: ReadonlyMap<string, string>, known: ReadonlyMap<string, string | null>): Extraction | null {
  const made: Extraction = { pointers: [], parents: new Set(), names: [], texts: new Map(), odd: [] };
  for (const field of fields) {
    const column = columns.get(field);
    if (column !== undefined) {
      const text = quoteName(column);
      const value = known.get(field);
      made.texts.set(field, { text, lower: typeof value === "string" ? quote(value) : `lower(${text})` });
      if (typeof value !== "string") made.odd.push(looksNested(text));
      continue;
    }
    const found = lookup(field);
    if (!found) return null;
    const at = made.texts.size;
    // DuckDB lists count from 1; the path and the whole name as one key stand side by side.
    const path = `s[${made.pointers.push(found.path)}]`;
    let text = path;
    for (const parent of found.parents) made.parents.add(parent);
    if (found.literal !== null) {
      const literal = `s[${made.pointers.push(found.literal)}]`;
      made.odd.push(`(${path} IS NOT NULL AND ${literal} IS NOT NULL)`);
      text = `coalesce(${path}, ${literal})`;
    }
    made.names.push(`${text} AS f${at}, lower(${text}) AS l${at}`);
    made.texts.set(field, { text: `f${at}`, lower: `l${at}` });
  }
  return made;
}

/** What to run for the rows of one key. */
export interface KeyedSql {
  /** SELECT of (rn, rule); for a row with a field that is no plain scalar it gives the rule number ODD - keyId instead. */
  fast: string;
  /** SELECT of (rn, rule) over the rows that `fast` passed on; planned only when there are any, for it takes ten times as long. */
  slow: string;
}

/** Rule numbers at or below this stand for "ask again the slow way"; the distance is the key's id. */
export const ODD = -1;

/** The statements for rows with known key values: `hot` holds them under `key_id`. */
export function keyedSql(plan: RulePlan, keyId: number, keys: readonly (string | null)[], rules: readonly DetectionRule[]): KeyedSql {
  const columns = fieldColumns(plan.source);
  const known = new Map(plan.source.keyFields.map((field, index) => [field, keys[index] ?? null] as const));
  const fields = new Set(rules.flatMap((rule) => fieldsOf(rule.expr).fields));
  const made = rules.some((rule) => fieldsOf(rule.expr).keywords) ? null : extraction(fields, columns, known);
  const slow = unmatched(`SELECT rn, unnest(${matchingSlowly(rules)}) AS rule FROM (SELECT rn, json, ${LEAVES} AS leaves FROM hot WHERE key_id = ${keyId} AND rn IN (SELECT rn FROM odd))`);
  const hot = `hot WHERE key_id = ${keyId}`;
  if (!made) return { fast: `SELECT rn, ${ODD - keyId} AS rule FROM ${hot}`, slow };
  const fast = matching(rules, scalarAccess(made.texts));
  const parents = [...made.parents];
  if (made.pointers.length > 0) made.odd.push("list_contains(t, 'ARRAY')", `list_contains(t[${parents.length + 1}:], 'OBJECT')`);
  if (made.odd.length === 0) return { fast: unmatched(`SELECT rn, unnest(${fast}) AS rule FROM ${hot}`), slow };
  const read = made.pointers.length === 0 ? `SELECT * FROM ${hot}`
    : `SELECT *, json_extract_string(json, ${quoteList(made.pointers)}) AS s, json_type(json, ${quoteList([...parents, ...made.pointers])}) AS t FROM ${hot}`;
  const inner = `(SELECT *${made.names.map((name) => `, ${name}`).join("")}, (${made.odd.join(" OR ")}) AS odd FROM (${read}))`;
  return { fast: unmatched(`SELECT rn, unnest(CASE WHEN odd THEN [${ODD - keyId}] ELSE ${fast} END) AS rule FROM ${inner}`), slow };
}

/** Access to every field of the keyless rules over the batch table's columns. */
function keylessTexts(plan: RulePlan): Map<string, { text: string; lower: string }> {
  const texts = new Map<string, { text: string; lower: string }>();
  for (const [field, column] of fieldColumns(plan.source)) texts.set(field, { text: quoteName(column), lower: `lower(${quoteName(column)})` });
  plan.extraFields.forEach((field, index) => texts.set(field, { text: extraColumn(index), lower: `lower(${extraColumn(index)})` }));
  return texts;
}

/** RE2 for a plain text. */
const literally = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, (char) => (char.codePointAt(0)! < 128 ? `\\x{${char.codePointAt(0)!.toString(16)}}` : char));

/**
 * Keyless rules over the regular rows: first one alternation a field finds the rows in which anything required occurs, then
 * only those rows are asked. Rules of which nothing is known are asked for all rows.
 */
export function keylessSql(plan: RulePlan, rules: readonly KeylessRule[]): string[] {
  const statements: string[] = [];
  const texts = keylessTexts(plan);
  const access = scalarAccess(texts);
  const columnRules = rules.filter((entry) => !entry.needsWholeEvent);
  const gated = columnRules.filter((entry) => entry.literals?.every(({ field }) => field !== null && texts.has(field)));
  const open = columnRules.filter((entry) => !gated.includes(entry));
  if (gated.length > 0) {
    const byField = new Map<string, Set<string>>();
    for (const { literals } of gated)
      for (const { field, literal } of literals!) byField.set(field!, (byField.get(field!) ?? new Set()).add(literal));
    const gate = [...byField].map(([field, literals]) => {
      const { lower } = texts.get(field)!;
      const list = [...literals];
      return list.length === 1 ? `contains(${lower}, ${quote(list[0]!)})` : `regexp_matches(${lower}, ${quote(list.map(literally).join("|"))}, 's')`;
    });
    statements.push(unmatched(`SELECT rn, unnest(${matching(gated.map(({ rule }) => rule), access)}) AS rule FROM ${BATCH} WHERE NOT irregular AND (${gate.join(" OR ")})`));
  }
  if (open.length > 0) statements.push(unmatched(`SELECT rn, unnest(${matching(open.map(({ rule }) => rule), access)}) AS rule FROM ${BATCH} WHERE NOT irregular`));
  const whole = rules.filter((entry) => entry.needsWholeEvent).map(({ rule }) => rule);
  if (whole.length > 0) statements.push(slowSql(whole, "NOT irregular"));
  return statements;
}

/** Rules by the general road over the rows of the batch that fulfil a condition. */
export function slowSql(rules: readonly DetectionRule[], condition: string): string {
  return unmatched(`SELECT rn, unnest(${matchingSlowly(rules)}) AS rule FROM (SELECT rn, json, ${LEAVES} AS leaves FROM ${BATCH} WHERE ${condition})`);
}

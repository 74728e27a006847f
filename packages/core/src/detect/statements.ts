import { fieldsOf, guessedFrequency, jsonAccess, printDuckdb, requiredLiterals, type FieldAccess, type FieldSql, type LiteralFrequency, type RequiredLiteral } from "@corduroy/sigma";
import { allPlaces, located } from "./located.ts";
import { isPlainName, lookup, quote, quoteList, quoteName } from "./lookup.ts";
import { batchColumns, fieldColumns, listFields, wholeFields, type KeylessRule, type RulePlan } from "./plan.ts";
import type { DetectionRule } from "./rule.ts";

/**
 * SQL over the batch table (see `ingest/batch/table.ts`): `rn`, `raw` or what replaces it, the source's columns, the extra fields as
 * `x0…`, and `irregular`, which is true where some field is not a plain scalar at one place. Regular rows are read through
 * columns; irregular ones through the general JSON access, which is always right and many times slower.
 */

/** The batch with the text to parse as `json`, which is not kept: it would double the table's size. */
export const BATCH = "(SELECT *, coalesce(replaced, raw) AS json FROM batch)";

/** How DuckDB writes an array or an object. User agents such as `[S3Console/0.4]` are neither. */
const NESTED = String.raw`^(\[(["{\[\]0-9-]|true\b|false\b|null\b)|\{["}])`;

/** True where a text taken from JSON may be an array or an object; a string that looks like one is only taken the slow road. */
export function looksNested(text: string): string {
  return `(CASE WHEN starts_with(${text}, '[') OR starts_with(${text}, '{') THEN regexp_matches(${text}, ${quote(NESTED)}) ELSE false END)`;
}

/** Reads any row, always rightly: the general JSON access, but for fields that are read from columns alone, as all of text are. */
function wholeAccess(plan: RulePlan): FieldAccess {
  const columns = columnAccess(plan, keylessTexts(plan));
  if (plan.source.text !== null) return columns;
  const whole = wholeFields(plan.source);
  const json = jsonAccess("json", plan.source.opened);
  return { field: (name) => (whole.has(name) ? columns : json).field(name), keywords: () => json.keywords() };
}

/** Reads regular rows: every field is in a column of the statement, and one scalar unless the column is a list. */
function columnAccess({ source }: RulePlan, texts: ReadonlyMap<string, { text: string; lower: string }>): FieldAccess {
  const whole = wholeFields(source);
  const lists = listFields(source);
  return {
    field(name: string): FieldSql {
      const column = texts.get(name);
      const found = lookup(name);
      if (!column || !found) throw new Error(`the field ${name} has no column`);
      if (lists.has(name)) return { form: "list", text: column.text, exists: `coalesce(len(${column.text}) > 0, false)`, isNull: `coalesce(len(${column.text}) = 0, true)` };
      const pointers = found.literal === null ? [found.path] : [found.path, found.literal];
      return {
        form: "scalar",
        text: column.text,
        lower: column.lower,
        exists: whole.has(name) ? `(${column.text} IS NOT NULL)` : `(${pointers.map((pointer) => `json_type(json, ${quote(pointer)}) IS NOT NULL`).join(" OR ")})`,
        isNull: `(${column.text} IS NULL)`,
      };
    },
    keywords: () => (source.text === null ? jsonAccess("json").keywords() : { list: source.text.decoded === undefined ? "[json]" : `list_concat([json], ${source.text.decoded})` }),
  };
}

/** A list of the numbers of the rules that match. */
function matching(rules: readonly DetectionRule[], access: FieldAccess): string {
  return `[${rules.map((rule) => `CASE WHEN ${printDuckdb(rule.expr, access)} THEN ${rule.no} END`).join(", ")}]`;
}

/** All values of the record in one lower-cased text: whatever a rule requires to occur, occurs in it. Columns of text are parts of its line, or of what it holds encoded. */
function leaves({ source }: RulePlan): string {
  if (source.text !== null) return source.text.decoded === undefined ? "lower(json)" : `lower(array_to_string(list_concat([json], ${source.text.decoded}), chr(10)))`;
  const columns = fieldColumns(source);
  const lists = listFields(source);
  const inColumns = [...wholeFields(source)].map((field) => (lists.has(field) ? joined(columns.get(field)!) : quoteName(columns.get(field)!)));
  return `lower(concat_ws(chr(10), array_to_string(${jsonAccess("json").keywords().list}, chr(10))${inColumns.map((text) => `, ${text}`).join("")}))`;
}

/** The values of a list column in one text. */
const joined = (column: string): string => `array_to_string(${quoteName(column)}, chr(10))`;

/** The general road, behind a look at the text: few rules find what they require in it, so few are evaluated in full. */
function matchingSlowly(plan: RulePlan, rules: readonly DetectionRule[]): string {
  const access = wholeAccess(plan);
  const places = allPlaces(plan.source);
  const parts = rules.map((rule) => {
    const expr = located(rule.expr, places);
    const literals = requiredLiterals(expr);
    const full = `(${printDuckdb(expr, access)})`;
    const gated = literals ? `CASE WHEN ${literals.map(({ literal }) => `contains(leaves, ${quote(literal)})`).join(" OR ")} THEN ${full} ELSE false END` : full;
    return `CASE WHEN ${gated} THEN ${rule.no} END`;
  });
  return `[${parts.join(", ")}]`;
}

const unmatched = (from: string): string => `SELECT rn, rule FROM (${from}) WHERE rule IS NOT NULL`;

/** The fields a statement extracts itself: what to extract, under which names, and where keys could stand that hold a field's whole dotted name. */
interface Extraction {
  pointers: string[];
  parents: Set<string>;
  /** Names with their dot, as `requestParameters.` */
  roots: Set<string>;
  /** `expression AS name` for each field's text and lower-cased text. */
  names: string[];
  texts: Map<string, { text: string; lower: string }>;
}

/** @returns null when some field is only understood by the general JSON access */
function extraction(fields: Iterable<string>, columns: ReadonlyMap<string, string>, known: ReadonlyMap<string, string | null>): Extraction | null {
  const made: Extraction = { pointers: [], parents: new Set(), roots: new Set(), names: [], texts: new Map() };
  for (const field of fields) {
    const column = columns.get(field);
    if (column !== undefined) {
      const text = quoteName(column);
      const value = known.get(field);
      made.texts.set(field, { text, lower: typeof value === "string" ? quote(value) : `lower(${text})` });
      continue;
    }
    const found = lookup(field);
    if (!found || !isPlainName(field)) return null;
    for (const parent of found.parents) made.parents.add(parent);
    if (found.literal !== null) made.roots.add(field.slice(0, field.indexOf(".") + 1));
    // DuckDB lists count from 1.
    const at = made.pointers.push(found.path);
    made.names.push(`s[${at}] AS f${at}, lower(s[${at}]) AS l${at}`);
    made.texts.set(field, { text: `f${at}`, lower: `l${at}` });
  }
  return made;
}

/**
 * Whether a row has an extracted field that is not one plain scalar at one place: an array or an object, a way to it that leads through an
 * array, or a key that holds the dots itself. Few expressions, because each costs memory and time in every batch, for every key.
 */
function oddness({ pointers, parents, roots }: Extraction): string {
  const suspects = pointers.map((_, index) => `(ascii(f${index + 1}) | 32) = 123`).join(" OR ");
  const types = `json_type(json, ${quoteList(pointers)})`;
  return `coalesce(${[
    `CASE WHEN coalesce(${suspects}, false) THEN list_has_any(${types}, ['ARRAY', 'OBJECT']) ELSE false END`,
    ...[...parents].map((_, index) => `starts_with(s[${pointers.length + index + 1}], '[')`),
    ...[...roots].map((root) => `contains(json, ${quote(rareEnd(root))})`),
  ].join(" OR ")}, false)`;
}

/** What to run for the rows of one key. */
export interface KeyedSql {
  /** SELECT of (rn, rule); for a row with a field that is no plain scalar it gives the rule number ODD - keyId instead. */
  fast: string;
  /** SELECT of (rn, rule) over the rows that `fast` passed on; planned only when there are any, for it takes ten times as long. */
  slow: string;
  /** Whether `fast` reads more than columns. */
  readsJson: boolean;
}

/** Rule numbers at or below this stand for "ask again the slow way"; the distance is the key's id. */
export const ODD = -1;

/** The statements for rows with known key values: `hot` holds them under `key_id`, with their text where `readsJson` asks for it. */
export function keyedSql(plan: RulePlan, keyId: number, keys: readonly (string | null)[], rules: readonly DetectionRule[]): KeyedSql {
  const columns = batchColumns(plan);
  const known = new Map(plan.source.keyFields.map((field, index) => [field, keys[index] ?? null] as const));
  const fields = new Set(rules.flatMap((rule) => fieldsOf(rule.expr).fields));
  const made = rules.some((rule) => fieldsOf(rule.expr).keywords) ? null : extraction(fields, columns, known);
  const slow = unmatched(`SELECT rn, unnest(${matchingSlowly(plan, rules)}) AS rule FROM (SELECT *, ${leaves(plan)} AS leaves FROM ${BATCH} WHERE rn IN (SELECT rn FROM odd WHERE rule = ${ODD - keyId}))`);
  const hot = `hot WHERE key_id = ${keyId}`;
  if (!made) return { fast: `SELECT rn, ${ODD - keyId} AS rule FROM ${hot}`, slow, readsJson: false };
  const fast = matching(rules, columnAccess(plan, made.texts));
  // What stands in columns is regular, or the row would not be among these.
  if (made.pointers.length === 0) return { fast: unmatched(`SELECT rn, unnest(${fast}) AS rule FROM ${hot}`), slow, readsJson: fast.includes("json") };
  const read = `SELECT *, json_extract_string(json, ${quoteList([...made.pointers, ...made.parents])}) AS s FROM ${hot}`;
  const inner = `(SELECT *, ${oddness(made)} AS odd FROM (SELECT *, ${made.names.join(", ")} FROM (${read})))`;
  return { fast: unmatched(`SELECT rn, unnest(CASE WHEN odd THEN [${ODD - keyId}] ELSE ${fast} END) AS rule FROM ${inner}`), slow, readsJson: true };
}

/** Access to every field of the keyless rules over the batch table's columns. */
function keylessTexts(plan: RulePlan): Map<string, { text: string; lower: string }> {
  const texts = new Map<string, { text: string; lower: string }>();
  const lists = listFields(plan.source);
  for (const [field, column] of batchColumns(plan)) texts.set(field, { text: quoteName(column), lower: `lower(${lists.has(field) ? joined(column) : quoteName(column)})` });
  return texts;
}

/** Every so many rows of the batch the frequency of literals is counted in: spread, because neighbours come from one file. */
const SAMPLED_EVERY = 4;

/** Every literal that the keyless rules may be found by, and the SELECT that counts the regular rows of a sample that hold each. */
export function literalCounts(plan: RulePlan, rules: readonly KeylessRule[]): { literals: RequiredLiteral[]; sql: string } {
  const texts = keylessTexts(plan);
  const found = new Map<string, RequiredLiteral>();
  for (const { rule, needsWholeEvent } of rules) {
    if (needsWholeEvent) continue;
    requiredLiterals(rule.expr, (literal) => {
      if (literal.field !== null && texts.has(literal.field)) found.set(literalName(literal), literal);
      return guessedFrequency(literal);
    });
  }
  const literals = [...found.values()];
  const counts = literals.map(({ field, literal }) => `count_if(contains(${texts.get(field!)!.lower}, ${quote(literal)}))`);
  return { literals, sql: `SELECT [${counts.join(", ")}] FROM batch WHERE NOT irregular AND rn % ${SAMPLED_EVERY} = 0` };
}

export const literalName = ({ field, literal }: RequiredLiteral): string => `${field ?? ""}\n${literal}`;

/**
 * The end of a text from its first capital letter on, where that leaves enough: it occurs wherever the text does. DuckDB goes from one
 * occurrence of the first byte to the next, and a quote or a small letter stands everywhere: 0.2 us a record instead of 0.7.
 */
export function rareEnd(text: string): string {
  return /[A-Z].{3,}$/s.exec(text)?.[0] ?? text;
}

/** RE2 for a plain text. */
export const literally = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, (char) => (char.codePointAt(0)! < 128 ? `\\x{${char.codePointAt(0)!.toString(16)}}` : char));

/**
 * Keyless rules over the regular rows: first one alternation a field finds the rows in which anything required occurs, then
 * only those rows are asked. Rules of which nothing is known are asked for all rows.
 */
export function keylessSql(plan: RulePlan, rules: readonly KeylessRule[], frequency: LiteralFrequency): string[] {
  const statements: string[] = [];
  const texts = keylessTexts(plan);
  const access = columnAccess(plan, texts);
  const columnRules = rules.filter((entry) => !entry.needsWholeEvent).map((entry) => ({ ...entry, literals: requiredLiterals(entry.rule.expr, frequency) }));
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
  if (whole.length > 0) statements.push(slowSql(plan, whole, "NOT irregular"));
  return statements;
}

/** Rules by the general road over the rows of the batch that fulfil a condition. */
export function slowSql(plan: RulePlan, rules: readonly DetectionRule[], condition: string): string {
  return unmatched(`SELECT rn, unnest(${matchingSlowly(plan, rules)}) AS rule FROM (SELECT *, ${leaves(plan)} AS leaves FROM ${BATCH} WHERE ${condition})`);
}

import type { FieldAccess, FieldSql } from "./duckdb.ts";
import { sqlString } from "./duckdb-text.ts";

/** Arrays directly inside arrays are followed this deep. */
const maxNesting = 64;
/** Bytes of containers, at most, that one event may cost to copy. */
const maxCopied = 50_000_000;

/**
 * Reads fields out of a VARCHAR column that holds one well-formed JSON object per row; right for every event, whatever its
 * shape. `column` is pasted as it is. A dotted name is the path and also the literal key; each step may cross arrays.
 * @param opened fields whose objects stand for all the scalars in them; elsewhere an object is no value
 */
export function jsonAccess(column: string, opened: readonly string[] = []): FieldAccess {
  return {
    field: (name) => (opened.includes(name) ? { ...readField(column, name), text: scalarsAt(column, name) } : readField(column, name)),
    keywords: () => ({ list: allScalars(column) }),
  };
}

/**
 * Every scalar of the document. `$..*` also copies every container, which is 9 us for a usual event, but the square of its
 * size for a deeply nested one (10,000 levels: seconds, 1 GB). Where that looms, a regular expression picks the tokens out
 * of the text instead, in linear time (80 us for a usual event). Keys are told by the colon behind them.
 */
function allScalars(column: string): string {
  const containers = `length(${column}) - length(replace(replace(${column}, '{', ''), '[', ''))`;
  const text = '"(?:[^"\\\\]|\\\\.)*"';
  const tokens = `list_filter(regexp_extract_all(${column}, '(?s)${text}\\s*:|(${text}|-?[0-9][0-9.eE+-]*|true|false)', 1), lambda sigma_j: sigma_j <> '')`;
  // Containers are dropped by their first character, nulls too.
  const values = `list_filter(json_extract(${column}, '$..*')::VARCHAR[], lambda sigma_j: substring(sigma_j, 1, 1) NOT IN ('{', '[', 'n'))`;
  const copied = `length(${column}) > 7000 AND length(${column}) * (${containers}) > ${maxCopied}`;
  return `list_transform(CASE WHEN ${copied} THEN ${tokens} ELSE ${values} END, lambda sigma_j: json_extract_string(sigma_j, '$'))`;
}

function readField(column: string, name: string): FieldSql {
  const steps = name.split(".");
  const nodes = nodesAt(column, steps, name);
  const exists = existsSql(column, steps, name);
  return {
    form: "list",
    text: `list_transform(${nodes}, lambda sigma_j: CASE WHEN NOT starts_with(sigma_j::VARCHAR, '{') THEN json_extract_string(sigma_j, '$') END)`,
    exists,
    isNull: `(NOT ${exists} OR len(list_filter(${nodes}, lambda sigma_j: sigma_j::VARCHAR = 'null')) > 0)`,
  };
}

/** Every scalar that the name reaches, and every one in the objects that it reaches. A lambda names their text, which is looked at several times. */
function scalarsAt(column: string, name: string): string {
  return `list_transform([to_json(${nodesAt(column, name.split("."), name)})::VARCHAR], lambda sigma_o: ${allScalars("sigma_o")})[1]`;
}

/**
 * JSON[] of what the name reaches, arrays opened; holds NULLs for what is missing. Where no array is on the way, which one
 * look at the types tells, the values are read at once; otherwise step by step.
 */
function nodesAt(column: string, steps: readonly string[], literal: string | null): string {
  const pointers = steps.map((_, index) => pointer(steps.slice(0, index + 1)));
  const literalPointer = literal === null || steps.length === 1 ? [] : [pointer([literal])];
  const looked = listOf([...pointers, ...literalPointer]);
  const walked = [walk(column, steps), ...(literalPointer.length === 0 ? [] : [walk(column, [literal!])])];
  return (
    `CASE WHEN list_contains(json_type(${column}, ${looked}), 'ARRAY') THEN ${walked.length === 1 ? walked[0]! : `list_concat(${walked.join(", ")})`} ` +
    `ELSE json_extract(${column}, ${listOf([pointers.at(-1)!, ...literalPointer])}) END`
  );
}

function existsSql(column: string, steps: readonly string[], name: string): string {
  const literal = `json_type(${column}, ${sqlString(pointer([name]))}) IS NOT NULL`;
  if (steps.length === 1) return `(${literal})`;
  const last = sqlString(pointer(steps.slice(-1)));
  return `(${literal} OR len(list_filter(${nodesAt(column, steps.slice(0, -1), null)}, lambda sigma_j: json_type(sigma_j, ${last}) IS NOT NULL)) > 0)`;
}

/**
 * JSON[] at the end of a path through arrays. There is no recursion in an SQL expression, so a fold goes over the steps:
 * a pointer means "take this key of every node", NULL "open the nodes that are arrays once". Written as one fold over
 * data, not as nested calls, because DuckDB plans every call anew: 1.5 ms a path, against 10 ms for four nested steps.
 */
function walk(column: string, steps: readonly string[]): string {
  // An array directly in an array shows as a bracket after a bracket or a comma; rarely does any other text look so.
  const levels = `CASE WHEN regexp_matches(${column}, '[\\[,]\\s*\\[') THEN least(length(${column}) - length(replace(${column}, '[', '')), ${maxNesting}) ELSE 1 END`;
  const program = steps.map((step) => `[[to_json(${sqlString(pointer([step]))})]], list_resize([]::JSON[][], ${levels})`).join(", ");
  const open = "CASE WHEN len(list_filter(sigma_n, lambda sigma_e: starts_with(sigma_e::VARCHAR, '['))) = 0 THEN sigma_n ELSE flatten(list_transform(sigma_n, lambda sigma_e: CASE WHEN starts_with(sigma_e::VARCHAR, '[') THEN json_extract(sigma_e, '$[*]') ELSE [sigma_e] END)) END";
  const take = "list_transform(sigma_n, lambda sigma_e: json_extract(sigma_e, json_extract_string(sigma_o[1], '$')))";
  return `list_reduce(flatten([[[${column}::JSON]], ${program}]), lambda sigma_n, sigma_o: CASE WHEN sigma_o IS NULL THEN ${open} ELSE ${take} END)`;
}

/** A JSON pointer (RFC 6901): unlike a path, it takes any key. */
function pointer(steps: readonly string[]): string {
  return steps.map((step) => `/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function listOf(pointers: readonly string[]): string {
  return `[${pointers.map(sqlString).join(", ")}]`;
}

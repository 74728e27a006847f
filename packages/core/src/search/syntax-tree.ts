import { Forbidden, Invalid } from "../kernel/index.ts";
import { folded } from "./fold.ts";
import { ALLOWED_FUNCTIONS, ALLOWED_TABLE_FUNCTIONS } from "./functions.ts";
import { nearest } from "./nearest.ts";
import { pointAt } from "./place.ts";

/** A node of the tree that DuckDB's `json_serialize_sql` gives. */
export type Node = Readonly<Record<string, unknown>>;

/** Where the statement reads each view: with the WHERE of the SELECT that reads it and nothing else, or null when it is read in another way. */
export type Readings = ReadonlyMap<string, readonly (Node | null)[]>;

/** Kinds of expression, as DuckDB's serialised syntax tree names them (`class`). Parameters and DEFAULT have no meaning here. */
const EXPRESSIONS = new Set(
  "BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT FUNCTION LAMBDA OPERATOR POSITIONAL_REFERENCE STAR SUBQUERY WINDOW".split(" "),
);
/** Kinds of every other node that has one (`type`): queries, what stands in FROM, modifiers, types. */
const NODES = new Set(
  [
    "SELECT_NODE SET_OPERATION_NODE RECURSIVE_CTE_NODE",
    "BASE_TABLE EMPTY EXPRESSION_LIST JOIN PIVOT SHOW_REF SUBQUERY TABLE_FUNCTION",
    "DISTINCT_MODIFIER LIMIT_MODIFIER LIMIT_PERCENT_MODIFIER ORDER_MODIFIER",
    "ASCENDING DESCENDING ORDER_DEFAULT",
    "ARRAY_TYPE_INFO DECIMAL_TYPE_INFO ENUM_TYPE_INFO LIST_TYPE_INFO STRING_TYPE_INFO STRUCT_TYPE_INFO UNBOUND_TYPE_INFO",
  ].flatMap((names) => names.split(" ")),
);
const DEEPEST = 2_000;

/**
 * Walks the syntax tree of one SELECT and refuses everything that is not known to be harmless: it is a list of what may be there, so
 * that a construct of a newer DuckDB is refused until somebody has looked at it.
 *
 * Names of tables follow SQL's scopes. A common table expression counts only where SQL would find it: elsewhere the same
 * name would reach the catalog or, as a replacement scan, a file.
 * @param tree what `json_serialize_sql` gave for the statement.
 * @param views names of the views that may be read, lower case.
 * @returns the views that the statement reads; all of them when it lists the tables.
 * @throws Forbidden for what may not be used, Invalid for a table that does not exist.
 */
export function checkSyntaxTree(tree: unknown, sql: string, views: ReadonlySet<string>): Readings {
  const used = new Map<string, (Node | null)[]>();
  const wheres = new Map<Node, Node>();
  const read = (view: string, where: Node | null): void => void used.set(view, [...(used.get(view) ?? []), where]);

  const refuse = (node: Node, what: string, hint?: string): never => {
    throw new Forbidden(`${what}${pointAt(sql, offsetOf(node))}`, { hint });
  };

  const walk = (value: unknown, scope: ReadonlySet<string>, depth: number): void => {
    if (depth > DEEPEST) throw new Forbidden("The statement is nested too deeply.");
    if (Array.isArray(value)) for (const item of value) walk(item, scope, depth + 1);
    if (!isNode(value)) return;
    checkNode(value, scope);
    const inner = scopeBelow(value, scope, depth);
    for (const [key, child] of Object.entries(value)) {
      // Only the repeated half of a recursive query sees the query's own rows.
      if (key !== "cte_map") walk(child, key === "right" && value["type"] === "RECURSIVE_CTE_NODE" ? withName(inner, value["cte_name"]) : inner, depth + 1);
    }
  };

  /** Checks the common table expressions of a query, each with those before it in sight, and gives the scope of the query itself. */
  const scopeBelow = (node: Node, scope: ReadonlySet<string>, depth: number): ReadonlySet<string> => {
    let inner = scope;
    const map = isNode(node["cte_map"]) ? node["cte_map"]["map"] : undefined;
    for (const entry of Array.isArray(map) ? (map as unknown[]) : []) {
      if (!isNode(entry)) continue;
      walk(entry["value"], inner, depth + 1);
      inner = withName(inner, entry["key"]);
    }
    return inner;
  };

  const checkNode = (node: Node, scope: ReadonlySet<string>): void => {
    if (typeof node["class"] === "string") {
      if (!EXPRESSIONS.has(node["class"])) refuse(node, `This kind of expression (${node["class"]}) cannot be used here.`);
      if (typeof node["function_name"] === "string") checkFunction(node, node["function_name"]);
    } else if (typeof node["type"] === "string") {
      if (!NODES.has(node["type"])) refuse(node, `This kind of clause (${node["type"]}) cannot be used here.`);
      if (node["type"] === "SELECT_NODE" && isNode(node["from_table"]) && isNode(node["where_clause"]) && !renamesColumns(node["from_table"])) wheres.set(node["from_table"], node["where_clause"]);
      if (node["type"] === "BASE_TABLE") checkTable(node, scope);
      if (node["type"] === "TABLE_FUNCTION") checkTableFunction(node);
      if (node["type"] === "SHOW_REF" && node["query"] === null) checkShow(node);
      if (node["type"] === "PIVOT") checkPivot(node);
    }
  };

  const checkFunction = (node: Node, name: string): void => {
    const schema = node["schema"];
    if (!isEmpty(node["catalog"]) || (!isEmpty(schema) && schema !== "main")) refuse(node, `The function ${name} must be called by its plain name.`);
    if (ALLOWED_FUNCTIONS.has(folded(name)) || ALLOWED_TABLE_FUNCTIONS.has(folded(name))) return;
    const meant = nearest(name, ALLOWED_FUNCTIONS);
    refuse(node, `The function ${name} cannot be used here.`, meant === undefined ? "Queries may compute with the data of the lake, not reach outside it." : `Did you mean ${meant}?`);
  };

  const checkTableFunction = (node: Node): void => {
    const name = isNode(node["function"]) ? node["function"]["function_name"] : undefined;
    if (typeof name === "string" && ALLOWED_TABLE_FUNCTIONS.has(folded(name))) return;
    refuse(node, `The table function ${String(name)} cannot be used here.`, `Tables: ${[...views].join(", ")}.`);
  };

  const checkTable = (node: Node, scope: ReadonlySet<string>): void => {
    const name = String(node["table_name"]);
    const isPlain = isEmpty(node["catalog_name"]) && isEmpty(node["schema_name"]);
    if (node["at_clause"] !== null && node["at_clause"] !== undefined) refuse(node, "AT cannot be used here.");
    // A recursive query with a key names its own collected rows this way.
    if (isEmpty(node["catalog_name"]) && node["schema_name"] === "recurring" && scope.has(folded(name))) return;
    if (isPlain && scope.has(folded(name))) return;
    if (isPlain && views.has(folded(name))) {
      read(folded(name), wheres.get(node) ?? null);
      return;
    }
    const meant = nearest(name, [...views, ...scope]);
    throw new Invalid(`There is no table ${name}.${pointAt(sql, offsetOf(node))}`, {
      hint: `${meant === undefined ? "" : `Did you mean ${meant}? `}Tables: ${[...views].join(", ")}.`,
    });
  };

  const checkShow = (node: Node): void => {
    if (node["table_name"] !== '"tables"' || !isEmpty(node["schema_name"]) || !isEmpty(node["catalog_name"])) {
      refuse(node, "Only SHOW TABLES, DESCRIBE and SUMMARIZE can be used here.");
    }
    for (const view of views) read(view, null);
  };

  /** An enumeration named as the list of values would be looked up in the catalog. */
  const checkPivot = (node: Node): void => {
    const pivots = Array.isArray(node["pivots"]) ? (node["pivots"] as unknown[]) : [];
    if (pivots.some((pivot) => isNode(pivot) && !isEmpty(pivot["pivot_enum"]))) refuse(node, "PIVOT needs its values: IN ('a', 'b').");
  };

  walk(tree, new Set(), 0);
  return used;
}

function withName(scope: ReadonlySet<string>, name: unknown): ReadonlySet<string> {
  return typeof name === "string" ? new Set([...scope, folded(name)]) : scope;
}

function offsetOf(node: Node): number | null {
  const offset = node["query_location"];
  return typeof offset === "number" && Number.isSafeInteger(offset) ? offset : null;
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `FROM events AS e(a, b)`: under the old names there is something else then. */
function renamesColumns(table: Node): boolean {
  const names = table["column_name_alias"];
  return Array.isArray(names) && names.length > 0;
}

function isEmpty(value: unknown): boolean {
  return value === "" || value === null || value === undefined;
}

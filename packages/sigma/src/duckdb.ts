import { anyTextTest, type TextSql } from "./duckdb-text.ts";
import type { Expr, FieldTest, TextTest } from "./tree.ts";

/** How one field of an event is read in SQL. Each text is an SQL expression; `name` may come from a hostile rule. */
export type FieldSql =
  | {
      readonly form: "scalar";
      /** VARCHAR; NULL when the field is missing, null, or no scalar. */
      readonly text: string;
      /** `lower(text)`, if it is at hand. */
      readonly lower?: string;
      /** BOOLEAN, never NULL: the key is present, even if null. */
      readonly exists: string;
      /** BOOLEAN, never NULL: missing, null, or an array with a null element. */
      readonly isNull: string;
    }
  | {
      readonly form: "list";
      /** VARCHAR[] of all scalar values that are reached; may be NULL or hold NULLs, which match nothing. */
      readonly text: string;
      readonly exists: string;
      readonly isNull: string;
    };

/** How events are read in SQL: what a printer needs to know of a table. */
export interface FieldAccess {
  field(name: string): FieldSql;
  /** `list` is a VARCHAR[] of every scalar value anywhere in the event, but null. */
  keywords(): { readonly list: string };
}

/**
 * Prints an expression as a BOOLEAN in DuckDB's SQL (1.5). It is never NULL and never raises an error on a well-formed
 * event. Every literal is quoted; only what `access` gives is pasted as it is.
 */
export function printDuckdb(expr: Expr, access: FieldAccess): string {
  return expr.kind === "not" || expr.kind === "constant" ? print(expr, access) : `(CASE WHEN ${print(expr, access)} THEN true ELSE false END)`;
}

/** Inside and/or a NULL is as good as false; only `not` and the outermost expression must be two-valued. */
function print(expr: Expr, access: FieldAccess): string {
  if (expr.kind === "constant") return String(expr.value);
  // Measured: 50 ns an event, against 141 for NOT coalesce(...).
  if (expr.kind === "not") return `(CASE WHEN ${print(expr.not, access)} THEN false ELSE true END)`;
  if (expr.kind === "and") return balanced(expr.all.map((part) => print(part, access)), " AND ");
  return balanced(printAny(expr.kind === "or" ? expr.any : [expr], access), " OR ");
}

/** Text tests on the same field are printed together: many equal values become one IN, many substrings one pass. */
function printAny(parts: readonly Expr[], access: FieldAccess): string[] {
  const printed: string[] = [];
  const grouped = new Map<string | null, TextTest[]>();
  for (const part of parts) {
    const test = part.kind === "field" || part.kind === "keyword" ? part.test : null;
    if (part.kind === "field" && test !== null && !isTextTest(test)) printed.push(printFieldTest(part.field, test, access));
    else if ((part.kind === "field" || part.kind === "keyword") && test !== null && isTextTest(test)) {
      const field = part.kind === "field" ? part.field : null;
      const tests = grouped.get(field);
      if (tests) tests.push(test);
      else grouped.set(field, [test]);
    } else printed.push(print(part, access));
  }
  for (const [field, tests] of grouped) printed.push(field === null ? anyElement(access.keywords().list, tests) : onField(access.field(field), tests));
  return printed;
}

type WholeFieldTest = Exclude<FieldTest, TextTest>;

function isTextTest(test: FieldTest): test is TextTest {
  return test.kind !== "exists" && test.kind !== "isNull" && test.kind !== "sameAs";
}

function onField(sql: FieldSql, tests: readonly TextTest[]): string {
  return sql.form === "scalar" ? balanced(anyTextTest(tests, scalarText(sql)), " OR ") : anyElement(sql.text, tests);
}

function anyElement(list: string, tests: readonly TextTest[]): string {
  const element: TextSql = { text: "sigma_v", lower: "lower(sigma_v)" };
  return `(len(list_filter(${list}, lambda sigma_v: ${balanced(anyTextTest(tests, element), " OR ")})) > 0)`;
}

function printFieldTest(field: string, test: WholeFieldTest, access: FieldAccess): string {
  const sql = access.field(field);
  if (test.kind === "exists") return `(${sql.exists})`;
  if (test.kind === "isNull") return `(${sql.isNull})`;
  const other = access.field(test.field);
  if (sql.form === "scalar" && other.form === "scalar") {
    const [left, right] = [scalarText(sql), scalarText(other)];
    return test.cased ? relation(test.how, left.text, right.text) : relation(test.how, left.lower, right.lower);
  }
  const [left, right] = test.cased ? ["sigma_v", "sigma_w"] : ["lower(sigma_v)", "lower(sigma_w)"];
  return `(len(list_filter(${asList(sql)}, lambda sigma_v: len(list_filter(${asList(other)}, lambda sigma_w: ${relation(test.how, left, right)})) > 0)) > 0)`;
}

function scalarText(sql: Extract<FieldSql, { readonly form: "scalar" }>): TextSql {
  return { text: sql.text, lower: sql.lower ?? `lower(${sql.text})` };
}

function asList(sql: FieldSql): string {
  return sql.form === "list" ? sql.text : `[${sql.text}]`;
}

function relation(how: Extract<FieldTest, { readonly kind: "sameAs" }>["how"], left: string, right: string): string {
  if (how === "equals") return `(${left} = ${right})`;
  return `${how === "contains" ? "contains" : how === "startsWith" ? "starts_with" : "ends_with"}(${left}, ${right})`;
}

/** Joins as a balanced tree: DuckDB refuses expressions deeper than 1,000, and parses a flat chain as a deep one. */
function balanced(parts: readonly string[], joint: " AND " | " OR "): string {
  if (parts.length <= 4) return parts.length === 1 ? parts[0]! : `(${parts.join(joint)})`;
  const middle = parts.length >> 1;
  return `(${balanced(parts.slice(0, middle), joint)}${joint}${balanced(parts.slice(middle), joint)})`;
}


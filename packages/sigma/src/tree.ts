/**
 * The typed tree a rule compiles to. It says what must be true of one event and knows no query language:
 * printers (`duckdb.ts`) and analyses (`required-keys.ts`, `required-literals.ts`) walk it.
 */

/** What must be true of one event. Two-valued: a test on a missing field is false, never unknown. */
export type Expr =
  | { readonly kind: "and"; readonly all: readonly Expr[] }
  | { readonly kind: "or"; readonly any: readonly Expr[] }
  | { readonly kind: "not"; readonly not: Expr }
  /** True if the test holds for at least one value of the field (`exists` and `isNull` look at the field as a whole). */
  | { readonly kind: "field"; readonly field: string; readonly test: FieldTest }
  /** True if the test holds for at least one scalar value anywhere in the event. */
  | { readonly kind: "keyword"; readonly test: TextTest }
  | { readonly kind: "constant"; readonly value: boolean };

export type FieldTest =
  | TextTest
  /** The key is present, whatever its value, null included. */
  | { readonly kind: "exists" }
  /** The field is missing, is null, or is an array with a null element. */
  | { readonly kind: "isNull" }
  /** Some value of this field relates to some value of the other field, compared as text. */
  | { readonly kind: "sameAs"; readonly field: string; readonly how: Position; readonly cased: boolean };

/** Where in the value a text is looked for. */
export type Position = "equals" | "startsWith" | "endsWith" | "contains";

export type Comparison = "lt" | "lte" | "gt" | "gte";

export type TimePart = "minute" | "hour" | "day" | "week" | "month" | "year";

/** A test on one scalar value, seen as text. */
export type TextTest =
  /** Plain text without wildcards. Not `cased`: both sides are lower-cased with `lowerCase`. */
  | { readonly kind: Position; readonly text: string; readonly cased: boolean }
  /** Any scalar value at all, the empty string included. */
  | { readonly kind: "anything" }
  /** A pattern with wildcards that none of the simple positions can say. */
  | { readonly kind: "like"; readonly parts: readonly PatternPart[]; readonly cased: boolean }
  /** The value is a JSON number equal to `number`, in any notation. */
  | { readonly kind: "number"; readonly number: string }
  /** The value is a JSON number that compares so with `number`. */
  | { readonly kind: "compare"; readonly op: Comparison; readonly number: string }
  /** RE2 syntax, searched anywhere in the value. A match contains one of the lower-cased `required` texts, if any are known. */
  | { readonly kind: "regex"; readonly source: string; readonly flags: RegexFlags; readonly required: readonly string[] | null }
  /** The value is an ISO 8601 timestamp whose part, in UTC, compares so with `value`. */
  | { readonly kind: "timePart"; readonly part: TimePart; readonly op: Comparison | "eq"; readonly value: number }
  /** The value is an address in the network. `bytes` is the network address, 4 or 16 of them. */
  | { readonly kind: "cidr"; readonly bytes: readonly number[]; readonly bits: number };

/** A piece of a wildcard pattern. */
export type PatternPart =
  | { readonly kind: "text"; readonly text: string }
  /** Any run of characters, newlines included, also none. */
  | { readonly kind: "many" }
  /** Exactly one code point. */
  | { readonly kind: "one" }
  /** Exactly one of these characters. */
  | { readonly kind: "oneOf"; readonly chars: string };

export interface RegexFlags {
  readonly ignoreCase: boolean;
  /** `^` and `$` also match at line breaks. */
  readonly multiline: boolean;
  /** `.` also matches a newline. */
  readonly dotAll: boolean;
}

export const always: Expr = { kind: "constant", value: true };
export const never: Expr = { kind: "constant", value: false };

/** All of them; flattens nested `and`s and folds constants. */
export function and(parts: readonly Expr[]): Expr {
  const all: Expr[] = [];
  for (const part of parts) {
    if (part.kind === "and") all.push(...part.all);
    else if (part.kind !== "constant") all.push(part);
    else if (!part.value) return never;
  }
  return all.length === 0 ? always : all.length === 1 ? all[0]! : { kind: "and", all };
}

/** Any of them; flattens nested `or`s and folds constants. */
export function or(parts: readonly Expr[]): Expr {
  const any: Expr[] = [];
  for (const part of parts) {
    if (part.kind === "or") any.push(...part.any);
    else if (part.kind !== "constant") any.push(part);
    else if (part.value) return always;
  }
  return any.length === 0 ? never : any.length === 1 ? any[0]! : { kind: "or", any };
}

/** The opposite; folds constants and double negation. */
export function not(expr: Expr): Expr {
  if (expr.kind === "constant") return expr.value ? never : always;
  return expr.kind === "not" ? expr.not : { kind: "not", not: expr };
}

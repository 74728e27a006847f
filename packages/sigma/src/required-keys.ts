import { lowerCase } from "./lower-case.ts";
import type { Expr } from "./tree.ts";

/** One lower-cased literal, or null for "any", per field asked about. */
export type RequiredKey = readonly (string | null)[];

/** More tuples than this are no index any more. */
const maxKeys = 1_024;

/**
 * What an index over `fields` may rely on: if an event matches `expr`, then for at least one of the tuples every literal
 * in it equals, after `lowerCase`, one of the event's values of that field (of an array, any element at any depth).
 * Null: nothing can be relied on, the rule has no key. An empty list: the expression never matches.
 */
export function requiredKeys(expr: Expr, fields: readonly string[]): RequiredKey[] | null {
  const keys = keysOf(expr, fields);
  return keys?.some((key) => key.every((literal) => literal === null)) === true ? null : keys;
}

function keysOf(expr: Expr, fields: readonly string[]): RequiredKey[] | null {
  if (expr.kind === "constant") return expr.value ? null : [];
  if (expr.kind === "field") {
    const column = fields.indexOf(expr.field);
    if (column < 0 || expr.test.kind !== "equals") return null;
    const literal = lowerCase(expr.test.text);
    return [fields.map((_, each) => (each === column ? literal : null))];
  }
  if (expr.kind === "or") {
    const all: RequiredKey[] = [];
    for (const part of expr.any) {
      const keys = keysOf(part, fields);
      if (keys === null || all.length > maxKeys * 8) return null;
      for (const key of keys) all.push(key);
    }
    const unique = distinct(all);
    return unique.length > maxKeys ? null : unique;
  }
  if (expr.kind === "and") {
    let joined: RequiredKey[] | null = null;
    for (const part of expr.all) {
      const keys = keysOf(part, fields);
      if (keys !== null) joined = joined === null ? keys : join(joined, keys);
    }
    return joined;
  }
  // `not`: what makes a rule not match tells nothing about the events it does match.
  return null;
}

/** Both must hold. Where both know the same field the first is kept: in an array both may be true at once. */
function join(a: readonly RequiredKey[], b: readonly RequiredKey[]): RequiredKey[] {
  if (a.length * b.length > maxKeys) return [...(selectivity(a) >= selectivity(b) ? a : b)];
  return distinct(a.flatMap((left) => b.map((right) => left.map((literal, column) => literal ?? right[column] ?? null))));
}

/** How many fields every tuple knows; then, the fewer tuples the better. */
function selectivity(keys: readonly RequiredKey[]): number {
  return Math.min(...keys.map((key) => key.filter((literal) => literal !== null).length)) - keys.length / (maxKeys + 1);
}

function distinct(keys: readonly RequiredKey[]): RequiredKey[] {
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
}

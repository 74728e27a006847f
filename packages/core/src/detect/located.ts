import type { Expr } from "@corduroy/sigma";

/** An expression whose fields stand where a source has them. @param places where a field stands: at several places its values are taken together; none for one that the source never has */
export function located(expr: Expr, places: (field: string) => readonly string[]): Expr {
  const inside = (part: Expr): Expr => located(part, places);
  if (expr.kind === "and") return { kind: "and", all: expr.all.map(inside) };
  if (expr.kind === "or") return { kind: "or", any: expr.any.map(inside) };
  if (expr.kind === "not") return { kind: "not", not: inside(expr.not) };
  return expr.kind === "field" ? locatedField(expr, places) : expr;
}

/** Some value at some of the places; null only where all of them are. */
function locatedField({ field, test }: Expr & { kind: "field" }, places: (field: string) => readonly string[]): Expr {
  const tests = test.kind === "sameAs" ? places(test.field).map((other) => ({ ...test, field: other })) : [test];
  const parts = places(field).flatMap((place) => tests.map((each): Expr => ({ kind: "field", field: place, test: each })));
  if (parts.length === 0) return { kind: "constant", value: test.kind === "isNull" };
  if (parts.length === 1) return parts[0]!;
  return test.kind === "isNull" ? { kind: "and", all: parts } : { kind: "or", any: parts };
}

import type { Expr } from "@corduroy/sigma";

/** An expression whose fields stand where a source has them. @param names the source's place of each name that is none */
export function renamed(expr: Expr, names: Readonly<Record<string, string>>): Expr {
  const nameOf = (field: string): string => (Object.hasOwn(names, field) ? names[field]! : field);
  const inside = (part: Expr): Expr => renamed(part, names);
  if (expr.kind === "and") return { kind: "and", all: expr.all.map(inside) };
  if (expr.kind === "or") return { kind: "or", any: expr.any.map(inside) };
  if (expr.kind === "not") return { kind: "not", not: inside(expr.not) };
  if (expr.kind !== "field") return expr;
  return { kind: "field", field: nameOf(expr.field), test: expr.test.kind === "sameAs" ? { ...expr.test, field: nameOf(expr.test.field) } : expr.test };
}

import type { Expr } from "@corduroy/sigma";

/** An expression whose fields stand where a source has them. @param place where a field stands; null for one that the source never has */
export function located(expr: Expr, place: (field: string) => string | null): Expr {
  const inside = (part: Expr): Expr => located(part, place);
  if (expr.kind === "and") return { kind: "and", all: expr.all.map(inside) };
  if (expr.kind === "or") return { kind: "or", any: expr.any.map(inside) };
  if (expr.kind === "not") return { kind: "not", not: inside(expr.not) };
  if (expr.kind !== "field") return expr;
  const [field, other] = [place(expr.field), expr.test.kind === "sameAs" ? place(expr.test.field) : ""];
  if (field === null || other === null) return { kind: "constant", value: field === null && expr.test.kind === "isNull" };
  return { kind: "field", field, test: expr.test.kind === "sameAs" ? { ...expr.test, field: other } : expr.test };
}

import type { Expr } from "@corduroy/sigma";

/** An expression whose fields stand where a source has them. @param names the source's place of each name that is none */
export function renamed(expr: Expr, names: Readonly<Record<string, string>>): Expr {
  const nameOf = (field: string): string => (Object.hasOwn(names, field) ? names[field]! : field);
  switch (expr.kind) {
    case "and":
      return { kind: "and", all: expr.all.map((part) => renamed(part, names)) };
    case "or":
      return { kind: "or", any: expr.any.map((part) => renamed(part, names)) };
    case "not":
      return { kind: "not", not: renamed(expr.not, names) };
    case "field":
      return { kind: "field", field: nameOf(expr.field), test: expr.test.kind === "sameAs" ? { ...expr.test, field: nameOf(expr.test.field) } : expr.test };
    default:
      return expr;
  }
}

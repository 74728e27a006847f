import { lowerCase } from "./lower-case.ts";
import type { Expr, FieldTest, PatternPart } from "./tree.ts";

/** `field` is null when the literal may be in any value of the event. */
export interface RequiredLiteral {
  readonly field: string | null;
  /** Lower-cased, never empty. */
  readonly literal: string;
}

/** More alternatives than this are no filter any more. */
const maxLiterals = 1_024;

/**
 * What a text gate may rely on: if an event matches `expr`, then at least one of these literals occurs, after `lowerCase`
 * of the value, inside a value of its field. Null: no such bound. An empty list: the expression never matches.
 */
export function requiredLiterals(expr: Expr): RequiredLiteral[] | null {
  if (expr.kind === "constant") return expr.value ? null : [];
  if (expr.kind === "or") {
    const all: RequiredLiteral[] = [];
    for (const part of expr.any) {
      const literals = requiredLiterals(part);
      if (literals === null || all.length + literals.length > maxLiterals) return null;
      for (const literal of literals) all.push(literal);
    }
    return all;
  }
  if (expr.kind === "and") {
    let best: RequiredLiteral[] | null = null;
    for (const part of expr.all) {
      const literals = requiredLiterals(part);
      if (literals !== null && (best === null || isBetter(literals, best))) best = literals;
    }
    return best;
  }
  // What makes a rule not match tells nothing about the events it does match.
  if (expr.kind === "not") return null;
  const field = expr.kind === "field" ? expr.field : null;
  return literalsOf(expr.test)?.map((literal) => ({ field, literal })) ?? null;
}

/** The longer the shortest literal, the fewer events pass; then, the fewer alternatives the cheaper. */
function isBetter(a: readonly RequiredLiteral[], b: readonly RequiredLiteral[]): boolean {
  const shortest = (literals: readonly RequiredLiteral[]): number => Math.min(...literals.map(({ literal }) => literal.length));
  return shortest(a) > shortest(b) || (shortest(a) === shortest(b) && a.length < b.length);
}

function literalsOf(test: FieldTest): readonly string[] | null {
  if (test.kind === "regex") return test.required;
  const text = "text" in test ? test.text : test.kind === "like" ? longestText(test.parts) : "";
  return text === "" ? null : [lowerCase(text)];
}

function longestText(parts: readonly PatternPart[]): string {
  return parts.reduce((longest, part) => (part.kind === "text" && part.text.length > longest.length ? part.text : longest), "");
}

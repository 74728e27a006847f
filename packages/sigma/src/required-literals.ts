import { lowerCase } from "./lower-case.ts";
import type { Expr, FieldTest, PatternPart } from "./tree.ts";

/** `field` is null when the literal may be in any value of the event. */
export interface RequiredLiteral {
  readonly field: string | null;
  /** Lower-cased, never empty. */
  readonly literal: string;
}

/** How often a literal occurs, on any scale: of several bounds the rarest is taken. */
export type LiteralFrequency = (literal: RequiredLiteral) => number;

/** More alternatives than this are no filter any more. */
const maxLiterals = 1_024;

/** What is assumed without data: each further character halves how often a text occurs. */
export const guessedFrequency: LiteralFrequency = ({ literal }) => 2 ** -literal.length;

/**
 * What a text gate may rely on: if an event matches `expr`, then at least one of these literals occurs, after `lowerCase`
 * of the value, inside a value of its field. Null: no such bound. An empty list: the expression never matches.
 *
 * @param frequency asked for every literal that comes into question
 */
export function requiredLiterals(expr: Expr, frequency: LiteralFrequency = guessedFrequency): RequiredLiteral[] | null {
  if (expr.kind === "constant") return expr.value ? null : [];
  if (expr.kind === "or") {
    const all: RequiredLiteral[] = [];
    for (const part of expr.any) {
      const literals = requiredLiterals(part, frequency);
      if (literals === null || all.length + literals.length > maxLiterals) return null;
      for (const literal of literals) all.push(literal);
    }
    return all;
  }
  if (expr.kind === "and") {
    let best: RequiredLiteral[] | null = null;
    let least = Infinity;
    for (const part of expr.all) {
      const literals = requiredLiterals(part, frequency);
      if (literals === null) continue;
      const often = literals.reduce((sum, literal) => sum + frequency(literal), 0);
      if (best === null || often < least) [best, least] = [literals, often];
    }
    return best;
  }
  // What makes a rule not match tells nothing about the events it does match.
  if (expr.kind === "not") return null;
  const field = expr.kind === "field" ? expr.field : null;
  return literalsOf(expr.test)?.map((literal) => ({ field, literal })) ?? null;
}

function literalsOf(test: FieldTest): readonly string[] | null {
  if (test.kind === "regex") return test.required;
  const text = "text" in test ? test.text : test.kind === "like" ? longestText(test.parts) : "";
  return text === "" ? null : [lowerCase(text)];
}

function longestText(parts: readonly PatternPart[]): string {
  return parts.reduce((longest, part) => (part.kind === "text" && part.text.length > longest.length ? part.text : longest), "");
}

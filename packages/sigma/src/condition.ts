import type { Place } from "./rule.ts";

/** A condition as written: names are selections in a rule, and rule references in a correlation. */
export type ConditionNode =
  | { readonly kind: "name"; readonly name: string; readonly at: Place }
  /** `1 of pattern*` and `all of pattern*`; a null pattern is `them`. */
  | { readonly kind: "of"; readonly quantifier: "one" | "all"; readonly pattern: string | null; readonly at: Place }
  | { readonly kind: "and"; readonly parts: readonly ConditionNode[] }
  | { readonly kind: "or"; readonly parts: readonly ConditionNode[] }
  | { readonly kind: "not"; readonly part: ConditionNode };

/** Thrown by `parseCondition`; `offset` counts UTF-16 units from the start of the condition's text. */
export class ConditionError extends Error {
  readonly offset: number;
  readonly hint: string | undefined;
  constructor(offset: number, message: string, hint?: string) {
    super(message);
    this.offset = offset;
    this.hint = hint;
  }
}

interface Token {
  readonly text: string;
  readonly offset: number;
}

/** Deeper conditions are refused: the parser recurses, and so does everything after it. */
const maxDepth = 64;

/**
 * Parses one condition: `or` binds least, then `and`, `not`, and `1 of` / `all of`; keywords in any case.
 * `placeOf` turns an offset in the text into a place in the file. Throws `ConditionError`.
 */
export function parseCondition(text: string, placeOf: (offset: number) => Place): ConditionNode {
  const tokens = [...text.matchAll(/[()|]|[^\s()|]+/g)].map((found): Token => ({ text: found[0], offset: found.index }));
  let next = 0;
  const word = (): string | undefined => tokens[next]?.text.toLowerCase();
  const offset = (): number => tokens[next]?.offset ?? text.length;

  function binary(kind: "and" | "or", operand: (depth: number) => ConditionNode, depth: number): ConditionNode {
    const parts = [operand(depth)];
    while (word() === kind) {
      next++;
      parts.push(operand(depth));
    }
    return parts.length === 1 ? parts[0]! : { kind, parts };
  }
  const anyOf = (depth: number): ConditionNode => binary("or", allOf, depth);
  const allOf = (depth: number): ConditionNode => binary("and", operand, depth);

  function operand(depth: number): ConditionNode {
    if (depth > maxDepth) throw new ConditionError(offset(), `the condition is nested deeper than ${maxDepth} levels`);
    const token = tokens[next];
    const lower = word();
    if (token === undefined || lower === undefined) throw new ConditionError(text.length, "the condition ends too early", "a selection name is expected here");
    next++;
    if (lower === "not") return { kind: "not", part: operand(depth + 1) };
    if (lower === "(") {
      const inner = anyOf(depth + 1);
      if (word() !== ")") throw new ConditionError(offset(), "a closing parenthesis is missing");
      next++;
      return inner;
    }
    if (lower === "|") throw pipe(token.offset);
    if (lower === ")" || lower === "and" || lower === "or") throw new ConditionError(token.offset, `"${token.text}" stands where a selection name is expected`);
    return word() === "of" ? quantified(token) : plainName(token);
  }

  function quantified(quantifier: Token): ConditionNode {
    const lower = quantifier.text.toLowerCase();
    if (lower !== "1" && lower !== "any" && lower !== "all")
      throw new ConditionError(quantifier.offset, `"${quantifier.text} of" is not a Sigma condition`, "only `1 of`, `any of` and `all of` exist");
    next++;
    const pattern = tokens[next];
    if (pattern === undefined || /^[()|]$/.test(pattern.text))
      throw new ConditionError(offset(), `"${quantifier.text} of" must be followed by a name pattern or "them"`);
    next++;
    return {
      kind: "of", quantifier: lower === "all" ? "all" : "one", at: placeOf(quantifier.offset),
      pattern: pattern.text.toLowerCase() === "them" ? null : pattern.text,
    };
  }

  function plainName(token: Token): ConditionNode {
    if (token.text.includes("*"))
      throw new ConditionError(token.offset, `the pattern "${token.text}" needs a quantifier`, `write \`1 of ${token.text}\` or \`all of ${token.text}\``);
    return { kind: "name", name: token.text, at: placeOf(token.offset) };
  }

  const node = anyOf(0);
  const rest = tokens[next];
  if (rest === undefined) return node;
  if (rest.text === "|") throw pipe(rest.offset);
  throw new ConditionError(rest.offset, `"${rest.text}" is not expected here`, "join selections with `and`, `or` and `not`");
}

function pipe(offset: number): ConditionError {
  return new ConditionError(offset, "aggregations in a condition (|) were removed from Sigma", "write a correlation rule instead");
}

/** The names a condition mentions directly, in order, without those behind `of` patterns. */
export function conditionNames(node: ConditionNode): readonly { readonly name: string; readonly at: Place }[] {
  if (node.kind === "name") return [node];
  if (node.kind === "not") return conditionNames(node.part);
  return node.kind === "of" ? [] : node.parts.flatMap(conditionNames);
}

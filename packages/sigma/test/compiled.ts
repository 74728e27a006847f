import { compileRule, parseSigma, type Expr } from "../src/index.ts";
import { conditionText, unusedNames } from "./arbitraries.ts";
import { jsonText, JsonObject } from "./json-model.ts";
import type { NaiveRule } from "./naive.ts";

/** The rule as a Sigma file; selections the condition does not use are joined to it, since a rule may not have them. */
export function ruleText(rule: NaiveRule): string {
  const condition = [conditionText(rule.condition, "and"), ...unusedNames(rule)].join(" and ");
  const detection = new JsonObject([...rule.selections.pairs, ["condition", condition]]);
  return `title: Random\nid: random\nlogsource: {product: test}\ndetection: ${jsonText(detection)}\n`;
}

/** The rule as the naive matcher must see it after `ruleText`. */
export function usingAll(rule: NaiveRule): NaiveRule {
  return { ...rule, condition: { and: [rule.condition, ...unusedNames(rule).map((name) => ({ name }))] } };
}

/** Parses and compiles; a problem is a failure of the test. */
export function compiled(rule: NaiveRule): Expr {
  const text = ruleText(rule);
  const parsed = parseSigma(text, "random.yml");
  const result = parsed.rules[0] && compileRule(parsed.rules[0], { placeholders: rule.placeholders, fields: rule.fields });
  if (result?.expr === undefined) throw new Error(`${JSON.stringify([...parsed.problems, ...(result?.problems ?? [])])}\n${text}`);
  return result.expr;
}

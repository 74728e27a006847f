import { cidrTest } from "./cidr.ts";
import { anyDash, base64, base64offset, decoded, utf16, type EncodedPart } from "./encode.ts";
import { expandPattern, expandText, type Placeholders } from "./expand.ts";
import { readChain, type Chain } from "./modifiers.ts";
import { many, parsePattern, patternTest } from "./pattern.ts";
import { regexTest } from "./regex.ts";
import { quoteRegex } from "./regex-syntax.ts";
import type { DetectionItem, Place, RuleValue } from "./rule.ts";
import { and, never, not, or, type Expr, type FieldTest, type PatternPart, type Position, type TextTest } from "./tree.ts";
import { ValueError } from "./value-error.ts";

export type FieldMap = Readonly<Record<string, string | readonly string[]>>;

/** Compiles one `field|modifiers: values` line. What cannot be honoured goes to `report` with its place. */
export function itemExpr(item: DetectionItem, fields: FieldMap, placeholders: Placeholders, report: (at: Place, error: unknown) => void): Expr {
  let chain: Chain;
  try {
    chain = readChain(item.modifiers);
  } catch (error) {
    report(item.at, error);
    return never;
  }
  const names = item.field === null ? null : namesOf(item.field, fields);
  const values = item.values.map((value) => {
    try {
      return names === null ? keyword(value, chain, placeholders) : fieldValue(names, value, chain, fields, placeholders);
    } catch (error) {
      report(value.at, error);
      return never;
    }
  });
  const linked = chain.all ? and(values) : or(values);
  return chain.neq ? not(linked) : linked;
}

function namesOf(field: string, fields: FieldMap): readonly string[] {
  const mapped = Object.hasOwn(fields, field) ? fields[field] : undefined;
  return mapped === undefined ? [field] : typeof mapped === "string" ? [mapped] : mapped;
}

/** Several names are one field: any of their values may match, and it is null only if it is null under every name. */
function onField(names: readonly string[], test: FieldTest): Expr {
  const each = names.map((field): Expr => ({ kind: "field", field, test }));
  return test.kind === "isNull" ? and(each) : or(each);
}

function fieldValue(names: readonly string[], value: RuleValue, chain: Chain, fields: FieldMap, placeholders: Placeholders): Expr {
  const { meaning } = chain;
  if (meaning.kind === "exists") {
    if (value.kind !== "boolean") throw new ValueError("exists takes true or false");
    const exists = onField(names, { kind: "exists" });
    return value.value ? exists : not(exists);
  }
  if (value.kind === "null") {
    if (meaning.kind !== "text" || meaning.position !== "equals" || meaning.steps.length > 0 || chain.expand)
      throw new ValueError("null is not a text or a number that this modifier could take", "write the field without modifiers: null");
    return onField(names, { kind: "isNull" });
  }
  if (meaning.kind === "fieldref") {
    const pattern = value.kind === "text" ? parsePattern(value.text) : [];
    if (value.kind !== "text" || value.text === "" || pattern.some((part) => part.kind !== "text")) throw new ValueError("fieldref takes the name of a field, without wildcards");
    return or(namesOf(value.text, fields).map((field) => onField(names, { kind: "sameAs", field, how: meaning.position, cased: meaning.cased })));
  }
  return or(textTests(value, chain, meaning, placeholders, meaning.kind === "text" ? meaning.position : "equals").map((test) => onField(names, test)));
}

/** A keyword is looked for inside every value of the event, unless a modifier says where. */
function keyword(value: RuleValue, chain: Chain, placeholders: Placeholders): Expr {
  const { meaning } = chain;
  if (meaning.kind !== "text" && meaning.kind !== "regex" && meaning.kind !== "cidr") throw new ValueError("this modifier needs a field", "write the field's name before it");
  if (value.kind === "null") throw new ValueError("null is not a keyword");
  if (value.kind === "text" && value.text === "") throw new ValueError("an empty keyword would match every event");
  const position = meaning.kind === "text" && meaning.position !== "equals" ? meaning.position : "contains";
  return or(textTests(value, chain, meaning, placeholders, position).map((test): Expr => ({ kind: "keyword", test })));
}

type TextMeaning = Exclude<Chain["meaning"], { readonly kind: "exists" | "fieldref" }>;

/** The tests of which one must hold for the value to match. */
function textTests(value: Exclude<RuleValue, { readonly kind: "null" }>, chain: Chain, meaning: TextMeaning, placeholders: Placeholders, position: Position): TextTest[] {
  const text = value.kind === "boolean" ? String(value.value) : value.text;
  if (meaning.kind === "regex") return (chain.expand ? expandText(text, placeholders, quoteRegex) : [text]).map((source) => regexTest(source, meaning.flags));
  if (meaning.kind === "cidr") return (chain.expand ? expandText(text, placeholders, (network) => network) : [text]).map(cidrTest);
  if (meaning.kind === "compare") return [{ kind: "compare", op: meaning.op, number: numberOf(value, meaning.op) }];
  if (meaning.kind === "time") return [timeTest(meaning, numberOf(value, meaning.part))];
  if (value.kind === "number" && position === "equals" && meaning.steps.length === 0) return [{ kind: "number", number: value.text }];
  const patterns = value.kind !== "text" ? [[{ kind: "text", text } as const]] : chain.expand ? expandPattern(text, placeholders) : [parsePattern(text)];
  return patterns.flatMap((pattern) => encoded(pattern, meaning.steps)).map((pattern) => patternTest(placed(pattern, position), meaning.cased));
}

function encoded(pattern: readonly PatternPart[], steps: Extract<Chain["meaning"], { readonly kind: "text" }>["steps"]): PatternPart[][] {
  let variants: EncodedPart[][] = [[...pattern]];
  for (const step of steps)
    variants = variants.flatMap((parts) => {
      if (step === "windash") return [anyDash(parts)];
      return step === "base64" ? base64(parts) : step === "base64offset" ? base64offset(parts) : utf16(parts, step);
    });
  return variants.map(decoded);
}

function placed(pattern: readonly PatternPart[], position: Position): PatternPart[] {
  const before = position === "endsWith" || position === "contains" ? [many] : [];
  const after = position === "startsWith" || position === "contains" ? [many] : [];
  return [...before, ...pattern, ...after];
}

function numberOf(value: RuleValue, modifier: string): string {
  if (value.kind === "number") return value.text;
  throw new ValueError(`${modifier} takes a number`, value.kind === "text" && /^-?\d+(\.\d+)?$/.test(value.text) ? "remove the quotes" : undefined);
}

const ranges = { minute: [0, 59], hour: [0, 23], day: [1, 31], week: [1, 53], month: [1, 12], year: [0, 9999] } as const;

function timeTest({ part, op }: Extract<Chain["meaning"], { readonly kind: "time" }>, text: string): TextTest {
  const [least, most] = ranges[part];
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) throw new ValueError(`${part} takes a whole number between ${least} and ${most}`);
  return { kind: "timePart", part, op, value };
}

import { BlockList, isIP } from "node:net";
import { RE2JS } from "re2js";
import { lowerCase } from "../src/lower-case.ts";
import { getKey, JsonObject, Numeric, type Json } from "./json-model.ts";

/**
 * A Sigma matcher as simple as can be: it works on the rule as written and looks at one event at a time. It shares nothing
 * with the compiler but `lowerCase`, which a test of its own compares with the database.
 */
export type RuleCondition =
  | { readonly name: string }
  | { readonly quantifier: "1" | "all" | "any"; readonly pattern: string }
  | { readonly not: RuleCondition }
  | { readonly and: readonly RuleCondition[] }
  | { readonly or: readonly RuleCondition[] };

export interface NaiveRule {
  /** Selections as written. */
  readonly selections: JsonObject;
  readonly condition: RuleCondition;
  readonly placeholders: Readonly<Record<string, readonly (string | number)[]>>;
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Fields whose objects stand for all that is in them. */
  readonly opened?: readonly string[];
}

export function naiveMatch(rule: NaiveRule, event: Json): boolean {
  const selection = (name: string): boolean => matchSelection(getKey(rule.selections, name)!, event, rule);
  const evaluate = (node: RuleCondition): boolean => {
    if ("name" in node) return selection(node.name);
    if ("not" in node) return !evaluate(node.not);
    if ("and" in node) return node.and.every(evaluate);
    if ("or" in node) return node.or.some(evaluate);
    const names = rule.selections.pairs.map(([name]) => name).filter((name) => (node.pattern === "them" ? !name.startsWith("_") : name.startsWith(node.pattern.slice(0, -1))));
    return node.quantifier === "all" ? names.every(selection) : names.some(selection);
  };
  return evaluate(rule.condition);
}

function matchSelection(selection: Json, event: Json, rule: NaiveRule): boolean {
  if (Array.isArray(selection)) return selection.some((each) => (each instanceof JsonObject ? matchSelection(each, event, rule) : matchItem("", each as Json, event, rule)));
  if (!(selection instanceof JsonObject)) throw new Error("not a selection");
  return selection.pairs.every(([key, value]) => matchItem(key, value, event, rule));
}

function matchItem(key: string, given: Json, event: Json, rule: NaiveRule): boolean {
  const [field = "", ...modifiers] = key.split("|");
  const values: readonly Json[] = Array.isArray(given) ? given : [given];
  const one = (value: Json): boolean => (field === "" ? matchKeyword(value, modifiers, event, rule) : matchField(field, value, modifiers, event, rule));
  const matched = modifiers.includes("all") ? values.every(one) : values.some(one);
  return modifiers.includes("neq") ? !matched : matched;
}

function matchField(field: string, value: Json, modifiers: readonly string[], event: Json, rule: NaiveRule): boolean {
  const names = rule.fields[field] ?? [field];
  if (modifiers.includes("exists")) return names.some((name) => present(event, name)) === value;
  if (value === null) return names.every((name) => !present(event, name) || reached(event, name).includes(null));
  const texts = names.flatMap((name) => textsAt(event, name, rule));
  if (modifiers.includes("fieldref")) {
    const others = (rule.fields[value as string] ?? [value as string]).flatMap((name) => textsAt(event, name, rule));
    const fold = modifiers.includes("cased") ? (text: string) => text : lowerCase;
    return texts.some((text) => others.some((other) => compareTexts(fold(text), fold(other), modifiers)));
  }
  return texts.some((text) => matchText(text, value, modifiers, rule, false));
}

function compareTexts(left: string, right: string, modifiers: readonly string[]): boolean {
  if (modifiers.includes("contains")) return left.includes(right);
  if (modifiers.includes("startswith")) return left.startsWith(right);
  return modifiers.includes("endswith") ? left.endsWith(right) : left === right;
}

function matchKeyword(value: Json, modifiers: readonly string[], event: Json, rule: NaiveRule): boolean {
  return scalarTexts(leaves(event)).some((text) => matchText(text, value, modifiers, rule, true));
}

function leaves(node: Json): Json[] {
  if (Array.isArray(node)) return node.flatMap(leaves);
  return node instanceof JsonObject ? node.pairs.flatMap(([, inner]) => leaves(inner)) : [node];
}

function textsAt(event: Json, name: string, rule: NaiveRule): string[] {
  const found = reached(event, name);
  return scalarTexts(rule.opened?.includes(name) ? found.flatMap(leaves) : found);
}

/** Whether the key is there: as it is, or along its dots, through arrays. */
function present(event: Json, name: string): boolean {
  if (getKey(event, name) !== undefined) return true;
  const steps = name.split(".");
  return steps.length > 1 && along([event], steps.slice(0, -1)).some((node) => getKey(node, steps.at(-1)!) !== undefined);
}

/** Everything at the end of a field's name, arrays opened. */
function reached(event: Json, name: string): Json[] {
  const direct = getKey(event, name);
  return [...(direct === undefined ? [] : opened(direct)), ...(name.includes(".") ? along([event], name.split(".")) : [])];
}

function along(nodes: readonly Json[], steps: readonly string[]): Json[] {
  return steps.reduce<readonly Json[]>((found, step) => found.flatMap((node) => {
    const next = getKey(node, step);
    return next === undefined ? [] : opened(next);
  }), nodes) as Json[];
}

function opened(value: Json): Json[] {
  return Array.isArray(value) ? value.flatMap(opened) : [value];
}

function scalarTexts(values: readonly Json[]): string[] {
  return values.flatMap((value) => (typeof value === "string" ? [value] : typeof value === "boolean" ? [String(value)] : value instanceof Numeric ? [numberText(value.text)] : []));
}

/** A number's text: integers as written, others in the shortest form with a point or an exponent. */
function numberText(text: string): string {
  if (/^-?\d+$/.test(text)) return text === "-0" ? "0" : text;
  const number = Number(text);
  if (!Number.isFinite(number)) return text;
  const short = Object.is(number, -0) ? "-0" : String(number);
  return /[.e]/.test(short) ? short.replace("e+", "e") : `${short}.0`;
}

function matchText(text: string, value: Json, modifiers: readonly string[], rule: NaiveRule, keyword: boolean): boolean {
  const has = (name: string): boolean => modifiers.includes(name);
  const asText = value instanceof Numeric ? plain(value.text) : typeof value === "string" ? value : String(value === true);
  for (const part of ["minute", "hour", "day", "week", "month", "year"])
    if (has(part)) return matchTime(text, part, modifiers, Number(asText));
  for (const op of ["lt", "lte", "gt", "gte"]) if (has(op)) return isNumber(text) && compare(text, asText, op);
  if (has("re")) return expand(asText, has("expand"), rule, (found) => RE2JS.quote(found)).some((source) => RE2JS.compile(source, (has("i") ? 1 : 0) | (has("s") ? 2 : 0) | (has("m") ? 4 : 0)).matcher(text).find());
  if (has("cidr")) return expand(asText, has("expand"), rule, (found) => found).some((network) => inNetwork(text, network));
  const position = ["contains", "startswith", "endswith"].find(has) ?? (keyword ? "contains" : "equals");
  const encodings = modifiers.filter((modifier) => ["windash", "wide", "utf16", "utf16le", "utf16be", "base64", "base64offset"].includes(modifier));
  if (value instanceof Numeric && position === "equals" && encodings.length === 0) return isNumber(text) && sameNumber(text, asText);
  const sources = value instanceof Numeric || typeof value === "boolean" ? [Array.from(asText)] : expandTokens(asText, has("expand"), rule);
  return sources.flatMap((tokens) => encodings.reduce<Token[][]>((variants, encoding) => variants.flatMap((variant) => encode(variant, encoding)), [tokens])).some((found) => {
    const tokens = found.map((token) => (typeof token === "string" && token.length === 2 && token.startsWith(byteMark) ? token[1]! : token));
    const pattern: Token[] = [...(position === "contains" || position === "endswith" ? [star] : []), ...tokens, ...(position === "contains" || position === "startswith" ? [star] : [])];
    return has("cased") ? glob(pattern, Array.from(text)) : glob(pattern.map((token) => (typeof token === "string" ? lowerCase(token) : token)), Array.from(lowerCase(text)));
  });
}

interface Wildcard {
  readonly wildcard: "*" | "?";
}
const star: Wildcard = { wildcard: "*" };
const question: Wildcard = { wildcard: "?" };
/** A character, or a wildcard. */
type Token = string | Wildcard;

function tokens(text: string): Token[] {
  const found: Token[] = [];
  const characters = Array.from(text);
  while (characters.length > 0) {
    const character = characters.shift()!;
    if (character === "\\" && characters[0] !== undefined && "\\*?".includes(characters[0])) found.push(characters.shift()!);
    else found.push(character === "*" ? star : character === "?" ? question : character);
  }
  return found;
}

/** Dynamic programming over positions, one code point at a time. */
function glob(pattern: readonly Token[], text: readonly string[]): boolean {
  let reachable = [0];
  for (const token of pattern) {
    const [first] = reachable;
    if (first === undefined) return false;
    if (token === star) reachable = Array.from({ length: text.length - first + 1 }, (_, more) => first + more);
    else reachable = reachable.filter((from) => from < text.length && (token === question || token === text[from])).map((from) => from + 1);
  }
  return reachable.at(-1) === text.length;
}

/** Splits at placeholders: even elements are text, odd ones names. */
function placeholderParts(text: string): string[] {
  const parts = [""];
  for (let rest = text; rest !== ""; ) {
    const name = /^%(\w+)%/u.exec(rest);
    if (name) parts.push(name[1]!, "");
    const taken = name ? name[0] : rest.startsWith("\\%") || rest.startsWith("\\\\") ? rest.slice(0, 2) : Array.from(rest)[0]!;
    if (!name) parts[parts.length - 1] += taken === "\\%" ? "%" : taken;
    rest = rest.slice(taken.length);
  }
  return parts;
}

function product<Piece>(parts: readonly (readonly Piece[])[]): Piece[][] {
  return parts.reduce<Piece[][]>((found, choices) => found.flatMap((before) => choices.map((choice) => [...before, choice])), [[]]);
}

function expand(text: string, active: boolean, rule: NaiveRule, fill: (value: string) => string): string[] {
  if (!active) return [text];
  return product(placeholderParts(text).map((part, index) => (index % 2 === 0 ? [part] : rule.placeholders[part]!.map((value) => fill(String(value)))))).map((pieces) => pieces.join(""));
}

function expandTokens(text: string, active: boolean, rule: NaiveRule): Token[][] {
  if (!active) return [tokens(text)];
  return product(placeholderParts(text).map((part, index) => (index % 2 === 0 ? [tokens(part)] : rule.placeholders[part]!.map((value) => tokens(String(value)))))).map((pieces) => pieces.flat());
}

/** Bytes are carried as characters U+0000 to U+00FF, marked by a leading private-use character each. */
const byteMark = "\uE000";
const dashes = ["-", "/", "\u2013", "\u2014", "\u2015"];

function encode(value: readonly Token[], encoding: string): Token[][] {
  if (encoding === "windash") return product(value.map((token): readonly Token[] => (typeof token === "string" && dashes.includes(token) ? dashes : [token])));
  const bytes = (): number[] => value.flatMap((token) => {
    if (typeof token !== "string") throw new Error("wildcard");
    return token.startsWith(byteMark) && token.length === 2 ? [token.charCodeAt(1)] : [...new TextEncoder().encode(token)];
  });
  if (encoding === "base64") return [Array.from(Buffer.from(bytes()).toString("base64"))];
  if (encoding === "base64offset") return [0, 1, 2].map((before) => Array.from(commonBase64(bytes(), before)));
  const wide = value.flatMap((token): Token[] => (typeof token === "string" ? unit(token, encoding).map((byte) => byteMark + String.fromCharCode(byte)) : [token]));
  return [encoding === "utf16" ? [`${byteMark}\u00ff`, `${byteMark}\u00fe`, ...wide] : wide];
}

function unit(character: string, encoding: string): number[] {
  return Array.from({ length: character.length }, (_, index) => character.charCodeAt(index)).flatMap((code) => (encoding === "utf16be" ? [code >> 8, code & 255] : [code & 255, code >> 8]));
}

/** What stays the same in the Base64 text, whatever stands before and after: that is the definition of base64offset. */
function commonBase64(bytes: readonly number[], before: number): string {
  const texts = [0x00, 0xff, 0x5a].map((filler) => {
    const all = [...Array<number>(before).fill(filler), ...bytes];
    while (all.length % 3 !== 0) all.push(filler);
    return Buffer.from(all).toString("base64");
  });
  const same = Array.from(texts[0]!).map((character, index) => texts.every((text) => text[index] === character));
  return texts[0]!.slice(same.indexOf(true), same.lastIndexOf(true) + 1);
}

function isNumber(text: string): boolean {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text);
}

/** Plain notation of a rule's number; the tests write none with an exponent. */
function plain(text: string): string {
  const short = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return short === "-0" ? "0" : short;
}

/** Digits and scale of a plain notation, exact. */
function scaled(text: string, scale: number): bigint {
  const [whole = "", fraction = ""] = text.split(".");
  return BigInt(whole.replace("-", "") + fraction.padEnd(scale, "0")) * (text.startsWith("-") ? -1n : 1n);
}

function sameNumber(text: string, rule: string): boolean {
  if (/e/i.test(text)) return Number(text) === Number(rule);
  const scale = Math.max(text.length, rule.length);
  return scaled(text, scale) === scaled(rule, scale);
}

function compare(text: string, rule: string, op: string): boolean {
  const exact = /^-?\d+$/.test(text) && text.length <= 38 && rule.split(".")[0]!.length <= 38;
  const scale = rule.length;
  const [left, right] = exact ? [scaled(text, scale), scaled(rule, scale)] : [Number(text), Number(rule)];
  return op === "lt" ? left < right : op === "lte" ? left <= right : op === "gt" ? left > right : left >= right;
}

function inNetwork(text: string, network: string): boolean {
  const [address = "", bits] = network.split("/");
  const version = isIP(address);
  const bare = version === 6 ? text.split("%")[0]! : text;
  if (isIP(bare) !== version || isIP(text) !== version) return false;
  const list = new BlockList();
  const family = version === 4 ? "ipv4" : "ipv6";
  if (bits === "0") return true;
  list.addSubnet(address, Number(bits ?? (version === 4 ? 32 : 128)), family);
  return list.check(bare, family);
}

function matchTime(text: string, part: string, modifiers: readonly string[], value: number): boolean {
  const found = /^([1-9]\d{3})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)?)?$/.exec(text);
  if (!found) return false;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((digits) => Number(digits ?? 0)) as [number, number, number, number, number, number];
  const [offsetHour, offsetMinute] = [Number(found[8] ?? 0), Number(found[9] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return false;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return false;
  date.setTime(date.getTime() - (found[7] === "-" ? -1 : 1) * (offsetHour * 60 + offsetMinute) * 60_000);
  if (found[4] === undefined && (part === "hour" || part === "minute")) return false;
  const actual = { minute: date.getUTCMinutes(), hour: date.getUTCHours(), day: date.getUTCDate(), week: isoWeek(date), month: date.getUTCMonth() + 1, year: date.getUTCFullYear() }[part]!;
  const op = ["lt", "lte", "gt", "gte"].find((each) => modifiers.includes(each));
  return op === undefined ? actual === value : op === "lt" ? actual < value : op === "lte" ? actual <= value : op === "gt" ? actual > value : actual >= value;
}

/** The week with this date's Thursday in it, counted from the first week that has a Thursday in the year. */
function isoWeek(date: Date): number {
  const thursday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 3 - ((date.getUTCDay() + 6) % 7)));
  return 1 + Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / (7 * 86_400_000));
}

/** The values an index or a text gate would see for a field (null: every value of the event). */
export function naiveTexts(event: Json, field: string | null): string[] {
  return scalarTexts(field === null ? leaves(event) : reached(event, field));
}

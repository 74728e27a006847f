import fc, { type Arbitrary } from "fast-check";
import { JsonObject, Numeric, type Json } from "./json-model.ts";
import type { NaiveRule, RuleCondition } from "./naive.ts";

/** Few words, so that rules and events meet; many traps among them. */
const words = [
  "foo", "Foo", "FOO", "bar", "a", "A", "b", "%", "_", "'", '"', "\\", "\n", "\r", "\u0000", "/", "-", "\u2013", " ", ".", ",", "{", "}", "[", "]", "(", ")", "|", "$", "^", "+",
  "é", "É", "İ", "i", "ı", "ſ", "s", "K", "k", "Σ", "σ", "ς", "ẞ", "ß", "Ა", "\u{10d50}", "\u{10d70}", "😀", "\u2028", "\u0085", "\ufeff", "null", "true", "5", "4624", "--", ";", "%name%", "a%b", "x_y",
];
const word = fc.constantFrom(...words);
const plainText = fc.oneof({ weight: 4, arbitrary: fc.array(word, { maxLength: 3 }).map((parts) => parts.join("")) }, { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 6 }) });
const wildText = fc.array(fc.oneof({ weight: 3, arbitrary: word }, { weight: 2, arbitrary: fc.constantFrom("*", "?", "\\*", "\\?", "\\\\") }), { maxLength: 5 }).map((parts) => parts.join(""));
/** For encodings: characters only, wildcards escaped away. */
const encodable = fc.array(fc.constantFrom("foo", "Bar", "é", "😀", "-x", "\\*", "\\?", " ", "\\\\", "cmd.exe"), { minLength: 2, maxLength: 4 }).map((parts) => `abc${parts.join("")}`).filter((text) => (text.match(/-/g) ?? []).length <= 2);
const asciiText = fc.array(fc.constantFrom("f", "o", "*", "?", "\\*", "-"), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(""));

const numberTexts = ["0", "-0", "1", "5", "5.0", "5.00", "4624", "-7", "1.5", "-1.5", "1.50", "0.1", "1e2", "1E+2", "100", "100.0", "5e-1", "0.5", "9007199254740992", "9007199254740993", "9007199254740993.0", "18446744073709551615", "18446744073709551616", "123456789012345678901234567890", "99999999999999999999999999999999999999", "-99999999999999999999999999999999999999", "999999999999999999999999999999999999999", "1e400", "1e-400", "1e21", "1e-7", "0.30000000000000004", "0.3"];
const ruleNumberTexts = numberTexts.filter((text) => !/e/i.test(text));
const eventNumber = fc.oneof(fc.constantFrom(...numberTexts), fc.integer({ min: -12, max: 30 }).map(String)).map((text) => new Numeric(text));
const ruleNumber = fc.oneof(fc.constantFrom(...ruleNumberTexts), fc.integer({ min: -12, max: 30 }).map(String)).map((text) => new Numeric(text));

const addresses = ["10.0.0.1", "10.0.0.255", "10.128.0.1", "192.168.1.1", "010.0.0.1", "10.0.0.256", "1.2.3", "10.0.0.1 ", "::1", "::", "2001:db8::1", "2001:DB8:0:0:8000::1", "2001:db8:8000::", "::ffff:10.0.0.1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:10.0.0.1", "1::8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "fe80::1%eth0", "fe80::1%", "1:::2", "1::2::3", "12345::", "g::1", "AWS Internal"];
const networks = ["10.0.0.0/8", "10.0.0.0/9", "10.0.0.0/30", "10.0.0.1/32", "10.0.0.1", "0.0.0.0/0", "192.168.0.0/16", "2001:db8::/32", "2001:db8::/34", "::/0", "::1/128", "fe80::/10", "::ffff:0:0/96", "1:2:3:4::/62", "8000::/1"];
const moments = ["2024-01-01T23:30:00Z", "2024-01-01T23:30:00-05:00", "2024-12-31T23:59:59.999+0130", "2023-01-01", "2020-12-31T12:00:00.123456789Z", "2024-02-30T00:00:00Z", "2024-02-29T00:00Z", "2024-1-1T00:00:00Z", "2024-06-15 08:05:00", "2024-06-15T08:05:00+02", "1700000000", "2024-06-15T24:00:00Z", "2021-01-03T00:30:00+23:59", "0000-01-01T00:00:00Z", "9999-12-31T23:59:00-12:00"];
const regexes = ["foo", "^foo$", "fo+", "f.o", "(?:foo|bar)", "(a|b)+", "[a-z]+", "[^a]", "\\d+", "\\bfoo\\b", "foo\\.", "^$", "a{2,3}", "(?i)foo", "(?<n>ba)r", "\\x41", "[\\]_-]", "é", "^foo", "o$", "\\w+\\s?\\W", "(?s:.)", "k", "s", "a|", ".*?b", "[[:alpha:]]{1,2}", "\\\\", "\\p{Greek}", "[\\d%]", "\\/", "x*", "\\Aa", "o\\z"];

const text = fc.oneof({ weight: 6, arbitrary: plainText }, { weight: 1, arbitrary: fc.constantFrom(...addresses) }, { weight: 1, arbitrary: fc.constantFrom(...moments) }, { weight: 1, arbitrary: fc.constantFrom(...numberTexts, " 5", "05", "+5", "5.", ".5", "nan", "inf", "1_000") });
const scalar: Arbitrary<Json> = fc.oneof({ weight: 5, arbitrary: text }, { weight: 3, arbitrary: eventNumber }, { weight: 1, arbitrary: fc.boolean() }, { weight: 1, arbitrary: fc.constant(null) });

const simpleNames = ["a", "b", "c", "x-y", "k\"q'", "0", "~/", "*", "é", "$", "we ird", "NUL\u0000"];
const steps = ["a", "b", "0", "", "*", "~1", "x.y"];
export const fieldNames = [...simpleNames, "a.b", "a.b.c", "b.a", "a.0", "a..b", "a.", "a.*", "0.a", "b.~1", "a.x.y"];
const eventKey = fc.constantFrom(...simpleNames.slice(0, 4), "a", "b", ...steps, ...fieldNames);

/** Events nest through dotted names, arrays in arrays, literal keys with dots, and change types. */
export const event: Arbitrary<Json> = fc.letrec<{ value: Json; object: Json }>((tie) => ({
  value: fc.oneof({ maxDepth: 4, depthSize: "small" }, scalar, fc.array(tie("value"), { maxLength: 3 }), tie("object")),
  object: fc.uniqueArray(fc.tuple(eventKey, tie("value")), { maxLength: 5, selector: ([key]) => key }).map((pairs) => new JsonObject(pairs)),
})).object;

/** Values that the narrower modifiers are after: addresses, timestamps, numbers, and Base64 at every alignment. */
const aimed: Arbitrary<Json> = fc.oneof(
  scalar, fc.constantFrom(...addresses), fc.constantFrom(...moments), eventNumber, fc.constantFrom(...numberTexts),
  fc.tuple(fc.constantFrom("", "~", "~o", "~~o"), encodable, fc.constantFrom("", "~", "o~"), fc.constantFrom<BufferEncoding>("utf8", "utf16le")).map(([before, value, after, encoding]) => Buffer.from(before + value.replaceAll(/\\([*?\\])/g, "$1") + after, encoding).toString("base64")),
);

/** Events whose only fields are scalars under three names, for access by columns. */
export const flatEvent: Arbitrary<Json> = fc.tuple(aimed, aimed, fc.option(aimed, { nil: undefined })).map(([a, b, c]) => new JsonObject([["a", a], ["b", b], ...(c === undefined ? [] : [["c", c] as const])]));

const optional = (modifier: string): Arbitrary<string[]> => fc.constantFrom([], [modifier]);
const chain = (...parts: Arbitrary<string[]>[]): Arbitrary<string[]> => fc.tuple(...parts).map((found) => found.flat());
const fixed = (...modifiers: string[]): Arbitrary<string[]> => fc.constant(modifiers);
const position = fc.constantFrom<string[]>([], ["contains"], ["startswith"], ["endswith"]);
const linking = fc.constantFrom<string[]>([], [], [], ["all"], ["neq"], ["all", "neq"]);

/** A chain of modifiers with values that fit it. */
function chained(modifiers: Arbitrary<string[]>, value: Arbitrary<Json>, most = 3): Arbitrary<[string, Json]> {
  const values = fc.oneof({ weight: 2, arbitrary: value }, { weight: 1, arbitrary: fc.array(value, { minLength: 1, maxLength: most }) });
  return fc.tuple(modifiers, values).map(([found, given]) => [found.map((modifier) => `|${modifier}`).join(""), given]);
}

const placeholders = { name: ["foo", "b*r", 5], dash: ["-"], net: ["10.0.0.0/8", "::1"] };
const expandable = fc.array(fc.oneof(word, fc.constantFrom("%name%", "%dash%", "\\%", "*", "\\\\", "100%")), { maxLength: 3 }).map((parts) => parts.join("")).filter((found) => [...found.matchAll(/\\[\\%]|%(\w+)%|./gsu)].every(([, name]) => name === undefined || name === "name" || name === "dash"));
const manyTexts: Arbitrary<[string, Json]> = fc.tuple(fc.constantFrom("", "|contains", "|startswith", "|endswith", "|cased"), fc.array(plainText, { minLength: 5, maxLength: 8 }));

const textItem = fc.oneof(
  { weight: 5, arbitrary: chained(chain(position, optional("cased"), linking), fc.oneof(wildText, plainText)) },
  { weight: 2, arbitrary: chained(chain(fixed("re"), optional("i"), optional("m"), optional("s"), linking), fc.constantFrom(...regexes)) },
  { weight: 1, arbitrary: chained(chain(optional("windash"), position, linking), wildText.filter((found) => (found.match(/[-/\u2013]/g) ?? []).length <= 3)) },
  { weight: 3, arbitrary: chained(chain(fc.constantFrom<string[]>([], ["wide"], ["utf16le"], ["utf16be"], ["utf16"], ["windash"]), fc.constantFrom(["base64"], ["base64offset"]), position), encodable, 2) },
  { weight: 1, arbitrary: chained(chain(fc.constantFrom(["wide"], ["utf16be"], ["utf16le"]), position), asciiText, 2) },
  { weight: 1, arbitrary: chained(chain(fixed("expand"), position), expandable) },
  { weight: 3, arbitrary: chained(fc.constantFrom(["cidr"], ["cidr", "neq"]), fc.constantFrom(...networks)) },
  { weight: 1, arbitrary: chained(fixed("cidr", "expand"), fc.constant("%net%")) },
  { weight: 1, arbitrary: chained(fixed("re", "expand"), fc.constantFrom("^%name%$", "x?%name%", "[a-z]%dash%")) },
  { weight: 2, arbitrary: manyTexts },
);

const fieldItem = (names: readonly string[]): Arbitrary<[string, Json]> =>
  fc.tuple(fc.constantFrom(...names), fc.oneof(
    { weight: 12, arbitrary: textItem },
    { weight: 4, arbitrary: chained(linking, fc.oneof(ruleNumber, fc.boolean(), fc.constant(null), wildText)) },
    { weight: 2, arbitrary: chained(chain(fc.constantFrom(["lt"], ["lte"], ["gt"], ["gte"]), optional("all")), ruleNumber) },
    { weight: 1, arbitrary: chained(chain(fc.constantFrom(["hour"], ["minute"], ["day"], ["month"], ["week"]), fc.constantFrom<string[]>([], ["gte"], ["lt"]), optional("neq")), fc.integer({ min: 1, max: 12 }).map((number) => new Numeric(String(number)))) },
    { weight: 1, arbitrary: chained(fixed("year", "lte"), fc.constantFrom(new Numeric("2023"), new Numeric("2024"))) },
    { weight: 1, arbitrary: fc.boolean().map((value): [string, Json] => ["|exists", value]) },
    { weight: 2, arbitrary: chained(chain(fixed("fieldref"), position, optional("cased"), optional("neq")), fc.constantFrom(...names.filter((name) => !/[*?\\]/.test(name)))) },
  )).map(([name, [modifiers, value]]) => [name + modifiers, value]);

const keyword = wildText.filter((found) => found !== "");
const keywordItem: Arbitrary<[string, Json]> = chained(fc.constantFrom<string[]>([], ["all"], ["startswith"], ["cased"], ["endswith"]), keyword).map(([modifiers, value]) => [modifiers === "" ? "|contains" : modifiers, value]);
const keywordRegex: Arbitrary<[string, Json]> = chained(fixed("re"), fc.constantFrom(...regexes));

function mapOf(item: Arbitrary<[string, Json]>): Arbitrary<Json> {
  return fc.uniqueArray(item, { minLength: 1, maxLength: 3, selector: ([key]) => key }).map((pairs) => new JsonObject(pairs));
}

const keyValue = fc.constantFrom<Json>("foo", "FOO", "bar", "é", "É", "İ", "a*", "", "5");
const keyValues = fc.oneof({ weight: 3, arbitrary: keyValue }, fc.array(keyValue, { maxLength: 2 }) as Arbitrary<Json>);

/** An event with the fields and values of keyed rules. */
export const keyedEvent: Arbitrary<Json> = fc.tuple(keyValues, fc.oneof(keyValues, keyValues.map((value) => new JsonObject([["b", value]])))).map(([b, a]) => new JsonObject([["a", a], ["b", b]]));

/** A rule that an index can have a key for: mostly equal values of few fields. */
export function keyedRule(names: readonly string[]): Arbitrary<NaiveRule> {
  const value = fc.oneof({ weight: 19, arbitrary: keyValue }, { weight: 1, arbitrary: ruleNumber });
  const values = fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 }) as Arbitrary<Json>);
  const item = fc.tuple(fc.constantFrom(...names), fc.constantFrom("", "", "", "", "|cased", "|contains", "|all"), values).map(([name, modifier, given]): [string, Json] => [name + modifier, given]);
  return ruleOf(() => fc.oneof(mapOf(item), fc.array(mapOf(item), { minLength: 1, maxLength: 2 }) as Arbitrary<Json>));
}

function selection(names: readonly string[], keywords: boolean): Arbitrary<Json> {
  const map = mapOf(fieldItem(names));
  const maps = fc.array(map, { minLength: 1, maxLength: 2 }) as Arbitrary<Json>;
  if (!keywords) return fc.oneof({ weight: 4, arbitrary: map }, maps);
  const list = fc.array(fc.oneof(keyword as Arbitrary<Json>, ruleNumber as Arbitrary<Json>, map), { minLength: 1, maxLength: 3 }) as Arbitrary<Json>;
  return fc.oneof({ weight: 8, arbitrary: map }, { weight: 2, arbitrary: maps }, list, mapOf(fc.oneof(keywordItem, keywordRegex)));
}

const selectionNames = ["sel", "sel_1", "sel_2", "filter", "_hidden"];

function condition(names: readonly string[]): Arbitrary<RuleCondition> {
  const leaf: Arbitrary<RuleCondition> = fc.constantFrom(...names).map((name) => ({ name }));
  const patterns = ["them", "sel*", "filter*", "_*"].filter((pattern) => names.some((name) => (pattern === "them" ? !name.startsWith("_") : name.startsWith(pattern.slice(0, -1)))));
  const of = fc.tuple(fc.constantFrom("1" as const, "any" as const, "all" as const), fc.constantFrom(...patterns)).map(([quantifier, pattern]): RuleCondition => ({ quantifier, pattern }));
  return fc.letrec<{ node: RuleCondition }>((tie) => ({
    node: fc.oneof({ maxDepth: 3, depthSize: "small" }, { weight: 2, arbitrary: leaf }, of, tie("node").map((not): RuleCondition => ({ not })), fc.array(tie("node"), { minLength: 2, maxLength: 3 }).map((and): RuleCondition => ({ and })), fc.array(tie("node"), { minLength: 2, maxLength: 3 }).map((or): RuleCondition => ({ or }))),
  })).node;
}

export function rule(names: readonly string[], keywords: boolean): Arbitrary<NaiveRule> {
  return ruleOf(() => selection(names, keywords), [{ a: ["b", names[2]!] }, { b: ["a"] }]);
}

/** One line on the field `a`: nothing else hides what it does. */
export const lineRule: Arbitrary<NaiveRule> = fieldItem(["a", "a", "a", "b"]).map((pair): NaiveRule => ({ selections: new JsonObject([["sel", new JsonObject([pair])]]), condition: { name: "sel" }, placeholders, fields: {} }));

function ruleOf(selectionOf: () => Arbitrary<Json>, mappings: readonly Record<string, readonly string[]>[] = []): Arbitrary<NaiveRule> {
  return fc.uniqueArray(fc.constantFrom(...selectionNames), { minLength: 1, maxLength: 3 }).chain((found) =>
    fc.tuple(fc.tuple(...found.map(selectionOf)), condition(found), fc.constantFrom<Record<string, readonly string[]>>({}, ...mappings)).map(([values, chosen, fields]): NaiveRule => ({
      selections: new JsonObject(found.map((name, index) => [name, values[index]!])), condition: chosen, placeholders, fields,
    })));
}

/** A condition's text, with only the parentheses that precedence needs. */
export function conditionText(node: RuleCondition, within: "or" | "and" | "not" = "or"): string {
  if ("name" in node) return node.name;
  if ("quantifier" in node) return `${node.quantifier} of ${node.pattern}`;
  if ("not" in node) return `not ${conditionText(node.not, "not")}`;
  if ("and" in node) return wrapped(node.and.map((part) => conditionText(part, "and")).join(" and "), within === "not");
  return wrapped(node.or.map((part) => conditionText(part, "or")).join(" or "), within !== "or");
}

function wrapped(text: string, wrap: boolean): string {
  return wrap ? `(${text})` : text;
}

/** The names a condition leaves unused, which a rule may not. */
export function unusedNames(rule: NaiveRule): string[] {
  const used = (node: RuleCondition): string[] => {
    if ("name" in node) return [node.name];
    if ("not" in node) return used(node.not);
    if ("and" in node) return node.and.flatMap(used);
    if ("or" in node) return node.or.flatMap(used);
    return rule.selections.pairs.map(([name]) => name).filter((name) => (node.pattern === "them" ? !name.startsWith("_") : name.startsWith(node.pattern.slice(0, -1))));
  };
  const found = used(rule.condition);
  return rule.selections.pairs.map(([name]) => name).filter((name) => !name.startsWith("_") && !found.includes(name));
}

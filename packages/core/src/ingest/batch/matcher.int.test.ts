import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileRule, jsonAccess, parseSigma, printDuckdb, type Expr } from "@corduroy/sigma";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadRules, Matcher, planRules, type DetectionRule } from "../../detect/index.ts";
import { Engine } from "../../lake/index.ts";
import { sourceById, type Column, type SourceDefinition } from "../../sources/index.ts";
import { registerRecords } from "./records.ts";
import { Rows } from "./rows.ts";
import { batchSelect } from "./table.ts";

/**
 * The matcher takes short cuts: an index, columns instead of JSON, one look at the first byte for arrays. Here it must give exactly
 * what each rule gives by itself through the general JSON access, with the objects that the source opens, which `packages/sigma` holds against a naive matcher.
 */

const cloudtrail = sourceById("aws.cloudtrail")!;
const generic = sourceById("generic.json")!;
const text = sourceById("generic.text")!;

const word = fc.constantFrom("iam.amazonaws.com", "s3.amazonaws.com", "CreateUser", "GetObject", "PutObject", "Root", "AssumedRole", "alice", "ALICE", "[S3Console/0.4]", '["iam.amazonaws.com"]', "{}", "", "AccessDenied", "true", "203.0.113.7");
const scalar = fc.oneof({ weight: 6, arbitrary: word }, fc.constant(null), fc.boolean(), fc.integer({ min: -2, max: 12 }));
/** Few, so that rules with a key meet events that have it. */
const keySource = fc.constantFrom("iam.amazonaws.com", "s3.amazonaws.com");
const keyOperation = fc.constantFrom("CreateUser", "PutObject");
const value = fc.oneof({ weight: 8, arbitrary: scalar }, fc.array(scalar, { maxLength: 3 }), fc.record({ inner: scalar }), fc.array(fc.record({ inner: scalar, type: scalar }), { maxLength: 2 }));
const field: fc.Arbitrary<string> = fc.constantFrom("eventSource", "eventName", "errorCode", "userAgent", "sourceIPAddress", "userIdentity.type", "userIdentity.arn", "userIdentity.sessionContext.sessionIssuer.userName", "requestParameters.name", "requestParameters.items.inner", "requestParameters", "Image", "image", "a.b.c", "A.b.d", "a.B.c", "a.0.c", "readOnly");

/** Sets a member under a dotted name, as nested objects or as one literal key. */
function put(record: Record<string, unknown>, name: string, content: unknown, literal: boolean): void {
  if (literal) {
    record[name] = content;
    return;
  }
  const steps = name.split(".");
  let at = record;
  for (const step of steps.slice(0, -1)) {
    const next = at[step];
    if (typeof next !== "object" || next === null || Array.isArray(next)) at[step] = {};
    at = at[step] as Record<string, unknown>;
  }
  at[steps.at(-1)!] = content;
}

const event = fc
  .array(fc.record({ name: field, content: value, literal: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0) }), { maxLength: 8 })
  .chain((members) => fc.record({ members: fc.constant(members), source: fc.option(keySource), operation: fc.option(keyOperation), wrap: fc.constantFrom("none", "none", "none", "userIdentity", "requestParameters") }))
  .map(({ members, source, operation, wrap }) => {
    const record: Record<string, unknown> = { ...(source && { eventSource: source }), ...(operation && { eventName: operation }) };
    for (const { name, content, literal } of members) put(record, name, content, literal);
    // A parent that is an array: the way to the field leads through each element.
    if (wrap !== "none" && record[wrap] !== undefined) record[wrap] = [record[wrap], { type: "Root" }];
    return record;
  });

const test1 = fc.record({ name: field, modifier: fc.constantFrom("", "", "|contains", "|startswith", "|endswith", "|exists", "|re", "|cased", "|lt"), content: word });
const rule = fc.record({
  source: fc.option(fc.oneof(keySource, word), { nil: undefined }),
  operation: fc.option(fc.array(fc.oneof(keyOperation, word), { minLength: 1, maxLength: 3 }), { nil: undefined }),
  tests: fc.array(test1, { minLength: 1, maxLength: 3 }),
  condition: fc.constantFrom("key and sel", "key and sel", "key and not sel", "key or sel", "not key", "sel", "key and (sel or kw)", "kw"),
  keyword: word,
});

/** Sometimes one of them many times over: what many rules read is extracted elsewhere. */
const manyRules = fc.record({ some: fc.array(rule, { minLength: 1, maxLength: 12 }), copies: fc.constantFrom(0, 0, 16) }).map(({ some, copies }) => [...some, ...Array.from({ length: copies }, () => some[0]!)]);

interface Drawn {
  source: string | undefined;
  operation: string[] | undefined;
  tests: { name: string; modifier: string; content: string }[];
  condition: string;
  keyword: string;
}

function compiled(rules: readonly Drawn[]): DetectionRule[] {
  const made: DetectionRule[] = [];
  for (const { source, operation, tests, condition, keyword } of rules) {
    const selection = Object.fromEntries(
      tests.map(({ name, modifier, content }) => [`${name}${modifier}`, modifier === "|exists" ? content.length % 2 === 0 : modifier === "|lt" ? content.length : modifier === "|re" ? content.replaceAll(/[^a-zA-Z]/g, ".") : content === "" ? null : content]),
    );
    const detection: Record<string, unknown> = { condition };
    if (condition.includes("key")) detection["key"] = { ...(source === undefined ? {} : { eventSource: source }), ...(operation === undefined ? { "eventName|exists": true } : { eventName: operation }) };
    if (condition.includes("sel")) detection["sel"] = selection;
    if (condition.includes("kw")) detection["kw"] = [keyword === "" ? "alice" : keyword];
    const text = JSON.stringify({ title: "t", id: crypto.randomUUID(), logsource: { product: "aws" }, detection });
    const [parsed] = parseSigma(text, "rule.yml").rules;
    const expr: Expr | undefined = parsed && compileRule(parsed).expr;
    if (!expr) continue;
    made.push({
      no: made.length, file: "rule.yml", line: 1, logsource: { product: "aws" }, expr, groupBy: "identity", status: null, author: null,
      summary: { id: `rule-${made.length}`, title: "t", level: "low", tags: [], description: "", falsepositives: [], references: [], check: [], respond: [] },
    });
  }
  return made;
}

/** @param alone whether to ask each rule by itself, too, which only JSON can be */
async function matches(source: SourceDefinition, rules: DetectionRule[], batches: string[][], alone = true): Promise<{ got: string[]; wanted: string[] }> {
  const engine = await Engine.open(tmpdir());
  try {
    const rows = new Rows(false);
    await registerRecords(engine, rows);
    const plan = planRules(source, rules);
    const select = batchSelect(source, plan, null);
    await engine.once(`CREATE TABLE batch AS ${select} LIMIT 0`);
    const matcher = await Matcher.create(engine, plan);
    const got: string[] = [];
    const wanted: string[] = [];
    for (const [number, records] of batches.entries()) {
      rows.clear();
      records.forEach((record, index) => {
        const buffer = Buffer.from(record);
        rows.add({ buffer, start: 0, end: buffer.length, no: index + 1 }, { location: "x", version: "1", modified: 0, labelled: true, header: null }, null);
      });
      await engine.run(`INSERT INTO batch ${select}`);
      await matcher.match();
      for (const [rn, no] of await engine.rows("SELECT rn, rule FROM matches")) got.push(`${number}/${String(rn)}/${String(no)}`);
      const one = rules.map((each) => `SELECT rn, ${each.no} AS rule FROM (SELECT rn, coalesce(replaced, raw) AS json FROM records) WHERE ${printDuckdb(each.expr, jsonAccess("json", source.opened))}`);
      if (alone) for (const [rn, no] of await engine.rowsOnce(one.join(" UNION ALL "))) wanted.push(`${number}/${String(rn)}/${String(no)}`);
      await matcher.clear();
      await engine.run("DELETE FROM batch");
      await engine.once("CHECKPOINT");
    }
    return { got: got.sort(), wanted: wanted.sort() };
  } finally {
    engine.close();
  }
}

/** A record's text with `content` at the end of nested objects, one for each step of a dotted name. */
function nested(name: string, content: string): string {
  return name.split(".").reverse().reduce((inside, key) => `{${JSON.stringify(key)}:${inside}}`, content);
}

test.each([cloudtrail, generic])("$id: the matcher finds what each rule finds alone, over changing batches", async (source) => {
  await fc.assert(
    fc.asyncProperty(manyRules, fc.array(fc.array(event, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 3 }), async (drawn, batches) => {
      const rules = compiled(drawn);
      if (rules.length === 0) return;
      const { got, wanted } = await matches(source, rules, batches.map((events) => events.map((each) => JSON.stringify(each))));
      expect(got).toEqual(wanted);
    }),
    { numRuns: 25 },
  );
});

test("a field may stand at its path and under its whole name, one of them null", async () => {
  const rules = compiled([{ source: undefined, operation: undefined, tests: [{ name: "a.b.c", modifier: "", content: "" }], condition: "sel", keyword: "" }]);
  const events = ['{"a":{"b":{"c":null}},"a.b.c":"foo"}', '{"a":{"b":{"c":"foo"}},"a.b.c":null}', '{"a.b.c":"foo"}', '{"a":{"b":{"c":"foo"}}}', '{"a":{"x":1},"a.b.c":"foo"}'];
  const { got, wanted } = await matches(generic, rules, [events]);
  expect(wanted).toEqual(["0/0/0", "0/1/0"]);
  expect(got).toEqual(wanted);
});

test.each([cloudtrail, generic])("$id: names that JavaScript or JSON write in their own way are fields like others", async (source) => {
  const names = ["__proto__", "a.__proto__.b", "constructor", "toString.name", "gr\u00f6\u00dfe.wert", 'quo"te.x', "back\\slash.x", "sla/sh.x", "til~de.x"];
  const rules = compiled(names.map((name) => ({ source: undefined, operation: undefined, tests: [{ name, modifier: "", content: "alice" }], condition: "sel", keyword: "" })));
  expect(rules).toHaveLength(names.length);
  const events = names.flatMap((name) => [nested(name, '"alice"'), `{${JSON.stringify(name)}:"alice"}`, nested(name, '["bob","alice"]'), nested(name, '"bob"')]);
  const escaped = '{"gr\\u00f6\\u00dfe":[{"wert":"alice"}],"sla\\/sh":[{"x":"alice"}]}';
  const { got, wanted } = await matches(source, rules, [[...events, escaped]]);
  expect(got).toEqual(wanted);
  expect(got.length).toBeGreaterThanOrEqual(3 * names.length);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test("an opened object has the values in it, whichever road its rule takes, and not its keys", async () => {
  const asked = (name: string, condition: string): Drawn => ({ source: "iam.amazonaws.com", operation: ["CreateUser"], tests: [{ name, modifier: "|contains", content: "SUSPEND" }], condition, keyword: "" });
  const rules = compiled([asked("requestParameters", "key and sel"), asked("requestParameters", "key and not sel"), asked("requestParameters", "sel"), asked("responseElements", "sel"), asked("userIdentity", "key and sel")]);
  const call = (members: Record<string, unknown>): string => JSON.stringify({ eventSource: "iam.amazonaws.com", eventName: "CreateUser", ...members });
  const inside = { list: [[7, { Status: '"Suspended"' }]] };
  const { got, wanted } = await matches(cloudtrail, rules, [[call({ requestParameters: inside }), call({ requestParameters: { Suspended: 1 } }), call({ requestParameters: "suspended" }), call({ requestParameters: null, responseElements: inside }), call({ userIdentity: inside })]]);
  expect(got).toEqual(["0/0/0", "0/0/2", "0/1/1", "0/2/0", "0/2/2", "0/3/1", "0/3/3", "0/4/1"]);
  expect(wanted).toEqual(got);
});

describe("columns that hold what the record has otherwise", () => {
  const one = (name: string, modifier: string, content: string, condition = "sel", keyword = ""): Drawn => ({ source: undefined, operation: undefined, tests: [{ name, modifier, content }], condition, keyword });
  /** Rule 0 to 9, each for itself; `|exists` asks for presence where the text has an even length. */
  const rules = compiled([
    one("kind", "", "path"), one("kind", "|endswith", "VE"), one("kind", "|re", "AVC"), one("kind", "", ""), one("kind", "|exists", "ab"), one("kind", "", "PATH", "not sel"),
    one("secret", "", "Hello"), one("secret", "|exists", "ab"), one("kind", "", "PATH", "sel and kw", "ello"), one("secret", "", "hello", "sel and kw", "PATH"),
  ]);
  const columns = (kinds: string, secret: string): Column[] => [
    { name: "kinds", type: "VARCHAR[]", sql: kinds, field: "kind", whole: true },
    { name: "secret", type: "VARCHAR", sql: secret, field: "secret", whole: true },
  ];

  test("of text: a list has several values, and keywords see what is decoded", async () => {
    const source: SourceDefinition = {
      ...text, fields: { time: "NULL" }, text: { recognises: () => true, part: "string_split(line, ' ')", decoded: "[secret]" },
      columns: [...text.columns, ...columns("list_filter(part, lambda word: word = upper(word))", "reverse(nullif(part[1], upper(part[1])))")],
    };
    const { got } = await matches(source, rules, [["PATH EXECVE", "olleH PATH", "AVC", "olleh nothing"]], false);
    expect(got).toEqual(["0/0/0", "0/0/1", "0/0/4", "0/1/0", "0/1/4", "0/1/6", "0/1/7", "0/1/8", "0/1/9", "0/2/2", "0/2/4", "0/2/5", "0/3/3", "0/3/5", "0/3/6", "0/3/7"]);
  });

  test("of JSON: they are read in odd rows as well, and nothing else is", async () => {
    const source: SourceDefinition = { ...generic, columns: [...generic.columns, ...columns("list_filter(json_keys(json), lambda key: key = upper(key))", "reverse(json->>'$.word')")] };
    const records = ['{"PATH":{"x":1},"EXECVE":2}', '{"word":"olleH","PATH":[1],"user":["odd"]}', '{"AVC":1,"kind":"PATH"}', '{"word":"olleh","user":"[1]","secret":"none"}'];
    const { got } = await matches(source, [...rules, ...compiled([one("user", "", "odd")]).map((rule) => ({ ...rule, no: 10 }))], [records]);
    expect(got.filter((each) => !each.endsWith("/8") && !each.endsWith("/9"))).toEqual(["0/0/0", "0/0/1", "0/0/4", "0/1/0", "0/1/10", "0/1/4", "0/1/6", "0/1/7", "0/2/2", "0/2/4", "0/2/5", "0/3/3", "0/3/5", "0/3/6", "0/3/7"]);
  });
});

const samples = process.env["CORDUROY_SAMPLES"];

test.skipIf(!samples).each([cloudtrail, generic])("$id: all sample rules at once find what each finds alone", { timeout: 300_000 }, async (source) => {
  const { rules } = await loadRules([join(samples!, "sigma-rules")]);
  const events = rules.slice(0, 40).map((_, index) => JSON.stringify({
    eventSource: "iam.amazonaws.com", eventName: index % 2 ? "CreateUser" : "PutObject", userIdentity: { type: "Root" }, CommandLine: index % 3 ? "powershell -enc" : null, properties: { message: "x", Message: index },
  }));
  const { got, wanted } = await matches(source, rules, [events]);
  expect(got).toEqual(wanted);
});

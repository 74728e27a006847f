import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_PROBLEMS, below, shown } from "./problem.ts";
import { apiActivity, authentication, detectionFinding, validEvents } from "./test/valid-events.ts";
import { validate } from "./validate.ts";

const codes = (event: unknown): Set<string> => new Set(validate(event).map(({ code }) => code));

/** A chain of parent processes, as JSON text: built by hand so that the test's own recursion is no limit. */
function processes(depth: number): unknown {
  return JSON.parse('{"pid":1,"parent_process":'.repeat(depth) + '{"pid":1}' + "}".repeat(depth));
}

describe("never throws", () => {
  test("on any JSON value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(Array.isArray(validate(value))).toBe(true);
      }),
    );
  });

  test("on a valid event with any JSON value under any of its own or any other name", () => {
    const name = fc.oneof(fc.constantFrom("__proto__", "constructor", "toString", "metadata", "user", "unmapped", "type_uid", "profiles"), fc.string());
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(validEvents)), fc.dictionary(name, fc.jsonValue()), (event, extra) => {
        const problems = validate({ ...event, ...extra });
        // Both end on terminals.
        for (const { path, message } of problems) expect(/[\p{Cc}\u2028\u2029]/u.test(path + message)).toBe(false);
      }),
    );
  });
});

test.each(["__proto__", "constructor", "hasOwnProperty", "toString", "valueOf", ""])("the key %j is an unknown attribute, at the top and inside", (key) => {
  const text = `{${JSON.stringify(key)}: {"a": 1}, `;
  expect(validate(JSON.parse(text + JSON.stringify(authentication).slice(1))).map(({ code, path }) => [code, path])).toEqual([["unknown", below("", key)]]);
  const inside = JSON.parse(JSON.stringify(authentication).replace('"user":{', `"user":${text}`)) as unknown;
  expect(validate(inside).map(({ code, path }) => [code, path])).toEqual([["unknown", below("user", key)]]);
});

test("an inherited attribute does not count", () => {
  expect(validate(Object.create(authentication))).toMatchObject([{ code: "missing", path: "class_uid" }]);
});

test("10,000 levels of a nested object end at the depth limit", () => {
  expect(codes({ ...detectionFinding, evidences: [{ process: processes(50) }] })).toEqual(new Set());
  expect(codes({ ...detectionFinding, evidences: [{ process: processes(10_000) }] })).toEqual(new Set(["depth"]));
});

test("10,000 levels of unmapped data are nobody's business", () => {
  expect(validate({ ...apiActivity, unmapped: processes(10_000), api: { ...apiActivity.api, request: { uid: "r", data: processes(10_000) } } })).toEqual([]);
});

test("a million wrong elements give a thousand problems and a note", () => {
  const problems = validate({ ...apiActivity, resources: Array.from({ length: 1_000_000 }, () => 7) });
  expect(problems).toHaveLength(MAX_PROBLEMS + 1);
  expect(problems.at(-1)?.code).toBe("too_many");
});

test("texts of millions of characters", () => {
  const long = "a".repeat(5_000_000);
  expect(codes({ ...apiActivity, message: long, src_endpoint: { ip: long } })).toEqual(new Set(["max_len"]));
  expect(codes({ ...authentication, user: { name: "ada", email_addr: long } })).toEqual(new Set(["pattern"]));
  const [problem] = validate({ ...authentication, [long]: 1 });
  expect(problem?.path.length).toBeLessThan(100);
});

test("what is printed is short, and free of control and direction characters", () => {
  expect(shown("\u001b[31m\u202e\u0085\n")).toBe(String.raw`"\u001b[31m\u{202e}\u{85}\n"`);
  expect(shown("\ud800")).toBe(String.raw`"\ud800"`);
  expect(shown("x".repeat(100))).toHaveLength(63);
  expect(below("metadata", "a.b")).toBe('metadata["a.b"]');
});

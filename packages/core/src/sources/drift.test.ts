import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { driftOf, Shape } from "./index.ts";

function shapeOf(...records: unknown[]): Shape {
  const shape = new Shape();
  for (const record of records) shape.add(JSON.stringify(record));
  return shape;
}

describe("the shape of records", () => {
  it("has each field by its dotted name, with its types and in how many records it is", () => {
    const { fields, records } = shapeOf({ a: { b: 1 }, list: [{ c: "x" }, { c: true }], "d.e": null }, { a: { b: "1" } });
    expect(records).toBe(2);
    expect(Object.fromEntries([...fields].map(([name, { records: of, types }]) => [name, [of, ...[...types].sort()]]))).toEqual({
      a: [2, "object"], "a.b": [2, "number", "text"], list: [1, "list", "object"], "list.c": [1, "text", "true or false"], "d.e": [1],
    });
  });

  it("has no field that nobody wants", () => {
    const shape = new Shape(new Set(["a.b"]));
    shape.add('{"a":{"b":1,"c":2}}');
    expect([...shape.fields.keys()]).toEqual(["a.b"]);
  });

  it("is bounded and says so, whatever the records hold", () => {
    const many = shapeOf(Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`key ${index}`, index])));
    expect(many.fields.size).toBe(5_000);
    expect(many.isCut).toBe(true);
    const deep = new Shape();
    deep.add('{"a":'.repeat(100_000) + "1" + "}".repeat(100_000));
    deep.add("[".repeat(100_000) + "]".repeat(100_000));
    expect(deep.fields.size).toBeLessThan(40);
    expect(deep.isCut).toBe(true);
    const odd = new Shape();
    odd.add(`{"${"n".repeat(10_000)}":1,"__proto__":{"x":1},"constructor":{"prototype":1}}`);
    expect([...odd.fields.keys()].sort()).toEqual(["__proto__", "__proto__.x", "constructor", "constructor.prototype"]);
    expect(odd.isCut).toBe(true);
  });

  it("leaves away what is no JSON", () => {
    const shape = new Shape();
    shape.add('{"a":');
    expect([shape.records, shape.fields.size]).toEqual([0, 0]);
  });
});

describe("drift", () => {
  it("is new fields, the most frequent first, without what lies below them, and changed types", () => {
    const older = shapeOf({ id: 1, user: { name: "a" }, tags: null });
    const newer = shapeOf({ id: "x", user: { name: "a", mfa: { kind: "u" } }, tags: ["a"] }, { id: 2, user: { mail: "b" } }, { user: { mail: null } });
    expect(driftOf(older, newer)).toEqual({
      fresh: [{ field: "user.mail", types: ["text"], records: 2 }, { field: "user.mfa", types: ["object"], records: 1 }],
      changed: [{ field: "id", before: ["number"], now: ["text", "number"], records: 2 }],
    });
  });

  it("is none where the names of a map are data", () => {
    const labels = (from: number): object => ({ labels: Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`l${from + index}`, { on: 1 }])) });
    expect(driftOf(shapeOf(labels(0), labels(40)), shapeOf(labels(80)))).toEqual({ fresh: [], changed: [] });
  });

  it("is none between the same records, in whatever order", () => {
    fc.assert(fc.property(fc.array(fc.jsonValue(), { maxLength: 20 }), (records) => {
      expect(driftOf(shapeOf(...records), shapeOf(...records.toReversed()))).toEqual({ fresh: [], changed: [] });
    }));
  });
});

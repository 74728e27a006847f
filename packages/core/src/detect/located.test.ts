import type { Expr } from "@corduroy/sigma";
import { expect, it } from "vitest";
import { sourceById, type SourceDefinition } from "../sources/index.ts";
import { allPlaces, located, quickPlaces } from "./located.ts";

const text = { kind: "equals", text: "hostPath", cased: false } as const;
const on = (field: string): Expr => ({ kind: "field", field, test: text });
const none = (field: string): Expr => ({ kind: "field", field, test: { kind: "isNull" } });
const same = (field: string, other: string): Expr => ({ kind: "field", field, test: { kind: "sameAs", field: other, how: "equals", cased: false } });

it("finds fields wherever they stand in a rule, and nothing that only looks like one", () => {
  const expr: Expr = { kind: "and", all: [on("hostPath"), { kind: "not", not: { kind: "or", any: [on("verb"), same("verb", "hostPath")] } }, { kind: "keyword", test: text }, { kind: "constant", value: true }] };
  expect(located(expr, (field) => [field === "hostPath" ? "spec.hostPath" : field])).toEqual({
    kind: "and",
    all: [on("spec.hostPath"), { kind: "not", not: { kind: "or", any: [on("verb"), same("verb", "spec.hostPath")] } }, { kind: "keyword", test: text }, { kind: "constant", value: true }],
  });
});

it("takes the values of several places together", () => {
  const places = (field: string): string[] => (field === "name" ? ["a.name", "b.name"] : [field]);
  expect(located(on("name"), places)).toEqual({ kind: "or", any: [on("a.name"), on("b.name")] });
  expect(located(none("name"), places)).toEqual({ kind: "and", all: [none("a.name"), none("b.name")] });
  expect(located(same("name", "other"), places)).toEqual({ kind: "or", any: [same("a.name", "other"), same("b.name", "other")] });
  expect(located(same("other", "name"), places)).toEqual({ kind: "or", any: [same("other", "a.name"), same("other", "b.name")] });
});

it("knows what can be said of a field that is never there", () => {
  const exists: Expr = { kind: "field", field: "nowhere", test: { kind: "exists" } };
  const places = (field: string): string[] => (field === "nowhere" ? [] : [field]);
  expect([on("nowhere"), exists, none("nowhere"), same("nowhere", "a"), same("a", "nowhere")].map((expr) => located(expr, places))).toEqual([false, false, true, false, false].map((value) => ({ kind: "constant", value })));
});

it("reads several places through the column of the first one, and all of them where that will not do", () => {
  const column = { name: "app", type: "VARCHAR", sql: "", field: "appId" };
  const source: SourceDefinition = { ...sourceById("generic.json")!, columns: [column], sigmaNames: { app: ["appId", "properties.appId"], odd: ["a", "b"] } };
  const exists: Expr = { kind: "field", field: "app", test: { kind: "exists" } };
  const quick = (expr: Expr): Expr => located(expr, quickPlaces(source));
  const all = (expr: Expr): Expr => located(quick(expr), allPlaces(source));
  expect([quick(on("app")), all(on("app"))]).toEqual([on("appId"), { kind: "or", any: [on("appId"), on("properties.appId")] }]);
  expect([quick(none("app")), all(none("app"))]).toEqual([none("appId"), { kind: "and", all: [none("appId"), none("properties.appId")] }]);
  expect([quick(on("odd")), all(on("odd"))]).toEqual([0, 1].map(() => ({ kind: "or", any: [on("a"), on("b")] })));
  const at = (field: string): Expr => ({ ...exists, field });
  expect([quick(exists), all(exists)]).toEqual([0, 1].map(() => ({ kind: "or", any: [at("appId"), at("properties.appId")] })));
});

it("reads a field from its column alone where the source says so", () => {
  const column = { name: "kinds", type: "VARCHAR[]", sql: "", field: "type" };
  const source = (whole?: true): SourceDefinition => ({ ...sourceById("generic.json")!, columns: [{ ...column, ...(whole && { whole }) }], sigmaNames: { type: ["elsewhere", "type"] } });
  const exists: Expr = { kind: "field", field: "type", test: { kind: "exists" } };
  expect(located(exists, quickPlaces(source(true)))).toEqual(exists);
  expect(located(exists, quickPlaces(source()))).toMatchObject({ kind: "or" });
});

import type { Expr } from "@corduroy/sigma";
import { expect, it } from "vitest";
import { located } from "./located.ts";

const text = { kind: "equals", text: "hostPath", cased: false } as const;
const on = (field: string): Expr => ({ kind: "field", field, test: text });
const same = (field: string, other: string): Expr => ({ kind: "field", field, test: { kind: "sameAs", field: other, how: "equals", cased: false } });

it("finds fields wherever they stand in a rule, and nothing that only looks like one", () => {
  const expr: Expr = { kind: "and", all: [on("hostPath"), { kind: "not", not: { kind: "or", any: [on("verb"), same("verb", "hostPath")] } }, { kind: "keyword", test: text }, { kind: "constant", value: true }] };
  expect(located(expr, (field) => (field === "hostPath" ? "spec.hostPath" : field))).toEqual({
    kind: "and",
    all: [on("spec.hostPath"), { kind: "not", not: { kind: "or", any: [on("verb"), same("verb", "spec.hostPath")] } }, { kind: "keyword", test: text }, { kind: "constant", value: true }],
  });
});

it("knows what can be said of a field that is never there", () => {
  const test = (kind: "exists" | "isNull"): Expr => ({ kind: "field", field: "nowhere", test: { kind } });
  const place = (field: string): string | null => (field === "nowhere" ? null : field);
  expect([on("nowhere"), test("exists"), test("isNull"), same("nowhere", "a"), same("a", "nowhere")].map((expr) => located(expr, place))).toEqual([false, false, true, false, false].map((value) => ({ kind: "constant", value })));
});

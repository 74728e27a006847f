import type { Expr } from "@corduroy/sigma";
import { expect, it } from "vitest";
import { renamed } from "./renamed.ts";

it("renames fields wherever they stand, and nothing that only looks like one", () => {
  const text = { kind: "equals", text: "hostPath", cased: false } as const;
  const on = (field: string): Expr => ({ kind: "field", field, test: text });
  const same = (field: string, other: string): Expr => ({ kind: "field", field, test: { kind: "sameAs", field: other, how: "equals", cased: false } });
  const expr: Expr = { kind: "and", all: [on("hostPath"), { kind: "not", not: { kind: "or", any: [on("verb"), same("verb", "hostPath"), on("toString")] } }, { kind: "keyword", test: text }, { kind: "constant", value: true }] };
  expect(renamed(expr, { hostPath: "spec.hostPath" })).toEqual({
    kind: "and",
    all: [on("spec.hostPath"), { kind: "not", not: { kind: "or", any: [on("verb"), same("verb", "spec.hostPath"), on("toString")] } }, { kind: "keyword", test: text }, { kind: "constant", value: true }],
  });
});

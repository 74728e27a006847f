import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { coveragePage } from "./coverage.ts";

it("docs/sigma-coverage.md is what the proofs say", () => {
  expect(readFileSync(new URL("../../docs/sigma-coverage.md", import.meta.url), "utf8")).toBe(coveragePage());
});

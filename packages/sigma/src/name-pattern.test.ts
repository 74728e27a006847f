import fc from "fast-check";
import { expect, test } from "vitest";
import { nameMatcher } from "./name-pattern.ts";

test("a pattern matches what a regular expression would", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "-"), maxLength: 12 });
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "-", "*"), maxLength: 8 });
  fc.assert(fc.property(pattern, text, (glob, name) => nameMatcher(glob)(name) === new RegExp(`^${glob.replaceAll("*", ".*")}$`).test(name)), { numRuns: 5000 });
});

test("a pattern takes no longer where it would make an expression explode", () => {
  expect(nameMatcher(`${"*a".repeat(5000)}*b`)("a".repeat(10_000))).toBe(false);
});

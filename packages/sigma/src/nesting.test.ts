import { expect, test } from "vitest";
import { parseSigma } from "./index.ts";

const tooDeep = { rules: [], correlations: [], filters: [], broken: 1, problems: [{ file: "a.yml", line: 1, column: 1, message: "the YAML cannot be read: it is nested too deeply" }] };

// Where the parser's stack ends inside a regular expression, V8 ends the process: a test cannot be seen to fail, only to end.
test.each([
  ["dashes", "- ".repeat(500_000)],
  ["question marks", "? ".repeat(500_000)],
  ["brackets", "[".repeat(500_000)],
  ["maps in brackets", "a: ".concat("{b: ".repeat(100_000))],
  ["indentation", Array.from({ length: 3_000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
])("a file nested deeply in %s is a problem, and ends nothing", (_, text) => {
  expect(parseSigma(text, "a.yml")).toEqual(tooDeep);
});

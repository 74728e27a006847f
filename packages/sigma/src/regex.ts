import { lowerCase } from "./lower-case.ts";
import { parseRegex } from "./regex-syntax.ts";
import type { RegexFlags, TextTest } from "./tree.ts";

/** The test for a regular expression, searched anywhere in the value. Throws `ValueError` for what RE2 cannot do. */
export function regexTest(source: string, flags: RegexFlags): TextTest {
  const { text, required, ignoresCase } = parseRegex(source);
  const usable = required?.map((literal) => (flags.ignoreCase || ignoresCase ? foldable(literal) : lowerCase(literal)));
  return { kind: "regex", source: text, flags, required: usable?.every((literal) => literal !== "") === true ? usable : null };
}

/**
 * The longest run of ASCII characters but s. Where case is ignored, a regular expression takes the long s for an s and
 * pairs up other letters that lower-casing keeps apart, so only these may be required.
 */
function foldable(literal: string): string {
  const runs = literal.toLowerCase().split(/[^\u0000-\u007f]|s/u);
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), "");
}

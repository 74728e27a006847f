import { parsePattern } from "./pattern.ts";
import type { PatternPart } from "./tree.ts";
import { ValueError } from "./value-error.ts";

export type Placeholders = Readonly<Record<string, readonly (string | number)[]>>;

/** More combinations of placeholder values in one value than this are refused. */
const maxCombinations = 10_000;

/**
 * `expand`: every combination of what the %placeholders% in a value stand for. `read` turns the text around them into the
 * result's pieces and `fill` a placeholder's value; `\%` is a plain percent sign.
 */
function combinations<Piece>(text: string, placeholders: Placeholders, read: (text: string) => Piece[], fill: (value: string) => Piece[]): Piece[][] {
  let found: Piece[][] = [[]];
  let plain = "";
  const append = (choices: readonly Piece[][]): void => {
    if (found.length * choices.length > maxCombinations) throw new ValueError(`the placeholders have more than ${maxCombinations} combinations`);
    found = found.flatMap((before) => choices.map((choice) => [...before, ...choice]));
  };
  for (const [token, name] of text.matchAll(/\\[\\%]|%(\w+)%|[^\\%]+|[\\%]/gu)) {
    if (name === undefined) plain += token === "\\%" ? "%" : token;
    else {
      append([read(plain)]);
      plain = "";
      append(valuesOf(name, placeholders).map((value) => fill(String(value))));
    }
  }
  append([read(plain)]);
  return found;
}

function valuesOf(name: string, placeholders: Placeholders): readonly (string | number)[] {
  const values = Object.hasOwn(placeholders, name) ? placeholders[name] : undefined;
  if (values === undefined) throw new ValueError(`the placeholder %${name}% has no values here`, "define it in the placeholders, or write \\% for a plain percent sign");
  if (values.length === 0) throw new ValueError(`the placeholder %${name}% has an empty list of values`);
  return values;
}

/** The patterns a value with placeholders stands for; the values may hold wildcards. */
export function expandPattern(text: string, placeholders: Placeholders): PatternPart[][] {
  return combinations(text, placeholders, parsePattern, parsePattern);
}

/** The regular expressions or other plain texts a value stands for; `fill` quotes a placeholder's value. */
export function expandText(text: string, placeholders: Placeholders, fill: (value: string) => string): string[] {
  return combinations(text, placeholders, (plain) => [plain], (value) => [fill(value)]).map((pieces) => pieces.join(""));
}

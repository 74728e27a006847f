import { Unavailable } from "@corduroy/core/kernel";

/** A longer line is no row: the longest record that the lake takes has half of this. */
const LONGEST_LINE = 128 * 1024 * 1024;

/** The lines of a streamed answer, without their ends. @throws Unavailable for one that is longer than any row */
export async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let length = 0;
  for await (const chunk of body) {
    const [first = "", ...others] = decoder.decode(chunk, { stream: true }).split("\n");
    pieces.push(first);
    length += first.length;
    for (const next of others) {
      yield pieces.join("");
      pieces = [next];
      length = next.length;
    }
    if (length > LONGEST_LINE) throw new Unavailable("The service sends a row without end.");
  }
  const rest = pieces.join("");
  if (rest !== "") yield rest;
}

const STRING_OR_BRACKET = /"(?:[^"\\]|\\.)*"|[[\]{},]/gu;

/** The elements of the list that begins at `at` in a JSON text, each exactly as it is written: numbers keep all their digits. */
export function elementsOf(json: string, at: number): string[] {
  const elements: string[] = [];
  let depth = 0;
  let start = at + 1;
  STRING_OR_BRACKET.lastIndex = at;
  for (let match = STRING_OR_BRACKET.exec(json); match !== null; match = STRING_OR_BRACKET.exec(json)) {
    const [mark] = match;
    if (mark === "[" || mark === "{") depth++;
    else if (mark === "]" || mark === "}") depth--;
    if (depth > 1 || mark.startsWith('"') || mark === "[" || mark === "{" || (depth === 1 && mark !== ",")) continue;
    elements.push(json.slice(start, match.index).trim());
    start = match.index + 1;
    if (depth === 0) break;
  }
  return elements.length === 1 && elements[0] === "" ? [] : elements;
}

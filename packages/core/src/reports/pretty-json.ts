/** A stretch of a JSON text with its new white space; `key` marks the name of a member. */
export interface JsonPiece {
  text: string;
  key: boolean;
}

/** Nested deeper than this stays on one line: indentation would grow with the square of the depth. */
const DEEPEST = 32;

/**
 * Lays a JSON text out over lines, token by token: numbers, escapes and duplicate keys stay as they were written, which
 * `JSON.stringify(JSON.parse(…))` would change. A text that is not valid JSON comes back whole, as it is.
 */
export function prettyJson(text: string): JsonPiece[] {
  if (!isJson(text)) return [{ text, key: false }];
  const pieces: JsonPiece[] = [];
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let line = "";
  let depth = 0;
  const breakLine = (): string => (depth > DEEPEST ? "" : `\n${"  ".repeat(depth)}`);
  for (const [i, token] of tokens.entries()) {
    const next = tokens[i + 1];
    const empty = (token === "{" && next === "}") || (token === "[" && next === "]");
    if (token === "}" || token === "]") {
      depth -= 1;
      const closesEmpty = tokens[i - 1] === "{" || tokens[i - 1] === "[";
      line += (closesEmpty || depth >= DEEPEST ? "" : breakLine()) + token;
    } else if (token === "{" || token === "[") {
      depth += 1;
      line += token + (empty ? "" : breakLine());
    } else if (token === ",") {
      line += depth > DEEPEST ? ", " : `,${breakLine()}`;
    } else if (token === ":") {
      line += ": ";
    } else if (next === ":") {
      pieces.push({ text: line, key: false }, { text: token, key: true });
      line = "";
    } else {
      line += token;
    }
  }
  pieces.push({ text: line, key: false });
  return pieces;
}

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Characters that act instead of showing: controls, direction overrides, zero-width and tag characters, line separators, fillers. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{115F}\u{1160}\u{2800}\u{3164}\u{FFA0}]/gu;

/** A stretch of text; `mark` says that it is the written-out form of a hidden character, or the name of a JSON member. */
export interface Piece {
  text: string;
  mark: boolean;
}

/**
 * Text from a log, cut where something in it would act instead of show; that is written out: `\u{202E}`.
 * @param keep hidden characters that stay, such as line feeds in a block
 */
export function visiblePieces(text: string, keep = ""): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: match, index } of text.matchAll(HIDDEN)) {
    if (keep.includes(match)) continue;
    if (index > from) pieces.push({ text: text.slice(from, index), mark: false });
    pieces.push({ text: `\\u{${(match.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, "0")}}`, mark: true });
    from = index + match.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), mark: false });
  return pieces;
}

/** Nested deeper than this stays on one line: indentation would grow with the square of the depth. */
const DEEPEST = 32;

/**
 * Lays a JSON text out over lines, token by token: numbers, escapes and duplicate keys stay as they were written, which
 * `JSON.stringify(JSON.parse(…))` would change. A text that is no JSON comes back whole.
 */
export function jsonPieces(text: string): Piece[] {
  if (!isJson(text)) return [{ text, mark: false }];
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  const pieces: Piece[] = [];
  let plain = "";
  let depth = 0;
  const newLine = (): string => (depth > DEEPEST ? " " : `\n${"  ".repeat(depth)}`);
  for (const [i, token] of tokens.entries()) {
    const opens = token === "{" || token === "[";
    const closes = token === "}" || token === "]";
    const before = tokens[i - 1];
    const next = tokens[i + 1];
    if (closes) depth -= 1;
    if (next === ":" && !opens && !closes) {
      pieces.push({ text: plain, mark: false }, { text: token, mark: true });
      plain = "";
      continue;
    }
    if (closes && before !== "{" && before !== "[") plain += newLine();
    plain += token === ":" ? ": " : token;
    if (opens) depth += 1;
    if (token === "," || (opens && next !== "}" && next !== "]")) plain += newLine();
  }
  pieces.push({ text: plain, mark: false });
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

/** As `visiblePieces`, in one text: for names of tabs and the like. */
export function visibleText(text: string): string {
  return visiblePieces(text).map((piece) => piece.text).join("");
}

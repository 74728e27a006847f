/** What acts instead of showing: controls, direction changes, invisible characters, line and paragraph separators, half surrogates. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const NO_WIDTH = /\p{M}/u;
/** Characters that take two columns: East Asian wide ones and pictures. */
const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{1F000}-\u{1FAFF}]|[\u{20000}-\u{3FFFD}]/u;

/** Text on one line that a terminal only shows and never obeys. */
export function oneLine(text: string): string {
  return text.replace(HIDDEN, writtenOut);
}

/** As `oneLine`, but line feeds and tabs stay. */
export function manyLines(text: string): string {
  return text.replace(HIDDEN, (character) => (character === "\n" || character === "\t" ? character : writtenOut(character)));
}

function writtenOut(character: string): string {
  return SHORT[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;
}

/** Columns of a terminal that a text of visible characters takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

/** Exactly `width` columns of text: padded with spaces, or cut with an ellipsis. */
export function fitted(text: string, width: number, alignRight: boolean): string {
  const missing = width - widthOf(text);
  if (missing >= 0) return alignRight ? " ".repeat(missing) + text : text + " ".repeat(missing);
  let shown = "";
  let used = 0;
  for (const character of text) {
    const more = widthOfCharacter(character);
    if (used + more > width - 1) break;
    shown += character;
    used += more;
  }
  return `${shown}…${" ".repeat(width - 1 - used)}`;
}

function widthOfCharacter(character: string): number {
  if (character < "\u0300") return 1;
  return NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}

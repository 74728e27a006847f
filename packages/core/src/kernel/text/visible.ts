/**
 * Characters that act instead of showing: controls, bidirectional overrides, zero-width and tag characters, line separators,
 * lone surrogates, fillers; and piles of combining marks that draw over their neighbours (five and more in a row).
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{115F}\u{1160}\u{2800}\u{3164}\u{FFA0}]|\u{34F}|\p{Mn}{5,}/gu;
const SHORT: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A stretch of text; `hidden` marks the written-out form of something that would not show. */
export interface Piece {
  text: string;
  hidden: boolean;
}

/** Text made safe to look at, on one line: everything in it that acts instead of showing is written out, e.g. `\u{202E}` or `\n`. */
export function visible(text: string): string {
  return visiblePieces(text)
    .map((piece) => piece.text)
    .join("");
}

/** As `visible`, but line feeds and tabs stay. */
export function visibleBlock(text: string): string {
  return text.replace(HIDDEN, (match, offset: number) => (match === "\n" || match === "\t" ? match : (writtenOut(text, match, offset) ?? match)));
}

/** As `visible`, cut where plain and written-out text meet, so that a view can set the two apart. */
export function visiblePieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    const shown = writtenOut(text, match[0], match.index);
    if (shown === null) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), hidden: false });
    pieces.push({ text: shown, hidden: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), hidden: false });
  return pieces;
}

/** Null when the character may stay: a joiner inside an emoji, which is one picture made of several. */
function writtenOut(text: string, match: string, offset: number): string | null {
  if (match === "\u200D" && joinsEmoji(text, offset)) return null;
  if (/^\p{Mn}/u.test(match)) return `\\u{${hex(match)}…${Array.from(match).length} marks}`;
  return SHORT[match] ?? `\\u{${hex(match)}}`;
}

function joinsEmoji(text: string, offset: number): boolean {
  return /[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]$/u.test(text.slice(Math.max(0, offset - 2), offset)) && /^\p{Extended_Pictographic}/u.test(text.slice(offset + 1, offset + 3));
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, "0");
}

/** The first `limit` UTF-16 units of a text, never half a surrogate pair. */
export function clipped(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

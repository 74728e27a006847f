import { clipped } from "./visible.ts";

/** Code points that terminals draw two cells wide: East Asian Wide and Fullwidth (Unicode annex 11), by block. */
const WIDE =
  /^[\u{1100}-\u{115F}\u{2E80}-\u{303E}\u{3041}-\u{4DBF}\u{4E00}-\u{A4CF}\u{A960}-\u{A97F}\u{AC00}-\u{D7A3}\u{F900}-\u{FAFF}\u{FE10}-\u{FE19}\u{FE30}-\u{FE6F}\u{FF01}-\u{FF60}\u{FFE0}-\u{FFE6}\u{16FE0}-\u{18DFF}\u{1AFF0}-\u{1B2FF}\u{1F200}-\u{1F2FF}\u{20000}-\u{3FFFD}]/u;
const EMOJI = /^\p{Emoji_Presentation}|^\p{Extended_Pictographic}\u{FE0F}|^\p{Regional_Indicator}{2}|^[0-9#*]\u{FE0F}?\u{20E3}/u;
const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });

/** How many terminal cells a text takes; it holds no control characters (see `visible`). */
export function displayWidth(text: string): number {
  return graphemes(text).reduce((sum, grapheme) => sum + cellsOf(grapheme), 0);
}

/** The text with spaces behind, or before, to exactly `width` cells; a text already wider stays as it is. */
export function padded(text: string, width: number, side: "left" | "right" = "left"): string {
  const gap = " ".repeat(Math.max(0, width - displayWidth(text)));
  return side === "left" ? text + gap : gap + text;
}

/** The text in exactly `width` cells: padded, or cut with `…` at its end. */
export function fitted(text: string, width: number, side: "left" | "right" = "left"): string {
  return padded(displayWidth(text) <= width ? text : `${firstCells(text, width - 1)}…`, width, side);
}

/** Breaks a text into at most `most` lines of at most `width` cells, at spaces where it can; a cut is marked with `…`. */
export function wrapped(text: string, width: number, most: number): string[] {
  const lines: string[] = [];
  let line = "";
  let used = 0;
  // No line holds more than `width` cells and a cell holds few code units: what lies far behind cannot be shown.
  const shown = clipped(text, width * most * 8);
  for (const word of shown.split(/ +/).filter((part) => part !== "")) {
    const cells = displayWidth(word);
    if (used > 0 && used + 1 + cells > width) {
      lines.push(line);
      [line, used] = ["", 0];
    } else if (used > 0) {
      [line, used] = [`${line} `, used + 1];
    }
    for (const grapheme of graphemes(word)) {
      const size = cellsOf(grapheme);
      if (used + size > width) {
        lines.push(line);
        [line, used] = ["", 0];
      }
      [line, used] = [line + grapheme, used + size];
    }
    if (lines.length > most) break;
  }
  if (line !== "" || lines.length === 0) lines.push(line);
  if (lines.length <= most && shown.length === text.length) return lines;
  const kept = lines.slice(0, most);
  kept[kept.length - 1] = `${firstCells(kept.at(-1) ?? "", width - 1)}…`;
  return kept;
}

/** The last part of a text that fits `width` cells, with `…` in front when something was cut: for paths, whose end says most. */
export function endThatFits(text: string, width: number): string {
  const tail = text.slice(-width * 8);
  if (displayWidth(tail) <= width) return tail;
  const kept: string[] = [];
  let used = 1;
  for (const grapheme of graphemes(tail).reverse()) {
    used += cellsOf(grapheme);
    if (used > width) break;
    kept.push(grapheme);
  }
  return `…${kept.reverse().join("")}`;
}

function firstCells(text: string, width: number): string {
  let used = 0;
  let kept = "";
  for (const grapheme of graphemes(text)) {
    used += cellsOf(grapheme);
    if (used > width) break;
    kept += grapheme;
  }
  return kept;
}

/** Most texts are ASCII, where the segmenter costs fifty times what splitting does. */
function graphemes(text: string): string[] {
  return /^[ -~]*$/.test(text) ? text.split("") : Array.from(GRAPHEMES.segment(text), (part) => part.segment);
}

function cellsOf(grapheme: string): number {
  if (grapheme.length === 1 && grapheme < "\u0300") return 1;
  if (WIDE.test(grapheme) || EMOJI.test(grapheme)) return 2;
  return /^\p{M}+$/u.test(grapheme) ? 0 : 1;
}

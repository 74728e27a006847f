import type { Slice } from "./split.ts";

/** Lines that follow one another in a text and are no JSON objects, none of them blank: `buffer[start..end)`, without the last one's end. */
export interface Lines extends Slice {
  /** How many; the first one has the number `no`. */
  count: number;
  /** What stands between them. */
  separator: "\n" | "\r\n";
}

/** Lines in one piece at most: DuckDB takes a piece apart in one go. */
export const LINES_BYTES = 64 * 1024;

const NEWLINE = 0x0a;

/** The lines one by one. */
export function* linesIn({ buffer, start, end, no, count, separator }: Lines): Generator<Slice> {
  let at = start;
  for (let index = 0; index < count; index++) {
    const to = index + 1 === count ? end : buffer.indexOf(NEWLINE, at) + 1 - separator.length;
    yield { buffer, start: at, end: to, no: no + index };
    at = to + separator.length;
  }
}

export function firstLine(lines: Lines): Slice {
  const [first] = linesIn(lines);
  return first!;
}

/** The lines from the one with number `from` on, up to the one before number `to`; null when there are none. */
export function linesBetween(lines: Lines, from: number, to: number): Lines | null {
  if (from <= lines.no && to >= lines.no + lines.count) return lines;
  if (from >= lines.no + lines.count || to <= lines.no) return null;
  const found = [...linesIn(lines)].filter(({ no }) => no >= from && no < to);
  return { ...lines, start: found[0]!.start, end: found.at(-1)!.end, no: found[0]!.no, count: found.length };
}

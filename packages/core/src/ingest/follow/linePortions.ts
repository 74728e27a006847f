import { tellLayout } from "../read/layout.ts";
import { isSpace, Structure } from "../read/structure.ts";
import { marksOf, PORTION, type Place, type Portion } from "./portion.ts";

const NEWLINE = 0x0a;
const OPEN = 0x7b;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
/** A longer line is no record (see `RecordSplitter`): its beginning is kept. */
const LONGEST_LINE = 64 * 1024 * 1024;
const KEPT_OF_TOO_LONG = 1024 * 1024;

/** Whether somebody may still write to a text: `over` when nobody has for so long that a line of it is not to be gone on with. */
export type Rest = "no" | "yes" | "over";

/**
 * The new lines of a text that has a record a line, just as they lie there, blank ones included, so that they keep their numbers. An unfinished last line is left
 * for later; when nobody writes any more it is taken if it is a whole object, and when the text is over if it is no object at all.
 * @param text from `start` on
 * @returns whether all of the text is taken
 */
export async function* linePortions(text: AsyncIterable<Buffer>, start: Place, rests: Rest): AsyncGenerator<Portion, boolean> {
  let place = start;
  let rest: Buffer = Buffer.alloc(0);
  let pieces: Buffer[] = [];
  let waiting = 0;
  let giant: { kept: Buffer; bytes: number } | null = null;

  function* work(ended: boolean): Generator<Portion> {
    rest = Buffer.concat([rest, ...pieces]);
    [pieces, waiting] = [[], 0];
    if (giant !== null) {
      const end = rest.indexOf(NEWLINE) + 1;
      const passed = end === 0 ? rest.length : end;
      const to = place.bytes + giant.bytes + passed;
      if (end > 0) yield { body: giant.kept, from: place.records + 1, records: 1, apart: true, place: { records: place.records + 1, bytes: to, midline: false }, marks: marksOf(null, rest.subarray(0, end), to) };
      giant = end > 0 ? null : { ...giant, bytes: giant.bytes + passed };
      rest = rest.subarray(passed);
    }
    if (place.midline) [place, rest] = endOfLine(place, rest);
    for (let end = cut(rest, ended); end > 0; end = cut(rest, ended)) {
      yield* portionsOf(rest.subarray(0, end), place);
      rest = rest.subarray(end);
    }
    if (rest.length > LONGEST_LINE) {
      giant = { kept: Buffer.from(rest.subarray(0, KEPT_OF_TOO_LONG)), bytes: rest.length };
      rest = Buffer.alloc(0);
    }
  }

  for await (const chunk of text) {
    pieces.push(chunk);
    waiting += chunk.length;
    // What is gathered doubles, so that even a very long line is copied in linear time.
    if (waiting < Math.max(PORTION.bytes, rest.length)) continue;
    for (const portion of work(false)) {
      yield portion;
      place = portion.place;
    }
  }
  for (const portion of work(true)) {
    yield portion;
    place = portion.place;
  }
  if (giant !== null) return false;
  if (isBlank(rest)) return true;
  if (rests === "no") return false;
  const isText = rest[firstByte(rest, place.bytes === 0)] !== OPEN;
  if (isText ? rests === "yes" : !isObject(rest)) return !isText;
  for (const portion of portionsOf(rest, place)) yield { ...portion, place: { ...portion.place, midline: true } };
  return true;
}

/** Where the next portion ends: behind a line; 0 while there are not enough lines yet. */
function cut(rest: Buffer, ended: boolean): number {
  let end = 0;
  for (let lines = 0; lines < PORTION.records && end < PORTION.bytes; lines++) {
    const newline = rest.indexOf(NEWLINE, end);
    if (newline < 0) return ended ? end : 0;
    if (lines > 0 && newline >= PORTION.bytes) break;
    end = newline + 1;
  }
  return end;
}

/**
 * Lines as bodies. Whoever receives a body tells its layout by its beginning, so one that begins with a line that looks like something else
 * (a broken record, a list, an envelope) would be read otherwise: that line is sent by itself.
 */
export function* portionsOf(lines: Buffer, start: Place): Generator<Portion> {
  let place = start;
  let left = lines;
  while (left.length > 0) {
    const at = firstByte(left, place.bytes === 0);
    const isLines = at === left.length || tellLayout(left, at, true)?.layout === "lines";
    const newline = left.indexOf(NEWLINE, at);
    const end = isLines || newline < 0 ? left.length : newline + 1;
    const taken = left.subarray(0, end);
    const { all, filled } = linesOf(taken);
    const next: Place = { records: place.records + all, bytes: place.bytes + end, midline: false };
    const line = left.subarray(at, newline < 0 ? left.length : newline);
    const isObject = isLines || isWhole(line);
    const body = isLines ? (filled.length === 0 ? Buffer.alloc(0) : taken) : isObject ? Buffer.concat([Buffer.from("["), line, Buffer.from("]")]) : line;
    yield { body, from: isLines ? place.records + 1 : next.records, records: filled.length, apart: !isObject, place: next, marks: marksOf(place.bytes === 0 ? taken : null, taken, next.bytes) };
    place = next;
    left = left.subarray(end);
  }
}

/** Goes on behind a line whose end was not there yet; what stands on it behind a whole object is taken for a line of its own. */
function endOfLine(place: Place, rest: Buffer): [Place, Buffer] {
  let at = 0;
  while (at < rest.length && rest[at] !== NEWLINE && isSpace(rest[at]!)) at++;
  if (at === rest.length) return [place, rest];
  const skipped = rest[at] === NEWLINE ? at + 1 : 0;
  return [{ ...place, bytes: place.bytes + skipped, midline: false }, rest.subarray(skipped)];
}

/** The first byte that is no white space, and no byte order mark at the very beginning. */
export function firstByte(text: Buffer, isBeginning: boolean): number {
  let at = isBeginning && text.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  while (at < text.length && isSpace(text[at]!)) at++;
  return at;
}

/** Whether these bytes are one object, as far as its structure goes. White space around it does not count. */
export function isWhole(bytes: Buffer): boolean {
  const start = firstByte(bytes, false);
  if (bytes[start] !== OPEN) return false;
  const structure = new Structure();
  structure.begin(start);
  const end = structure.run(bytes, bytes.length);
  return end > 0 && isBlank(bytes.subarray(end));
}

function isObject(bytes: Buffer): boolean {
  return isWhole(bytes.subarray(firstByte(bytes, true)));
}

function isBlank(bytes: Buffer): boolean {
  return firstByte(bytes, false) === bytes.length;
}

/** How many lines there are, and where those begin that are not blank; one without its newline counts. */
export function linesOf(bytes: Buffer): { all: number; filled: number[] } {
  const filled: number[] = [];
  let all = 0;
  for (let at = 0; at < bytes.length; all++) {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 ? bytes.length : newline;
    if (!isBlank(bytes.subarray(at, end))) filled.push(at);
    at = end + 1;
  }
  return { all, filled };
}

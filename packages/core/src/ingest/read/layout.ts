import { isSpace, MORE, Structure } from "./structure.ts";

const OPEN = 0x7b;
const LIST = 0x5b;
const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COLON = 0x3a;

/**
 * How records lie in a text: one a line, in a list, in the list of a `{"Records":[…]}` envelope as CloudTrail delivers it, or
 * one document after another, each over as many lines as it likes.
 */
export type Layout = "lines" | "list" | "envelope" | "documents";

/** The envelope's beginning is looked for in so many bytes. */
const ENVELOPE_BYTES = 4096;

/** The first key of the object that begins at `start`, with its quotes; null when no key and colon come before `end`. */
export function firstKey(buffer: Buffer, start: number, end: number): Buffer | null {
  let k = start + 1;
  while (k < end && isSpace(buffer[k]!)) k++;
  if (k >= end || buffer[k] !== QUOTE) return null;
  const close = buffer.indexOf(QUOTE, k + 1);
  if (close < 0) return null;
  let after = close + 1;
  while (after < end && isSpace(buffer[after]!)) after++;
  return after < end && buffer[after] === COLON ? Buffer.from(buffer.subarray(k, close + 1)) : null;
}

/**
 * Tells the layout of the text that begins at `at` with something else than white space.
 * @param last whether no more bytes will come
 * @returns the layout and where its first record may begin, or null when more bytes are needed to tell
 */
export function tellLayout(buffer: Buffer, at: number, last: boolean): { layout: Layout; begin: number } | null {
  if (buffer[at] === LIST) return { layout: "list", begin: at + 1 };
  if (buffer[at] !== OPEN) return { layout: "lines", begin: at };
  const head = buffer.toString("latin1", at, at + ENVELOPE_BYTES);
  const envelope = /^\{\s*"Records"\s*:\s*\[/.exec(head);
  if (envelope) return { layout: "envelope", begin: at + envelope[0].length };
  if (!last && head.length < ENVELOPE_BYTES) return null;

  const newline = buffer.indexOf(NEWLINE, at);
  const structure = new Structure();
  structure.begin(at);
  const end = structure.run(buffer, newline < 0 ? buffer.length : newline);
  const lines = { layout: "lines" as const, begin: at };
  const documents = { layout: "documents" as const, begin: at };
  let next = end >= 0 ? end : newline < 0 ? buffer.length : newline + 1;
  while (next < buffer.length && isSpace(buffer[next]!)) next++;
  if (newline < 0) return !last ? null : end >= 0 && next === buffer.length ? lines : documents;
  // Two objects on one line; or an object that is whole, or hopeless, where its line ends.
  if (end >= 0) return next < newline && buffer[next] === OPEN ? documents : lines;
  if (end !== MORE) return lines;
  // The object goes on: over several lines, or it was cut, and the next line begins as the first did.
  if (next >= buffer.length) return last ? lines : null;
  if (buffer[next] !== OPEN) return documents;
  const first = firstKey(buffer, at, newline);
  const second = firstKey(buffer, next, buffer.length);
  if (second === null && !last) return null;
  return first !== null && second !== null && first.equals(second) ? lines : documents;
}

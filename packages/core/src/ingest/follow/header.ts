import { headedBy } from "../../sources/index.ts";
import type { Portion } from "./portion.ts";

const NEWLINE = 0x0a;
/** A line that names fields is not longer. */
const LONGEST_HEADER = 16 * 1024;

/** The line that names the fields of those below it, with its end, where these bytes begin with one. */
export function headerIn(bytes: Buffer): Buffer | null {
  const end = bytes.subarray(0, LONGEST_HEADER).indexOf(NEWLINE) + 1;
  return end > 0 && headedBy(bytes.toString("utf8", 0, end).trimEnd()) !== null ? bytes.subarray(0, end) : null;
}

/** The header of a text. @param text from its beginning */
export async function headerOf(text: AsyncIterable<Buffer>): Promise<Buffer | null> {
  let head: Buffer = Buffer.alloc(0);
  for await (const chunk of text) {
    head = Buffer.concat([head, chunk]);
    if (head.length >= LONGEST_HEADER || head.includes(NEWLINE)) break;
  }
  return headerIn(head);
}

/**
 * Portions of lines, each with the text's header in front: whoever receives one knows no other. A header is no record, so it takes the number before the first line, and the lines keep
 * theirs. The header by itself is not sent.
 */
export async function* headed(portions: AsyncGenerator<Portion, boolean>, header: Buffer | null): AsyncGenerator<Portion, boolean> {
  if (header === null) return yield* portions;
  for (let step = await portions.next(); ; step = await portions.next()) {
    if (step.done === true) return step.value;
    const portion = step.value;
    const begins = portion.from === 1 && headerIn(portion.body) !== null;
    if (begins) yield { ...portion, body: portion.records === 1 ? Buffer.alloc(0) : portion.body, records: portion.records - 1 };
    else yield portion.body.length === 0 || portion.apart ? portion : { ...portion, body: Buffer.concat([header, portion.body]), from: portion.from - 1 };
  }
}

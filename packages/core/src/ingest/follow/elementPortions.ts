import { linesIn } from "../read/lines.ts";
import { RecordSplitter, type Slice } from "../read/split.ts";
import { isWhole } from "./linePortions.ts";
import { marksOf, PORTION, type Place, type Portion } from "./portion.ts";

const HEAD_BYTES = 4_096;

/** A record, or what is none, in its exact bytes. */
interface Element {
  bytes: Buffer;
  no: number;
  /** Where it ends in the text. */
  end: number;
  dead: boolean;
}

/**
 * The new records of a text that is a list, an envelope or documents, each as an element of a list: there they may go over several lines and keep every byte.
 * A record that may still grow is left for later.
 * @param text from its beginning
 * @param rests nobody writes any more: what ends with the text is taken too, but for an unfinished record
 * @returns whether all of the text is taken
 */
export async function* elementPortions(text: AsyncIterable<Buffer>, start: Place, rests: boolean): AsyncGenerator<Portion, boolean> {
  let found: Element[] = [];
  let pushed = 0;
  let head: Buffer = Buffer.alloc(0);
  const take = ({ buffer, start: from, end, no }: Slice, dead: boolean): void => {
    if (no > start.records) found.push({ bytes: buffer.subarray(from, end), no, end: pushed - (buffer.length - end), dead });
  };
  const splitter = new RecordSplitter({ record: (slice) => take(slice, false), lines: (lines) => [...linesIn(lines)].forEach((line) => take(line, true)), dead: (slice) => take(slice, true), damaged: () => undefined });
  let list: Element[] = [];
  let size = 0;

  function* asBodies(): Generator<Portion> {
    for (const element of found.splice(0)) {
      const whole = isWhole(element.bytes);
      const last = list.at(-1);
      if (last && (!whole || element.no !== last.no + 1 || size + element.bytes.length > PORTION.bytes || list.length === PORTION.records)) {
        yield bodyOf(list, head);
        [list, size] = [[], 0];
      }
      if (whole) list.push(element);
      else yield { ...bodyOf([element], head), body: element.bytes, apart: true };
      size += element.bytes.length;
    }
  }

  for await (const chunk of text) {
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
    pushed += chunk.length;
    splitter.push(chunk);
    yield* asBodies();
  }
  const hasRest = splitter.hasRest;
  if (rests) {
    splitter.end();
    const last = found.at(-1);
    if (splitter.endsUnfinished && last?.dead === true) found.pop();
    yield* asBodies();
  }
  if (list.length > 0) yield bodyOf(list, head);
  return rests || !hasRest;
}

function bodyOf(list: readonly Element[], head: Buffer): Portion {
  const last = list.at(-1)!;
  return {
    body: asList(list.map(({ bytes }) => bytes)), from: list[0]!.no, records: list.length, apart: false,
    place: { records: last.no, bytes: last.end, midline: false }, marks: marksOf(head, last.bytes, last.end),
  };
}

/** Whole objects as a list. */
export function asList(objects: readonly Buffer[]): Buffer {
  return Buffer.concat([...objects.flatMap((bytes, index) => [Buffer.from(index === 0 ? "[" : ",\n"), bytes]), Buffer.from("]")]);
}

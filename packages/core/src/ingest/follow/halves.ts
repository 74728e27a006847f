import { tellLayout } from "../read/layout.ts";
import { linesIn } from "../read/lines.ts";
import { RecordSplitter } from "../read/split.ts";
import { asList } from "./elementPortions.ts";
import { headerIn } from "./header.ts";
import { firstByte, linesOf, portionsOf } from "./linePortions.ts";
import type { Portion } from "./portion.ts";

/** A body, or a part of one, as it is sent. */
export type Piece = Pick<Portion, "body" | "from" | "apart">;

const NEWLINE = 0x0a;

/**
 * Parts of a body, about half as large each, in the order of its records; received as such, they keep their bytes and numbers. The same body gives the same parts.
 * @param piece of `newPortions`, or a part of one
 * @returns null for one record
 */
export function halvesOf(piece: Piece): Piece[] | null {
  if (piece.apart) return null;
  return tellLayout(piece.body, firstByte(piece.body, true), true)?.layout === "list" ? halvesOfList(piece) : halvesOfLines(piece);
}

function halvesOfList({ body, from }: Piece): Piece[] | null {
  const elements: Buffer[] = [];
  const ends: number[] = [];
  const take = ({ buffer, start, end }: { buffer: Buffer; start: number; end: number }): void => {
    elements.push(buffer.subarray(start, end));
    ends.push((ends.at(-1) ?? 0) + end - start);
  };
  const splitter = new RecordSplitter({ record: take, lines: (lines) => [...linesIn(lines)].forEach(take), dead: take, damaged: () => undefined });
  splitter.push(body);
  splitter.end();
  if (elements.length < 2) return null;
  const middle = nearMiddle([0, ...ends.slice(0, -1)], body.length);
  return [
    { body: asList(elements.slice(0, middle)), from, apart: false },
    { body: asList(elements.slice(middle)), from: from + middle, apart: false },
  ];
}

function halvesOfLines({ body, from }: Piece): Piece[] | null {
  const header = headerIn(body);
  if (header !== null) return halvesOfLines({ body: body.subarray(header.length), from: from + 1, apart: false })?.map((half) => (half.apart ? half : { ...half, body: Buffer.concat([header, half.body]), from: half.from - 1 })) ?? null;
  const { filled: starts } = linesOf(body);
  if (starts.length < 2) return null;
  const cut = starts[nearMiddle(starts, body.length)]!;
  let lines = 0;
  for (let at = body.indexOf(NEWLINE); at >= 0 && at < cut; at = body.indexOf(NEWLINE, at + 1)) lines++;
  // Only the first line of a text may begin with a byte order mark.
  const halves = [portionsOf(body.subarray(0, cut), { records: from - 1, bytes: from - 1, midline: false }), portionsOf(body.subarray(cut), { records: from - 1 + lines, bytes: cut, midline: false })];
  return halves.flatMap((half) => [...half]).flatMap(({ body: part, from: first, apart }) => (part.length === 0 ? [] : [{ body: part, from: first, apart }]));
}

/** The first of these places that lies in the second half, or else the last one; never the first. */
function nearMiddle(places: readonly number[], bytes: number): number {
  const found = places.findIndex((place, index) => index > 0 && place >= bytes / 2);
  return found < 0 ? places.length - 1 : found;
}

import * as z from "zod";
import { authorize, hiddenWith, pseudonymOf } from "../../identity/index.ts";
import { pageOf, placeOf, type Page } from "../../kernel/index.ts";
import { latestDeadParts } from "../../lake/index.ts";
import type { DbCtx } from "../../store/index.ts";
import type { WantedLetters } from "../messages.ts";
import type { LetterReader } from "./letterReader.ts";
import { replaysOf } from "./store.ts";

/** A dead letter, as a list shows it. */
export interface DeadLetterLine {
  /** Names the letter until its part is merged with others; then the list has another. */
  id: string;
  source: string;
  file: string;
  line: number;
  reason: string;
  at: Date;
  /** Its beginning as text; what is no UTF-8 is replaced. */
  raw: string;
  bytes: number;
  replayedAt: Date | null;
}

const WITHHELD = "Withheld: to see it, a role needs personal.read.";
const SHOWN_BYTES = 16 * 1024;
const PLACE = z.tuple([z.string().max(300), z.int().min(0)]);
const PATH = /^dead\/(.+)\.parquet$/;
const ID = /^([A-Za-z0-9][A-Za-z0-9_-]{0,80})\.([0-9]{1,9})$/;

/** The id of a letter: its part, and the row in it. */
function letterId({ path, row }: { path: string; row: number }): string {
  return `${PATH.exec(path)?.[1] ?? path}.${row}`;
}

/** Where the letter of an id stands; null for what is no id. */
export function placeOfLetter(id: string): { path: string; row: number } | null {
  const [, name, row] = ID.exec(id) ?? [];
  return name === undefined ? null : { path: `dead/${name}.parquet`, row: Number(row) };
}

/**
 * Records that could not be read, the latest first.
 * @throws Forbidden; Invalid for a cursor that is none; Unavailable
 */
export async function listDeadLetters(ctx: DbCtx, read: LetterReader, { source, cursor, limit }: { source?: string | undefined; cursor?: string | undefined; limit: number }): Promise<Page<DeadLetterLine>> {
  await authorize(ctx, "deadLetters.read", { type: "DeadLetter", id: "*" });
  const place = placeOf(PLACE, cursor);
  // Every part has a row, so one more part than rows is enough, the one of the cursor included.
  const parts = await latestDeadParts(ctx.db, { source, upTo: place?.[0], limit: limit + 2 });
  const wanted: WantedLetters[] = [];
  let missing = limit + 1;
  for (const { path, rows } of parts) {
    const first = place?.[0] === path ? Math.min(place[1], rows) - 1 : rows - 1;
    const taken = Array.from({ length: Math.max(0, Math.min(first + 1, missing)) }, (_, index) => first - index);
    if (taken.length > 0) wanted.push({ path, rows: taken });
    missing -= taken.length;
  }
  const letters = await read(wanted, SHOWN_BYTES);
  const replays = await replaysOf(ctx.db, letters.map(({ digest }) => digest));
  const key = hiddenWith(ctx, { type: "DeadLetter", id: "*" });
  return pageOf(letters, limit, ({ path, row }) => [path, row], ({ raw, at, path, row, digest, ...letter }) => ({
    ...letter, ...(key !== null && { file: pseudonymOf(letter.file, key), reason: WITHHELD }), id: letterId({ path, row }), at: new Date(at), raw: key === null ? Buffer.from(raw).toString("utf8") : WITHHELD, replayedAt: replays.get(digest)?.at ?? null,
  }));
}

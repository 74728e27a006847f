import { readFile } from "node:fs/promises";
import type { Piece } from "@corduroy/core/ingest";
import { isCode } from "@corduroy/core/lake";
import * as z from "zod";
import { replacePrivateFile } from "../durable.ts";
import { Followed } from "./journal.ts";

const Header = z.object({
  /** What is known of their text once all pieces are received. */
  after: Followed,
  /** The pieces that are left, as their bytes follow each other. */
  pieces: z.array(z.object({ from: z.number(), apart: z.boolean(), bytes: z.number() })),
});
/** Up to 0.1.0 there was one piece. */
const FormerHeader = z.object({ after: Followed, from: z.number(), apart: z.boolean() }).transform(({ after, ...piece }) => ({ after, pieces: [{ ...piece, bytes: Infinity }] }));

/** A body that is being sent, in one piece unless it was too large for what is between here and the service. */
export interface Pending {
  after: Followed;
  pieces: readonly Piece[];
}

const NEWLINE = 0x0a;

/**
 * Keeps a body before it is sent. Whoever starts again after a crash sends these very bytes in these very pieces under the same names, whatever has become of the file they
 * are of, so that the service recognises them.
 */
export async function keepPending(path: string, { after, pieces }: Pending): Promise<void> {
  const header: z.input<typeof Header> = { after, pieces: pieces.map(({ from, apart, body }) => ({ from, apart, bytes: body.length })) };
  await replacePrivateFile(path, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...pieces.map(({ body }) => body)]));
}

/** The body that was being sent last; null when there is none. */
export async function readPending(path: string): Promise<Pending | null> {
  try {
    const bytes = await readFile(path);
    let end = bytes.indexOf(NEWLINE) + 1;
    const { after, pieces } = z.union([Header, FormerHeader]).parse(JSON.parse(bytes.toString("utf8", 0, end)));
    return { after, pieces: pieces.map(({ bytes: length, ...piece }) => ({ ...piece, body: bytes.subarray(end, (end += length)) })) };
  } catch (error) {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  }
}

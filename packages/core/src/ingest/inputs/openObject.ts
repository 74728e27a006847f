import { createReadStream, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pathFailure } from "./pathFailure.ts";
import type { ObjectRef } from "./reference.ts";
import { openS3Object } from "./s3Object.ts";
import { sharedS3 } from "./s3Store.ts";

/** Bytes a read; gunzip and the record splitter take large pieces best. */
const PIECE = 256 * 1024;

/**
 * The bytes of an object as stored: nothing is decompressed. Destroy the stream to stop early.
 *
 * Works in another process than the one that listed, but for `stdin` and for pipes of this process (`/dev/fd/63`).
 * S3 is read with the keys that came along, else with the credentials of the environment, and broken connections are taken up again.
 *
 * @throws (or the stream fails with) Error whose message is a sentence that says what to do
 */
export async function openObject(ref: ObjectRef): Promise<Readable> {
  if (ref.kind === "stdin") return process.stdin;
  if (ref.kind === "s3") return openS3Object(await sharedS3(ref.keys), ref);
  try {
    return createReadStream("", { fd: await open(ref.location, "r"), highWaterMark: PIECE });
  } catch (error) {
    throw new Error(pathFailure(error, "file"), { cause: error });
  }
}

/** All bytes of a small object. A file is read in one go: a stream takes ten times as long, which counts where there are thousands. */
export async function readSmallObject(ref: ObjectRef): Promise<Buffer> {
  if (ref.kind === "file") {
    try {
      return readFileSync(ref.location);
    } catch (error) {
      throw new Error(pathFailure(error, "file"), { cause: error });
    }
  }
  const pieces: Buffer[] = [];
  for await (const piece of await openObject(ref)) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

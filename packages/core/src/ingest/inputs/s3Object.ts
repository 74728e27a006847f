import { Readable } from "node:stream";
import type { S3Ref } from "./reference.ts";
import { s3Failure } from "./s3Failure.ts";
import type { S3Store } from "./s3Store.ts";

/** Tries in a row that bring no further byte before a body is given up. */
const FRUITLESS = 5;

/**
 * Opens an object as listed. A connection that breaks is taken up at the byte reached, of the same content (`Range` with
 * `If-Match`), so that the reader notices nothing.
 *
 * @throws Error whose message is a sentence: archived, gone, changed, denied, unreachable. After the first byte the stream
 * fails with such an error.
 */
export async function openS3Object(store: S3Store, ref: S3Ref): Promise<Readable> {
  const first = await bodyFrom(store, ref, 0);
  return Readable.from(wholeBody(store, ref, first), { objectMode: false });
}

async function* wholeBody(store: S3Store, ref: S3Ref, first: Readable): AsyncGenerator<Buffer> {
  let reached = 0;
  let fruitless = 0;
  let body = first;
  for (;;) {
    let failure: unknown;
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        reached += chunk.length;
        fruitless = 0;
        yield chunk;
      }
    } catch (error) {
      failure = error;
    }
    if (reached === ref.size) return;
    if (reached > ref.size) throw new Error("The object is longer than it was when listed. Run the command again.");
    if (++fruitless > FRUITLESS) throw inWords(failure ?? { name: "TimeoutError" }, ref);
    await store.pause(fruitless);
    body = await bodyFrom(store, ref, reached);
  }
}

async function bodyFrom(store: S3Store, ref: S3Ref, offset: number): Promise<Readable> {
  let response;
  try {
    response = await store.get({
      Bucket: ref.bucket,
      Key: ref.key,
      ...(ref.version === "" ? {} : { IfMatch: `"${ref.version}"` }),
      ...(offset === 0 ? {} : { Range: `bytes=${offset}-` }),
    });
  } catch (error) {
    throw inWords(error, ref);
  }
  if (!(response.Body instanceof Readable)) throw new Error("S3 answered without a body. Try again.");
  if (offset > 0 && response.ContentRange?.startsWith(`bytes ${offset}-`) !== true) {
    response.Body.destroy();
    throw new Error("The connection broke, and the store cannot go on from the middle of an object. Copy the object and scan the copy.");
  }
  return response.Body;
}

function inWords(error: unknown, ref: S3Ref): Error {
  return new Error(s3Failure(error, { doing: "read", bucket: ref.bucket, name: ref.key }).reason, { cause: error });
}

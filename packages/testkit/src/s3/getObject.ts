import type { Bucket } from "./buckets.ts";
import type { S3Request } from "./request.ts";

/** An answer before it is sent: an error in S3's form, or a body. */
export type Answer =
  | { status: number; code: string; headers?: Record<string, string> }
  | { status: number; body: string | Buffer; headers: Record<string, string> };

const RANGE = /^bytes=([0-9]+)-([0-9]*)$/;

/** Answers GetObject and HeadObject, with `If-Match` and one byte range. */
export function getObject(bucket: Bucket, request: S3Request): Answer {
  const object = bucket.get(request.key);
  if (object === undefined) return { status: 404, code: "NoSuchKey" };
  const { body, etag, modified, storageClass } = object;
  if (request.ifMatch !== undefined && request.ifMatch.replaceAll('"', "") !== etag) return { status: 412, code: "PreconditionFailed" };
  if (/^(?:GLACIER|DEEP_ARCHIVE)$/.test(storageClass)) return { status: 403, code: "InvalidObjectState" };
  const headers = {
    "content-type": "application/octet-stream",
    "accept-ranges": "bytes",
    etag: `"${etag}"`,
    "last-modified": modified.toUTCString(),
  };
  if (request.range === undefined) return { status: 200, body, headers };
  const [, from, to] = RANGE.exec(request.range) ?? [];
  const first = Number(from ?? Number.NaN);
  const last = Math.min(to ? Number(to) : body.length - 1, body.length - 1);
  if (!(first <= last)) return { status: 416, code: "InvalidRange" };
  return {
    status: 206,
    body: body.subarray(first, last + 1),
    headers: { ...headers, "content-range": `bytes ${first}-${last}/${body.length}` },
  };
}

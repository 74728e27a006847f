import { Unavailable } from "../../../kernel/index.ts";
import { s3Failure } from "../../inputs/index.ts";
import type { CollectorRow } from "../store.ts";
import { logsAfter, reachBucket } from "./bucket.ts";

/**
 * Lists one page of a bucket, and reads a byte of the first log in it, which takes whatever all of it takes.
 * @returns what was seen, as a sentence
 * @throws Unavailable for what is refused, with the permission that is missing
 */
export async function tryBucket(row: Pick<CollectorRow, "url" | "role">): Promise<string> {
  const { address, store } = await reachBucket(row);
  const { objects } = await logsAfter({ address, store }, "", new Date(0));
  const first = objects.find(({ size, archived }) => size > 0 && !archived);
  if (first === undefined) return `It may list ${row.url}, where no log lies yet: whether it may read the objects is seen with the first one.`;
  const { bucket, key } = first;
  const { Body: body } = await store.get({ Bucket: bucket, Key: key, Range: "bytes=0-0" }).catch((error: unknown) => {
    throw new Unavailable(s3Failure(error, { doing: "read", bucket, name: key }).reason, { cause: error });
  });
  await body?.transformToByteArray();
  return `It may list ${row.url} and read the objects there.`;
}

import { expect, it } from "vitest";
import { listPages } from "./s3Pages.ts";
import type { S3Store } from "./s3Store.ts";

/** A store that says there is more, and answers each further request with this token. */
function endless(token: string | undefined): S3Store {
  return {
    list: () => Promise.resolve({ $metadata: {}, IsTruncated: true, Contents: [{ Key: "a" }], ...(token === undefined ? {} : { NextContinuationToken: token }) }),
    get: () => Promise.reject(new Error("not asked")),
    head: () => Promise.reject(new Error("not asked")),
    pause: () => Promise.resolve(),
  };
}

it.each([["none", undefined], ["the same", "t"]])("does not end in silence, nor run forever, when there is more but the next page is %s", async (_, token) => {
  const read = async (): Promise<void> => {
    for await (const { objects } of listPages(endless(token), "b", {})) expect(objects).toHaveLength(1);
  };
  await expect(read()).rejects.toMatchObject({ name: "ListingWithoutNextPage" });
});

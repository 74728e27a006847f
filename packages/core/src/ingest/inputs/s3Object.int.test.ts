import { accessDenied, cutAfter, fakeS3, reset, type FakeS3, type Fault } from "@corduroy/testkit";
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { S3Ref } from "./reference.ts";
import { openS3Object } from "./s3Object.ts";
import { connectS3, type S3Store } from "./s3Store.ts";

const BODY = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7919) % 251));

let s3: FakeS3;
let store: S3Store;
beforeAll(async () => {
  s3 = await fakeS3({ buckets: { b: {} } });
  store = await connectS3({ config: { endpoint: s3.endpoint, credentials: s3.credentials, region: "us-east-1" }, backoff: () => 0 });
});
afterAll(() => s3.stop());

/** Stores a body, and gives what a listing would say of it. */
function stored(key: string, body: Buffer, storageClass = "STANDARD"): S3Ref {
  s3.fail();
  s3.put("b", key, { body, storageClass });
  const version = createHash("md5").update(body).digest("hex");
  return { kind: "s3", location: `s3://b/${key}`, bucket: "b", key, size: body.length, version, modified: 0 };
}

async function read(ref: S3Ref): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of (await openS3Object(store, ref)) as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const requestsFor = (key: string): FakeS3["requests"] => s3.requests.filter((request) => request.key === key);

describe("a body", () => {
  it("comes whole, however often the connection breaks on the way", async () => {
    const cut = fc.oneof(fc.integer({ min: 1, max: BODY.length }).map(cutAfter), fc.constant<Fault>(reset));
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { maxLength: 6 }), async (faults) => {
        const ref = stored(`cut/${run++}`, BODY);
        s3.fail(() => faults.shift());
        expect((await read(ref)).equals(BODY)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it("is taken up at the byte reached, of the same version", async () => {
    const ref = stored("resumed", BODY);
    s3.fail(({ range }) => (range === undefined ? cutAfter(100_000) : undefined));
    expect((await read(ref)).equals(BODY)).toBe(true);
    expect(requestsFor("resumed").map(({ range, ifMatch }) => [range, ifMatch])).toEqual([
      [undefined, `"${ref.version}"`],
      ["bytes=100000-", `"${ref.version}"`],
    ]);
  });

  it("may break more often than tries are allowed, as long as each brings something", async () => {
    const ref = stored("crumbs", BODY);
    s3.fail(() => cutAfter(20_000));
    expect((await read(ref)).equals(BODY)).toBe(true);
    expect(requestsFor("crumbs")).toHaveLength(15);
  });

  it("may be empty", async () => {
    expect(await read(stored("empty", Buffer.alloc(0)))).toHaveLength(0);
  });

  it.each(["a//b", "a/../b", "./x", "/lead", "plus+and space", "50%", "%41", "é\u{1F4A5}", "a&b=c?d#e", "quote'\"<>", "tab\tkey", "*"])("is found under the key %j", async (key) => {
    expect(String(await read(stored(key, Buffer.from(key))))).toBe(key);
  });

  it("stops the download when the reader leaves", async () => {
    const stream = await openS3Object(store, stored("left", BODY));
    stream.destroy();
    await new Promise((closed) => stream.once("close", closed));
    expect(requestsFor("left")).toHaveLength(1);
  });
});

describe("what cannot be read", () => {
  it("is said at opening", async () => {
    await expect(read(stored("cold", BODY, "DEEP_ARCHIVE"))).rejects.toThrow("The object is archived (Glacier). Restore it first");
    await expect(read({ ...stored("x", BODY), key: "gone" })).rejects.toThrow("The object is gone");
    await expect(read({ ...stored("x", BODY), version: "older" })).rejects.toThrow("has changed since it was listed");
    const ref = stored("denied", BODY);
    s3.fail(() => accessDenied);
    await expect(read(ref)).rejects.toThrow("needs s3:GetObject on s3://b/denied");
  });

  it("fails the stream when the object changes under the reader", async () => {
    const ref = stored("changing", BODY);
    s3.fail(({ range }) => {
      if (range !== undefined) return undefined;
      return cutAfter(50_000);
    });
    const stream = await openS3Object(store, ref);
    s3.put("b", "changing", Buffer.concat([BODY, BODY]));
    await expect((async () => {
      for await (const chunk of stream) expect(chunk).toBeDefined();
    })()).rejects.toThrow("has changed since it was listed");
  });

  it("fails the stream after tries that bring nothing", async () => {
    const ref = stored("stuck", BODY);
    s3.fail(({ range }) => (range === undefined ? cutAfter(10_000) : cutAfter(0)));
    await expect(read(ref)).rejects.toThrow("the connection keeps breaking");
    expect(requestsFor("stuck").filter(({ range }) => range === "bytes=10000-").length).toBeGreaterThan(3);
  });
});

import { GetObjectCommand, HeadBucketCommand, ListObjectsV2Command, S3Client, type ListObjectsV2CommandInput } from "@aws-sdk/client-s3";
import { EventEmitter, once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { accessDenied, cutAfter, fakeS3, heldUntil, slowDown, type FakeS3, type FakeS3Options } from "../index.ts";

let s3: FakeS3;
afterEach(() => s3.stop());

/** The fake, and the AWS SDK pointed at it. */
async function start(options: FakeS3Options, config: { region?: string; accessKeyId?: string } = {}): Promise<S3Client> {
  s3 = await fakeS3(options);
  const { credentials, endpoint } = s3;
  return new S3Client({
    endpoint,
    credentials: { ...credentials, accessKeyId: config.accessKeyId ?? credentials.accessKeyId },
    region: config.region ?? "us-east-1",
    forcePathStyle: true,
    maxAttempts: 1,
  });
}

async function listAll(client: S3Client, input: Omit<ListObjectsV2CommandInput, "Bucket">): Promise<{ keys: string[]; prefixes: string[]; pages: number }> {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let pages = 0;
  let token: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket: "b", ...input, ...(token === undefined ? {} : { ContinuationToken: token }) }));
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ""));
    prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ""));
    pages++;
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return { keys, prefixes, pages };
}

function bucketOf(keys: string[]): FakeS3Options {
  return { buckets: { b: { objects: Object.fromEntries(keys.map((key) => [key, key])) } } };
}

describe("listing", () => {
  it("pages through keys in the order of their bytes", async () => {
    const client = await start(bucketOf(["b", "a", "\u{FF5E}", "\u{1F4A5}", "é", "Z"]));
    // U+1F4A5 sorts before U+FF5E in UTF-16, after it in UTF-8.
    expect(await listAll(client, { MaxKeys: 2 })).toEqual({ keys: ["Z", "a", "b", "é", "\u{FF5E}", "\u{1F4A5}"], prefixes: [], pages: 3 });
  });

  it("counts a common prefix as one key and never splits it over pages", async () => {
    const client = await start(bucketOf(["a/1", "a/2", "a/3", "b", "c/1", "c/2", "d"]));
    expect(await listAll(client, { Delimiter: "/", MaxKeys: 1 })).toEqual({ keys: ["b", "d"], prefixes: ["a/", "c/"], pages: 4 });
    expect(await listAll(client, { Delimiter: "/", Prefix: "a/" })).toEqual({ keys: ["a/1", "a/2", "a/3"], prefixes: [], pages: 1 });
  });

  it("starts after a key that need not exist", async () => {
    const client = await start(bucketOf(["a", "b", "c"]));
    expect((await listAll(client, { StartAfter: "aa" })).keys).toEqual(["b", "c"]);
    expect((await listAll(client, { StartAfter: "b", Prefix: "c" })).keys).toEqual(["c"]);
  });

  it("percent-encodes keys on request, with + for a space", async () => {
    const client = await start(bucketOf(["a b+c/ü"]));
    expect((await listAll(client, { EncodingType: "url" })).keys).toEqual(["a+b%2Bc/%C3%BC"]);
  });
});

describe("objects", () => {
  it("gives bodies and ranges of them", async () => {
    const client = await start({ buckets: { b: { objects: { k: "0123456789" } } } });
    const whole = await client.send(new GetObjectCommand({ Bucket: "b", Key: "k" }));
    expect(await whole.Body?.transformToString()).toBe("0123456789");
    expect(whole.ETag).toBe('"781e5e245d69b566979b86e28d23f2c7"');
    const part = await client.send(new GetObjectCommand({ Bucket: "b", Key: "k", Range: "bytes=7-", ...(whole.ETag === undefined ? {} : { IfMatch: whole.ETag }) }));
    expect([await part.Body?.transformToString(), part.ContentRange]).toEqual(["789", "bytes 7-9/10"]);
  });

  it.each([
    ["NoSuchKey", { Key: "absent" }],
    ["PreconditionFailed", { Key: "k", IfMatch: '"other"' }],
    ["InvalidRange", { Key: "k", Range: "bytes=10-" }],
    ["InvalidObjectState", { Key: "cold" }],
    ["NoSuchBucket", { Bucket: "absent", Key: "k" }],
  ])("answers %s as S3 does", async (name, input) => {
    const client = await start({ buckets: { b: { objects: { k: "0123456789", cold: { body: "", storageClass: "GLACIER" } } } } });
    await expect(client.send(new GetObjectCommand({ Bucket: "b", ...input }))).rejects.toMatchObject({ name });
  });
});

describe("who may ask", () => {
  it("refuses another access key, and requests without a signature", async () => {
    const client = await start(bucketOf(["k"]), { accessKeyId: "AKIAOTHER" });
    await expect(listAll(client, {})).rejects.toMatchObject({ name: "InvalidAccessKeyId" });
    expect((await fetch(`${s3.endpoint}/b?list-type=2`)).status).toBe(403);
  });

  it("names the bucket's region to who asks another", async () => {
    const client = await start({ buckets: { b: { region: "eu-north-1" } } });
    await expect(client.send(new HeadBucketCommand({ Bucket: "b" }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 301 } });
    await expect(listAll(client, {})).rejects.toMatchObject({ name: "PermanentRedirect" });
    expect(s3.requests.at(-1)).toMatchObject({ operation: "ListObjectsV2", signed: { region: "us-east-1" } });
  });
});

describe("faults", () => {
  it("throttles, denies and breaks off the requests it is told to", async () => {
    const client = await start({ ...bucketOf(["k"]), fault: ({ n }) => [slowDown, accessDenied][n - 1] });
    await expect(listAll(client, {})).rejects.toMatchObject({ name: "SlowDown" });
    await expect(listAll(client, {})).rejects.toMatchObject({ name: "AccessDenied" });
    s3.fail(() => ({ kind: "reset" }));
    await expect(listAll(client, {})).rejects.toMatchObject({ code: "ECONNRESET" });
    s3.fail();
    expect((await listAll(client, {})).keys).toEqual(["k"]);
  });

  it("cuts a body after so many bytes", async () => {
    const client = await start({ buckets: { b: { objects: { k: Buffer.alloc(100_000, "x") } } }, fault: () => cutAfter(60_000) });
    const { Body } = await client.send(new GetObjectCommand({ Bucket: "b", Key: "k" }));
    let got = 0;
    const read = async (): Promise<void> => {
      for await (const chunk of Body as AsyncIterable<Buffer>) got += chunk.length;
    };
    await expect(read()).rejects.toThrow("aborted");
    expect(got).toBe(60_000);
  });

  it("holds an answer back until it is let go", async () => {
    const gate = new EventEmitter();
    const client = await start({ ...bucketOf(["k"]), fault: ({ n }) => (n === 1 ? heldUntil(once(gate, "open")) : undefined) });
    const held = listAll(client, {});
    while (s3.requests.length === 0) await setImmediate();
    await listAll(client, {});
    gate.emit("open");
    expect((await held).keys).toEqual(["k"]);
    expect(s3.requests).toHaveLength(2);
  });
});

import { fakeS3, accessDenied, cutAfter, expiredToken, reset, slowDown, type FakeS3, type Fault, type ObjectSource } from "@corduroy/testkit";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listS3Prefix, type S3Find } from "./s3Listing.ts";
import { connectS3, type S3Store } from "./s3Store.ts";

const NOW = Date.parse("2026-11-21T10:00:00Z");
const REGION_ROOT = "AWSLogs/o-abc123/123456789012/CloudTrail/us-east-1/";

let s3: FakeS3;
let store: S3Store;
beforeAll(async () => {
  s3 = await fakeS3({ buckets: { far: { region: "eu-north-1", objects: { "a.json": "" } }, plain: {} } });
  store = await connectS3({ config: { endpoint: s3.endpoint, credentials: s3.credentials, region: "us-east-1" }, backoff: () => 0 });
});
afterAll(() => s3.stop());

/** A server with one bucket, made for one test. */
async function bucketOf(keys: Iterable<string>, source: ObjectSource = ""): Promise<FakeS3> {
  return fakeS3({ buckets: { b: { objects: Object.fromEntries([...keys].map((key) => [key, source])) } } });
}

interface Listing {
  keys: string[];
  failed: { location: string; reason: string }[];
  passed: string[];
}

async function list(from: S3Store, bucket: string, prefix = "", { since, pageSize = 1000 }: { since?: Date; pageSize?: number } = {}): Promise<Listing> {
  const listing: Listing = { keys: [], failed: [], passed: [] };
  for await (const find of listS3Prefix(from, bucket, prefix, { since, now: NOW, pageSize })) take(listing, find);
  return listing;
}

function take({ keys, failed, passed }: Listing, find: S3Find): void {
  if ("objects" in find) keys.push(...find.objects.map(({ key }) => key));
  else if ("failed" in find) failed.push(find.failed);
  else passed.push(find.passed);
}

async function connectTo(server: FakeS3): Promise<S3Store> {
  return connectS3({ config: { endpoint: server.endpoint, credentials: server.credentials, region: "us-east-1" }, backoff: () => 0 });
}

const sorted = (keys: Iterable<string>): string[] => [...keys].sort();

const day = fc.tuple(fc.integer({ min: 2025, max: 2027 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 })).map((parts) => parts.map((part) => String(part).padStart(2, "0")).join("/"));
const account = fc.constantFrom("111111111111", "222222222222");
const trail = fc.tuple(fc.constantFrom("", "o-abc123/"), account, fc.constantFrom("us-east-1", "eu-west-1"), day, fc.constantFrom("a", "b", "c"));
const segment = fc.oneof(fc.constantFrom("a", "b", "AWSLogs", "2026", "11", " ", "+", "%41", "é", "\u{1F4A5}", "\u{FF5E}", "&<>", "\u0001", ".", ".."), fc.string({ minLength: 1, maxLength: 3, unit: "grapheme" }));
const key = fc.oneof(
  { weight: 3, arbitrary: trail.map(([org, account, region, day, name]) => `AWSLogs/${org}${account}/CloudTrail/${region}/${day}/${name}.json.gz`) },
  { weight: 1, arbitrary: account.chain((account) => segment.map((name) => `AWSLogs/${account}/CloudTrail/us-east-1/${name}`)) },
  { weight: 2, arbitrary: fc.array(segment, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/")) },
);
const passing: fc.Arbitrary<Fault> = fc.constantFrom<Fault>(slowDown, reset, cutAfter(0), cutAfter(120), { kind: "error", status: 500, code: "InternalError" });

describe("a listing", () => {
  it("gives every key exactly once, whatever the keys, the page size and the faults on the way", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), fc.array(fc.option(passing, { freq: 2, nil: undefined }), { maxLength: 9 }), async (keys, pageSize, faults) => {
        const server = await bucketOf(keys);
        try {
          server.fail(() => faults.shift());
          const { keys: got, failed } = await list(await connectTo(server), "b", "", { pageSize });
          expect(failed).toEqual([]);
          expect(sorted(got)).toEqual(sorted(keys));
        } finally {
          await server.stop();
        }
      }),
      { numRuns: 60 },
    );
  });

  it("with since, gives every key of the days since then, and older ones only outside of day folders", async () => {
    const since = new Date("2026-06-15T00:00:00Z");
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(trail, { maxLength: 40, selector: (parts) => parts.join() }), fc.integer({ min: 1, max: 5 }), async (parts, pageSize) => {
        const keys = parts.map(([org, account, region, day, name]) => ({ day, key: `AWSLogs/${org}${account}/CloudTrail/${region}/${day}/${name}` }));
        const server = await bucketOf(keys.map(({ key }) => key));
        try {
          const { keys: got } = await list(await connectTo(server), "b", "", { since, pageSize });
          expect(sorted(got)).toEqual(sorted(keys.filter(({ day }) => day >= "2026/06/14").map(({ key }) => key)));
        } finally {
          await server.stop();
        }
      }),
      { numRuns: 30 },
    );
  });

  it("asks only for the days wanted", async () => {
    const keys: string[] = [];
    for (let at = 0; at < 200; at++) {
      const day = new Date(NOW - at * 86_400_000).toISOString().slice(0, 10).replaceAll("-", "/");
      for (const account of ["111111111111", "222222222222"]) for (let n = 0; n < 10; n++) keys.push(`AWSLogs/${account}/CloudTrail/us-east-1/${day}/${n}.json.gz`);
    }
    const server = await bucketOf(keys);
    const from = await connectTo(server);
    const { keys: got } = await list(from, "b", "", { since: new Date(NOW - 7 * 86_400_000) });
    expect(got).toHaveLength(2 * 9 * 10);
    // The root, AWSLogs/, two accounts, CloudTrail/ of each, and one page for each region.
    expect(server.requests).toHaveLength(8);
    const { keys: all } = await list(from, "b");
    expect(sorted(all)).toEqual(sorted(keys));
    await server.stop();
  });

  it("lists the days of a busy region at the same time", async () => {
    const keys = Array.from({ length: 60 }, (_, at) => `${REGION_ROOT}2026/11/${String((at % 20) + 1).padStart(2, "0")}/${at}.json.gz`);
    // Keys exactly where the days are cut belong to one stretch as well.
    keys.push(`${REGION_ROOT}2026/11/04`, `${REGION_ROOT}2026/11/06`, `${REGION_ROOT}2026/11/06/`);
    const server = await bucketOf(keys);
    const { keys: got } = await list(await connectTo(server), "b", REGION_ROOT, { pageSize: 6 });
    expect(sorted(got)).toEqual(sorted(keys));
    const starts = server.requests.flatMap(({ query }) => (query["start-after"] === undefined || query["continuation-token"] !== undefined ? [] : [query["start-after"].slice(REGION_ROOT.length)]));
    expect(starts.sort().slice(0, 3)).toEqual(["2026/11/04", "2026/11/06", "2026/11/08"]);
    await server.stop();
  });

  it("passes digests by without listing them", async () => {
    const server = await bucketOf(["AWSLogs/111111111111/CloudTrail-Digest/us-east-1/2026/11/21/d.json.gz"]);
    const { keys, passed } = await list(await connectTo(server), "b");
    expect({ keys, passed }).toEqual({ keys: [], passed: ["s3://b/AWSLogs/111111111111/CloudTrail-Digest/"] });
    expect(server.requests.some(({ query }) => query["prefix"]?.includes("Digest"))).toBe(false);
    await server.stop();
  });

  it("finds the bucket's region, and asks there from then on", async () => {
    const before = s3.requests.length;
    expect((await list(store, "far")).keys).toEqual(["a.json"]);
    expect((await list(store, "far")).keys).toEqual(["a.json"]);
    expect(s3.requests.slice(before).map(({ signed }) => signed?.region)).toEqual(["us-east-1", "eu-north-1", "eu-north-1"]);
  });
});

describe("what cannot be listed", () => {
  it("says why a bucket cannot be listed", async () => {
    expect((await list(store, "absent")).failed).toEqual([{ location: "s3://absent/", reason: expect.stringContaining("no bucket absent") }]);
    s3.fail(() => accessDenied);
    expect((await list(store, "plain")).failed).toEqual([{ location: "s3://plain/", reason: expect.stringContaining("s3:ListBucket on the bucket plain") }]);
    s3.fail(() => expiredToken);
    expect((await list(store, "plain")).failed).toEqual([{ location: "s3://plain/", reason: expect.stringContaining("have expired") }]);
    s3.fail();
    const stranger = await connectS3({ config: { endpoint: s3.endpoint, credentials: { accessKeyId: "AKIAOTHER", secretAccessKey: "x" }, region: "us-east-1" } });
    expect((await list(stranger, "plain")).failed).toEqual([{ location: "s3://plain/", reason: expect.stringContaining("does not accept these credentials") }]);
  });

  it("reports a part that stays unlistable, with the place, and lists the rest", async () => {
    const server = await bucketOf(["a/1", "a/2", "a/3", "b/1", "b/2"]);
    server.fail(({ query }) => (query["prefix"] === "a/" && query["continuation-token"] !== undefined ? slowDown : undefined));
    const { keys, failed } = await list(await connectTo(server), "b", "", { pageSize: 2 });
    expect(sorted(keys)).toEqual(["a/1", "a/2", "b/1", "b/2"]);
    expect(failed).toEqual([{ location: "s3://b/a/", reason: expect.stringMatching(/slow down.* What comes after a\/2 was not listed\./) }]);
    expect(server.requests.filter(({ query }) => query["prefix"] === "a/" && query["continuation-token"] !== undefined)).toHaveLength(10);
    await server.stop();
  });

  it("stops, with one report, when the credentials expire on the way", async () => {
    const server = await bucketOf(Array.from({ length: 14 }, (_, at) => `folder-${at}/x`));
    server.fail(({ n }) => (n > 3 ? expiredToken : undefined));
    const { failed } = await list(await connectTo(server), "b");
    expect(failed).toHaveLength(1);
    expect(failed[0]?.reason).toContain("have expired");
    await server.stop();
  });
});

import { accessDenied, fakeS3, type FakeS3 } from "@corduroy/testkit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { listInputs, openObject, type ObjectRef, type Skipped, type Unreadable } from "./index.ts";

const CLOUDTRAIL = "AWSLogs/123456789012/CloudTrail/us-east-1";
const recent = new Date("2026-11-20T00:00:05Z");

let s3: FakeS3;
beforeAll(async () => {
  s3 = await fakeS3({
    buckets: {
      trail: {
        region: "eu-central-1",
        objects: {
          [`${CLOUDTRAIL}/2026/10/01/old.json.gz`]: { body: "old", modified: new Date("2026-10-01T12:00:00Z") },
          [`${CLOUDTRAIL}/2026/11/19/late.json.gz`]: { body: "late", modified: recent },
          [`${CLOUDTRAIL}/2026/11/20/new.json.gz`]: { body: "new", modified: recent },
          "AWSLogs/123456789012/CloudTrail-Digest/us-east-1/2026/11/20/d.json.gz": { body: "digest", modified: recent },
          "AWSLogs/": "",
          "AWSLogs-old/x.json": "x",
          "AWSLogs/readme.md": "y",
          "other/z.json": "z",
          other: "itself",
        },
      },
    },
  });
  for (const [name, value] of Object.entries(s3.env)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await s3.stop();
});

async function list(inputs: string[], since?: Date): Promise<{ refs: ObjectRef[]; keys: string[]; unreadable: Unreadable[]; skipped: Skipped[] }> {
  const refs: ObjectRef[] = [];
  const unreadable: Unreadable[] = [];
  const skipped: Skipped[] = [];
  for await (const item of listInputs(inputs, { since })) {
    if ("kind" in item) refs.push(item);
    else if ("skipped" in item) skipped.push(item);
    else unreadable.push(item);
  }
  return { refs, keys: refs.map(({ location }) => location.replace("s3://trail/", "")).sort(), unreadable, skipped };
}

describe("s3:// inputs", () => {
  it("give the logs in a folder of that name, with the environment's credentials and endpoint", async () => {
    const { refs, keys, skipped } = await list(["s3://trail/AWSLogs"]);
    expect(keys).toEqual([`${CLOUDTRAIL}/2026/10/01/old.json.gz`, `${CLOUDTRAIL}/2026/11/19/late.json.gz`, `${CLOUDTRAIL}/2026/11/20/new.json.gz`]);
    expect(refs.find(({ location }) => location.endsWith("new.json.gz"))).toEqual({
      kind: "s3",
      location: `s3://trail/${CLOUDTRAIL}/2026/11/20/new.json.gz`,
      bucket: "trail",
      key: `${CLOUDTRAIL}/2026/11/20/new.json.gz`,
      size: 3,
      version: "22af645d1859cb5ca6da0c484f1f37ea",
      modified: recent.getTime(),
    });
    expect(skipped.map(({ skipped, reason }) => [skipped, reason]).sort(([, a], [, b]) => (String(a) < String(b) ? -1 : 1))).toEqual([
      [1, expect.stringContaining("digest files hold signatures of log files, not events (s3://trail/AWSLogs/123456789012/CloudTrail-Digest/)")],
      [1, expect.stringContaining("does not look like a log")],
    ]);
  });

  it("are plain data that opens elsewhere", async () => {
    const { refs } = await list([`s3://trail/${CLOUDTRAIL}/2026/11/20/new.json.gz`]);
    const sent = JSON.parse(JSON.stringify(refs[0])) as ObjectRef;
    const chunks: unknown[] = [];
    for await (const chunk of await openObject(sent)) chunks.push(String(chunk));
    expect(chunks).toEqual(["new"]);
  });

  it("mean an object of that key as well, and the beginning of names only with a *", async () => {
    expect((await list(["s3://trail/other"])).keys).toEqual(["other", "other/z.json"]);
    expect((await list(["s3://trail/other/"])).keys).toEqual(["other/z.json"]);
    expect((await list(["s3://trail/AWSLogs-*"])).keys).toEqual(["AWSLogs-old/x.json"]);
    expect((await list(["s3://trail/AWSLogs/readme.md"])).keys).toEqual(["AWSLogs/readme.md"]);
  });

  it("give each object once where they overlap", async () => {
    const { keys } = await list(["s3://trail/other", "s3://trail/other/z.json", "s3://trail/oth*", "s3://trail/AWSLogs/readme.md", "s3://trail", "s3://trail/"]);
    expect(keys).toHaveLength(7);
    expect(new Set(keys).size).toBe(7);
  });

  it("with since, leave out what is older", async () => {
    const since = new Date("2026-11-20T00:00:00Z");
    const { keys } = await list(["s3://trail/AWSLogs"], since);
    expect(keys).toEqual([`${CLOUDTRAIL}/2026/11/19/late.json.gz`, `${CLOUDTRAIL}/2026/11/20/new.json.gz`]);
    const { keys: none, skipped } = await list([`s3://trail/${CLOUDTRAIL}/2026/10/01/old.json.gz`], since);
    expect(none).toEqual([]);
    expect(skipped[0]?.reason).toContain("last changed before 2026-11-20T00:00:00.000Z");
  });

  it("say what is wrong, and let the others be read", async () => {
    const { unreadable, keys } = await list(["s3://", "s3://absent/x", "s3://trail/nothing/here", "s3://trail/a*b", "s3://trail/other/z.json"]);
    expect(unreadable.map(({ reason }) => reason)).toEqual([
      expect.stringContaining("Write s3://bucket/prefix"),
      expect.stringContaining("no bucket absent"),
      expect.stringContaining("There is nothing under this address"),
      expect.stringContaining("and only there"),
    ]);
    expect(keys).toEqual(["other/z.json"]);
    s3.fail(() => accessDenied);
    const denied = await list(["s3://trail/other"]);
    s3.fail();
    expect(denied.unreadable).toEqual([{ location: "s3://trail/other", reason: expect.stringContaining("s3:ListBucket on the bucket trail") }]);
  });
});

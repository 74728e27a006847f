import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { accessDenied, fakeS3, fakeSqs, fakeSts, slowDown, type FakeS3, type FakeSqs, type FakeSts, type S3Request } from "@corduroy/testkit";
import { Conflict, Forbidden, Invalid, NotFound } from "../../../kernel/index.ts";
import { addQueue } from "../collectors.ts";
import { backfillCollector } from "../poll/backfillCollector.ts";
import { polled } from "../poll/test/polled.ts";
import { testCollector } from "../testCollector.ts";
import { fromS3 } from "../test/notifications.ts";
import { addBucket } from "./addBucket.ts";

const ROLE = "arn:aws:iam::444455556666:role/corduroy";
const DAY = 86_400_000;
const test = polled(() => []);
const { clock, troubles, waits } = test;
let s3: FakeS3;
let sqs: FakeSqs;
let sts: FakeSts;
const there = new Set<string>();
/** Requests of the tests before. */
let seen = 0;

beforeAll(async () => {
  s3 = await fakeS3({ buckets: { trail: {} } });
  sqs = await fakeSqs({ clock });
  sts = await fakeSts({ roles: [ROLE] });
  Object.assign(process.env, s3.env, { AWS_ENDPOINT_URL_SQS: sqs.endpoint, AWS_ENDPOINT_URL_STS: sts.endpoint });
});
beforeEach(() => {
  s3.fail();
  for (const key of there) s3.remove("trail", key);
  there.clear();
  seen = s3.requests.length;
});
afterAll(() => Promise.all([s3.stop(), sqs.stop(), sts.stop()]));

const ctx = (): ReturnType<typeof test.database.ctx> => ({ ...test.database.ctx(), now: clock.now });
const add = (address = "s3://trail/AWSLogs", since: Date | null = null, role: string | null = null): Promise<string> => addBucket(ctx(), { source: "aws.cloudtrail", address, role, since });
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((again) => setTimeout(again, 5));
}
const requests = (): S3Request[] => s3.requests.slice(seen);
const lists = (): S3Request[] => requests().filter(({ operation }) => operation === "ListObjectsV2");
const reads = (): string[] => requests().filter(({ operation }) => operation === "GetObject").map(({ key }) => key);

/** An event is told by the first half of its id: theirs differ there, so that no two tasks seem to hold the same event. */
let made = 0;
const REGION = "AWSLogs/111122223333/CloudTrail/eu-north-1/";
/** Puts an object of one record into the bucket. @param age since its last change, in milliseconds */
function put(key = `${REGION}2026/11/21/${++made}.json.gz`, age = 60_000): string {
  const record = { eventVersion: "1.10", eventTime: "2026-11-18T09:00:00Z", eventSource: "cloudtrail.amazonaws.com", eventName: "GetTrail", awsRegion: "eu-north-1", userIdentity: { type: "IAMUser", userName: "dana", accountId: "111122223333" }, eventID: `${String(++made).padStart(8, "0")}-45a4-42ca-b3ce-7d7c1ec245a4` };
  const text = JSON.stringify({ Records: [record] });
  return store(key, key.endsWith(".gz") ? gzipSync(text) : text, { modified: new Date(clock.now().getTime() - age) });
}

function store(key: string, body: string | Buffer, change: { modified?: Date; storageClass?: string } = {}): string {
  s3.put("trail", key, { body, modified: clock.now(), ...change });
  there.add(key);
  return key;
}

it("brings what lies there and what comes later, wherever in the order of keys, each once", async () => {
  put();
  for (const key of ["AWSLogs/a b+c%.json", "AWSLogs/%2541&=?#.json", "AWSLogs/é\u{1F4A5}\u0001.json", "AWSLogs/tab\tand'quote\".json"]) put(key);
  put("AWSLogs/old.json", 2 * DAY);
  for (const key of ["AWSLogs/readme.md", "AWSLogs/.hidden.json", "AWSLogs-other/x.json", "AWSLogs/111122223333/CloudTrail-Digest/eu-north-1/2026/11/21/d.json.gz"]) put(key);
  store("AWSLogs/folder/", "");
  await add();
  test.start(undefined, { pageSize: 2 });
  await test.caughtUp();
  expect(await test.totals()).toEqual({ stored: 5, duplicate: 0, dead: 0 });
  put("AWSLogs/%.json");
  put("AWSLogs/zz.json");
  // Written anew.
  put("AWSLogs/a b+c%.json");
  await test.caughtUp();
  await test.caughtUp();
  expect(await test.totals()).toEqual({ stored: 8, duplicate: 0, dead: 0 });
  expect(reads()).toHaveLength(8);
  expect(await test.state()).toMatchObject({ kind: "s3", url: "s3://trail/AWSLogs/", problem: null });
  expect(troubles).toEqual([]);
});

it("goes on where it was, wherever it is killed, and takes nothing twice", async () => {
  for (let each = 0; each < 2; each++) put();
  await add();
  const steps = new Set<string>();
  for (let kills = 0, alive = true; alive; kills++) {
    let count = 0;
    let dead = false;
    const step = async (name: string): Promise<void> => {
      if (dead || count++ < kills) return;
      steps.add(name);
      dead = true;
      await new Promise(() => undefined);
    };
    s3.fail((request) => {
      if (request.operation !== "GetObject" && request.operation !== "ListObjectsV2") return undefined;
      if (!dead && count++ >= kills) {
        steps.add(request.operation);
        dead = true;
      }
      return dead ? { kind: "hold", until: new Promise(() => undefined) } : undefined;
    });
    test.start(step, { pageSize: 1 });
    const before = waits.length;
    await until(() => dead || waits.length > before + 1);
    alive = dead;
    await test.kill();
  }
  expect([...steps].sort()).toEqual(["GetObject", "ListObjectsV2", "after reading", "before reading"]);
  expect(await test.totals()).toEqual({ stored: 2, duplicate: 0, dead: 0 });
});

it("takes each object once, whoever else brings it: another list, a queue", async () => {
  await add("s3://trail/AWSLogs");
  await add("s3://trail/AWS*");
  await addQueue(ctx(), { source: "aws.cloudtrail", url: sqs.queueUrl, role: null });
  const keys = Array.from({ length: 4 }, () => put());
  test.start();
  sqs.send(fromS3(keys.map((key) => ({ bucket: "trail", key }))));
  await until(() => sqs.messages.length === 0);
  await test.caughtUp();
  await test.caughtUp();
  expect(await test.totals()).toEqual({ stored: 4, duplicate: 0, dead: 0 });
  expect(reads().sort()).toEqual(keys.sort());
});

it("says which permission is missing, keeps its place, and goes on when it has it", async () => {
  for (let each = 0; each < 5; each++) put();
  const id = await add();
  s3.fail(({ operation, query }) => (operation === "ListObjectsV2" && query["start-after"] !== undefined && !query["start-after"].endsWith("2026/11/19") ? accessDenied : undefined));
  test.start(undefined, { pageSize: 2 });
  await until(async () => (await test.state()).problem !== null);
  const { problem, checkpoint } = await test.state();
  expect(problem).toContain('The identity in use needs s3:ListBucket on the bucket trail. Set AWS_PROFILE to one that has it. In a policy: {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::trail","Condition":{"StringLike":{"s3:prefix":"AWSLogs/*"}}}');
  expect(await test.totals()).toMatchObject({ stored: 2 });
  await until(() => waits.length > 3);
  expect(waits.slice(-3)).toEqual([10, 20, 40]);
  expect((await test.state()).checkpoint).toBe(checkpoint);
  expect(troubles).toHaveLength(1);
  const tried = () => testCollector(ctx(), { id }, { box: test.box, outbound: test.outbound() });
  s3.fail(({ operation }) => (operation === "GetObject" ? accessDenied : undefined));
  expect(await tried()).toMatchObject({ works: false, said: expect.stringContaining("needs s3:GetObject") as string });
  for (const action of ["s3:ListBucket", "s3:GetObject", "kms:Decrypt"]) expect((await tried()).needs).toContain(`"${action}"`);
  s3.fail(({ n }) => (n % 3 === 0 ? slowDown : undefined));
  await until(async () => (await test.state()).problem === null);
  await test.caughtUp();
  expect(await test.totals()).toEqual({ stored: 5, duplicate: 0, dead: 0 });
  expect(await tried()).toMatchObject({ works: true, said: "It may list s3://trail/AWSLogs/ and read the objects there." });
});

it("is not held up by what cannot be read: that is told, and read when it can be", async () => {
  const [denied, archived] = [put(), put()];
  store(archived, "{}", { storageClass: "GLACIER" });
  store("AWSLogs/broken.json", '{"Records":[{"eventName":\n');
  store("AWSLogs/no.log", Buffer.from([0, 1, 2, 255]));
  put("AWSLogs/zz.json");
  s3.fail(({ operation, key }) => (operation === "GetObject" && key === denied ? accessDenied : undefined));
  await add();
  test.start(undefined, { pageSize: 2 });
  await until(async () => (await test.state()).lastSuccessAt !== null && (await test.totals()).stored > 0);
  await test.caughtUp();
  const { stored, dead } = await test.totals();
  expect({ stored, dead }).toEqual({ stored: 1, dead: 2 });
  expect((await test.state()).problem).toContain(`Access to s3://trail/${denied} is denied. The identity in use needs s3:GetObject on s3://trail/${denied}, and kms:Decrypt`);
  clock.advance(5 * 3_600);
  s3.fail();
  const tries = (): number => reads().filter((key) => key === denied).length;
  // Not in each round: a minute later, then two, then four.
  expect(tries()).toBeLessThanOrEqual(Math.ceil(Math.log2(waits.length + 2)) + 1);
  await until(async () => (await test.state()).problem?.includes(denied) === false);
  expect((await test.state()).problem).toContain(`One object lies in an archive and cannot be read; the first is s3://trail/${archived}.`);
  expect(await test.totals()).toMatchObject({ stored: 2, dead: 2 });
  expect(reads()).not.toContain(archived);
  put(archived);
  await until(async () => (await test.totals()).stored === 3);
  clock.advance(25 * 3_600);
  await until(async () => (await test.state()).problem === null);
});

it("passes by days that have ended, and once a day nothing that is wanted", async () => {
  for (const day of ["2026/10/01", "2026/10/02", "2026/11/10", "2026/11/11", "2026/11/20", "2026/11/21"]) for (let each = 0; each < 2; each++) put(`${REGION}${day}/${each}.json.gz`, clock.now().getTime() - Date.parse(`${day.replaceAll("/", "-")}T12:00:00Z`));
  await add("s3://trail", new Date("2026-11-10T00:00:00Z"));
  test.start(undefined, { pageSize: 2 });
  await test.caughtUp();
  expect(await test.totals()).toEqual({ stored: 8, duplicate: 0, dead: 0 });
  const places = (): (string | undefined)[] => lists().map(({ query }) => query["start-after"]);
  expect(places().filter((at) => at?.includes("/2026/10"))).toEqual([]);
  const before = lists().length;
  await test.caughtUp();
  expect(places().slice(before).filter((at) => /2026\/1(?:0\/|1\/1[01]\/)/.test(at ?? ""))).toEqual([]);
  expect(places().length).toBeGreaterThan(before + 1);
  // Copied there with its old time.
  put(`${REGION}2026/11/10/9.json.gz`, 10 * DAY);
  await test.caughtUp();
  expect(await test.totals()).toMatchObject({ stored: 8 });
  clock.advance(DAY / 1_000);
  await until(async () => (await test.totals()).stored === 9);
});

it("fetches what is older beside what is new, once it is asked to, as a role", async () => {
  put("AWSLogs/old.json", 10 * DAY);
  put("AWSLogs/older.json", 100 * DAY);
  const id = await add("s3://trail/AWSLogs/", null, ROLE);
  test.start();
  await test.caughtUp();
  expect(await test.totals()).toMatchObject({ stored: 0 });
  await backfillCollector(ctx(), { id, since: new Date(clock.now().getTime() - 30 * DAY) });
  await until(async () => (await test.state()).backfill === null);
  expect(await test.totals()).toEqual({ stored: 1, duplicate: 0, dead: 0 });
  expect(new Set(requests().map(({ token }) => token))).toEqual(new Set([sts.token]));
  const { rows } = await test.database.pool.query<{ text: string }>("SELECT concat((SELECT json_agg(c) FROM collectors c), (SELECT json_agg(b) FROM lake_batches b), (SELECT json_agg(a) FROM audit_log a)) AS text");
  expect(rows[0]!.text).not.toContain(sts.token);
});

it("is refused for what is no bucket, no role, no source, and twice", async () => {
  for (const address of ["trail", "s3://", "s3://a", "s3://trail/a\nb", "https://trail.s3.amazonaws.com", "s3://trail--use1-az4--x-s3/logs"]) await expect(add(address), address).rejects.toThrow(Invalid);
  await expect(add("s3://trail", null, "arn:aws:iam::444455556666:user/dana")).rejects.toThrow(Invalid);
  await expect(add("s3://trail", new Date(clock.now().getTime() + 1))).rejects.toThrow(Invalid);
  await expect(addBucket(ctx(), { source: "none", address: "s3://trail", role: null, since: null })).rejects.toThrow(NotFound);
  await add("s3://trail/AWSLogs");
  await expect(add("s3://trail/AWSLogs/")).rejects.toThrow(Conflict);
  const nobody = test.database.ctx({ kind: "user", id: "u1", name: "vera", roles: ["viewer"] }, () => false);
  await expect(addBucket(nobody, { source: "aws.cloudtrail", address: "s3://trail", role: null, since: null })).rejects.toThrow(Forbidden);
});

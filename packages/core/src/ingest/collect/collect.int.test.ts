import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accessDenied, fakeS3, fakeSqs, fakeSts, heldUntil, testClock, type FakeS3, type FakeSqs, type FakeSts, type TestClock } from "@corduroy/testkit";
import { Conflict, Forbidden, Invalid, NotFound } from "../../kernel/index.ts";
import { testDatabase } from "../../store/test/index.ts";
import { connectS3 } from "../inputs/index.ts";
import type { Ingest } from "../service/service.ts";
import { running } from "../service/test/running.ts";
import { addQueue, changeCollector, listCollectors, removeCollector } from "./collectors.ts";
import type { NotifiedObject } from "./notification.ts";
import { startCollectors, type Collectors } from "./startCollectors.ts";
import { testCollector } from "./testCollector.ts";
import { takeInNotified, type NotifiedIntake } from "./takeIn.ts";
import { nothingSealed } from "./test/nothingSealed.ts";
import { fromEventBridge, fromS3, throughSns } from "./test/notifications.ts";

const ROLE = "arn:aws:iam::444455556666:role/corduroy";
const database = testDatabase();
const place = running(database);
let ingest: Ingest;
let s3: FakeS3;
let sqs: FakeSqs;
let sts: FakeSts;
let clock: TestClock;
let collectors: Collectors;
let troubles: string[];

beforeAll(async () => {
  clock = testClock(new Date("2026-11-21T12:00:00Z"));
  s3 = await fakeS3({ buckets: { trail: { region: "eu-north-1" } } });
  sqs = await fakeSqs({ clock });
  sts = await fakeSts({ roles: [ROLE] });
  Object.assign(process.env, s3.env, { AWS_ENDPOINT_URL_SQS: sqs.endpoint, AWS_ENDPOINT_URL_STS: sts.endpoint });
  ingest = await place.start();
});
afterAll(() => Promise.all([s3.stop(), sqs.stop(), sts.stop()]));

beforeEach(async () => {
  troubles = [];
  for (const table of ["lake_batches", "lake_parts", "lake_objects", "collectors"]) await database.pool.query(`DELETE FROM ${table}`);
  begin();
});
afterEach(async () => {
  await collectors.stop();
  s3.fail();
  sqs.fail();
});

function begin(hiddenSeconds?: number): void {
  collectors = startCollectors({ ...database.ctx(), now: clock.now }, { ingest, onTrouble: (text) => troubles.push(text), ...nothingSealed(), ...(hiddenSeconds !== undefined && { hiddenSeconds }) });
}
const add = (role: string | null = null): Promise<string> => addQueue(database.ctx(), { source: "aws.cloudtrail", url: sqs.queueUrl, role });
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(setImmediate);
}
const empty = (): boolean => sqs.messages.length === 0;
const state = async (): Promise<{ problem: string | null; lastSuccessAt: Date | null; paused: boolean }> => (await listCollectors(database.ctx()))[0]!;

let made = 0;
/** Puts an object of one record into the bucket; it is of this account. */
function put(account = "111122223333", name = `file-${++made}.json.gz`): NotifiedObject {
  const key = `AWSLogs/o-exampleorgid/${account}/CloudTrail/eu-north-1/2026/11/18/${name}`;
  const record = { eventVersion: "1.10", eventTime: "2026-11-18T09:00:00Z", eventSource: "cloudtrail.amazonaws.com", eventName: "GetTrail", awsRegion: "eu-north-1", userIdentity: { type: "IAMUser", userName: "dana", accountId: account }, eventID: `7d7c1ec2-45a4-42ca-b3ce-${String(++made).padStart(12, "0")}`, recipientAccountId: account };
  s3.put("trail", key, gzipSync(JSON.stringify({ Records: [record] })));
  return { bucket: "trail", key };
}
async function totals(): Promise<{ stored: number; duplicate: number }> {
  const { rows } = await database.pool.query<{ stored: number; duplicate: number }>("SELECT coalesce(sum((counts->>'stored')::int), 0)::int AS stored, coalesce(sum((counts->>'duplicate')::int), 0)::int AS duplicate FROM lake_batches");
  return rows[0]!;
}

describe("a queue", () => {
  it("brings the objects its messages name, of all accounts, and lets go of the messages", async () => {
    await add();
    sqs.send(JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "trail" }));
    sqs.send(fromS3([put("111122223333"), put("444455556666", "a b+c%.json.gz")]));
    sqs.send(throughSns(fromS3([put("777788889999")])));
    sqs.send(fromEventBridge(put()));
    sqs.send(fromS3([{ bucket: "trail", key: "AWSLogs/111122223333/CloudTrail-Digest/eu-north-1/2026/11/18/digest.json.gz" }, { bucket: "trail", key: "AWSLogs/folder/" }]));
    await until(empty);
    expect(await totals()).toEqual({ stored: 4, duplicate: 0 });
    await until(async () => (await state()).lastSuccessAt !== null);
    expect(await state()).toMatchObject({ problem: null });
    expect(s3.requests.filter(({ key }) => key.includes("Digest"))).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it("takes nothing twice, however often and in whatever order it is told", async () => {
    await add();
    const [first, second] = [put(), put()];
    for (const objects of [[second], [first], [first, second], [second, first], [first]]) sqs.send(fromS3(objects));
    await until(empty);
    expect(await totals()).toEqual({ stored: 2, duplicate: 0 });
    sqs.send(fromS3([first]));
    await until(empty);
    expect(await totals()).toEqual({ stored: 2, duplicate: 0 });
  });

  it("gives a message again that could not be removed, and nothing is taken twice", async () => {
    sqs.fail(({ operation }) => (operation === "DeleteMessage" ? { kind: "error", status: 500, code: "InternalFailure" } : undefined));
    await add();
    sqs.send(fromS3([put()]));
    await until(async () => (await state()).problem !== null);
    expect([await totals(), sqs.messages.length]).toEqual([{ stored: 1, duplicate: 0 }, 1]);
    sqs.fail();
    clock.advance(200);
    await until(empty);
    expect(await totals()).toEqual({ stored: 1, duplicate: 0 });
    await until(async () => (await state()).problem === null);
  });

  it("is read as a role where one is named, and the keys are written nowhere", async () => {
    const before = s3.requests.length;
    await add(ROLE);
    sqs.send(fromS3([put()]));
    await until(empty);
    expect(await totals()).toEqual({ stored: 1, duplicate: 0 });
    expect(new Set(s3.requests.slice(before).map(({ operation, token }) => `${operation} ${token}`))).toEqual(new Set([`HeadObject ${sts.token}`, `GetObject ${sts.token}`]));
    expect(sts.roles).toEqual([ROLE]);
    const { rows } = await database.pool.query<{ text: string }>("SELECT concat((SELECT json_agg(c) FROM collectors c), (SELECT json_agg(b) FROM lake_batches b), (SELECT json_agg(a) FROM audit_log a)) AS text");
    expect(rows[0]!.text).toContain(ROLE);
    expect(rows[0]!.text).not.toContain(sts.token);
  });

  it("keeps its messages hidden for as long as an object takes", async () => {
    await collectors.stop();
    begin(1);
    let letGo!: () => void;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    s3.fail(({ operation }) => (operation === "GetObject" ? heldUntil(gate) : undefined));
    await add();
    sqs.send(fromS3([put()]));
    await until(() => s3.requests.at(-1)?.operation === "GetObject");
    clock.advance(0.9);
    const prolonged = (): number => sqs.requests.filter(({ operation }) => operation === "ChangeMessageVisibility").length;
    const before = prolonged();
    await until(() => prolonged() >= before + 2);
    clock.advance(0.9);
    expect(sqs.messages[0]).toMatchObject({ receives: 1 });
    expect(sqs.messages[0]!.visibleAt > clock.now()).toBe(true);
    letGo();
    await until(empty);
    expect(await totals()).toEqual({ stored: 1, duplicate: 0 });
  });
});

it("an object that is written anew while it is read is read again for the message that tells of it", async () => {
  const store = await connectS3({});
  const read: { version: string; end: () => void }[] = [];
  const intake: NotifiedIntake = { db: database.db, store, keys: null, underWay: new Map(), ingest: { read: ({ ref }) => new Promise((end) => read.push({ version: "version" in ref ? ref.version : "", end: () => end([]) })) } };
  const object = put("111122223333", "anew.json.gz");
  const first = takeInNotified(intake, object).catch(() => "not read");
  await until(() => read.length === 1);
  put("111122223333", "anew.json.gz");
  const second = takeInNotified(intake, object).catch(() => "not read");
  read[0]!.end();
  await until(() => read.length === 2);
  expect(read[1]!.version).not.toBe(read[0]!.version);
  read[1]!.end();
  await Promise.all([first, second]);
});

describe("what goes wrong", () => {
  it("is a message that is no notification: it is told, and stays for the queue's own dead letters", async () => {
    await add();
    const id = sqs.send('{"Records":"<script>"}');
    sqs.send(fromS3([put()]));
    await until(async () => (await state()).problem !== null);
    expect(await state()).toMatchObject({ problem: expect.stringContaining("no notification of S3") as string });
    await until(() => sqs.messages.length === 1);
    expect(sqs.messages[0]!.id).toBe(id);
    expect(await totals()).toEqual({ stored: 1, duplicate: 0 });
    await collectors.stop();
    clock.advance(200);
    begin();
    await until(() => sqs.messages[0]!.receives === 2);
    await removeAll();
  });

  it("is an object that was deleted: it is told, and its message goes", async () => {
    await add();
    const gone = put();
    s3.remove("trail", gone.key);
    sqs.send(fromS3([gone, put()]));
    await until(async () => (await state()).problem !== null);
    expect((await state()).problem).toBe(`s3://trail/${gone.key} was deleted before it was read, and its events are lost to Corduroy.`);
    await until(empty);
    expect(await totals()).toEqual({ stored: 1, duplicate: 0 });
    expect(troubles).toHaveLength(1);
  });

  it("is an object that may not be read: its message stays, and is taken in once it may", async () => {
    for (const operation of ["HeadObject", "GetObject"]) {
      s3.fail((request) => (request.operation === operation ? accessDenied : undefined));
      if (operation === "HeadObject") await add();
      const before = sqs.messages.length;
      sqs.send(fromS3([put()]));
      await until(async () => (await state()).problem !== null);
      expect((await state()).problem).toContain("The identity in use needs s3:GetObject on s3://trail/AWSLogs");
      expect(sqs.messages.length).toBe(before + 1);
      s3.fail();
      clock.advance(200);
      await until(empty);
      await until(async () => (await state()).problem === null);
    }
    expect(await totals()).toEqual({ stored: 2, duplicate: 0 });
    const { rows } = await database.pool.query("SELECT 1 FROM lake_batches");
    expect(rows).toHaveLength(2);
  });

  it("is a queue that may not be asked, or a role that may not be taken on", async () => {
    sqs.fail(({ operation }) => (operation === "ReceiveMessage" ? { kind: "error", status: 403, code: "AccessDenied" } : undefined));
    const id = await add();
    await until(async () => (await state()).problem !== null);
    expect((await state()).problem).toContain("The identity in use needs sqs:ReceiveMessage, sqs:DeleteMessage and sqs:ChangeMessageVisibility");
    sqs.fail();
    await until(async () => (await state()).problem === null || sqs.waiting > 0);
    await removeCollector(database.ctx(), { id });
    await add("arn:aws:iam::444455556666:role/other");
    await until(async () => (await state()).problem !== null);
    expect((await state()).problem).toContain("The identity needs sts:AssumeRole on the role");
  });

  it("is a service that ends in the middle: the next one takes in what is missing, once", async () => {
    const gate = new Promise<void>(() => undefined);
    await add();
    s3.fail(({ operation, n }) => (operation === "GetObject" && n % 2 === 0 ? heldUntil(gate) : undefined));
    for (let each = 0; each < 6; each++) sqs.send(fromS3([put()]));
    await until(() => sqs.messages.every(({ receives }) => receives === 1));
    for (const pid of ingest.workerPids()) process.kill(pid, "SIGKILL");
    await collectors.stop();
    await ingest.close();
    s3.fail();
    ingest = await place.start();
    clock.advance(200);
    begin();
    await until(empty);
    expect(await totals()).toEqual({ stored: 6, duplicate: 0 });
  });
});

describe("a collector", () => {
  it("is tried: what is missing is said, with the smallest policy, and its messages stay", async () => {
    await collectors.stop();
    const id = await add();
    const tried = () => testCollector(database.ctx(), { id }, nothingSealed());
    expect(await tried()).toMatchObject({ works: true, said: expect.stringContaining("which is empty for now") as string });
    sqs.send(fromS3([put()]));
    expect(await tried()).toMatchObject({ works: true, said: "It may receive from the queue and read the objects of trail." });
    expect(sqs.messages).toHaveLength(1);
    for (const action of ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "s3:GetObject", "kms:Decrypt"]) expect((await tried()).needs).toContain(`"${action}"`);
    clock.advance(200);
    s3.fail(({ operation }) => (operation === "HeadObject" ? accessDenied : undefined));
    expect(await tried()).toMatchObject({ works: false, said: expect.stringContaining("needs s3:GetObject") as string });
    sqs.fail(({ operation }) => (operation === "ReceiveMessage" ? { kind: "error", status: 403, code: "AccessDenied" } : undefined));
    expect(await tried()).toMatchObject({ works: false, said: expect.stringContaining("needs sqs:ReceiveMessage") as string });
    sqs.fail();
    clock.advance(200);
    await removeAll();
  });

  it("starts, pauses and goes away with its row", async () => {
    const id = await add();
    await until(() => sqs.waiting === 1);
    await changeCollector(database.ctx(), { id, paused: true });
    await until(() => sqs.waiting === 0);
    expect(await state()).toMatchObject({ paused: true });
    await changeCollector(database.ctx(), { id, paused: false });
    await until(() => sqs.waiting === 1);
    await removeCollector(database.ctx(), { id });
    await until(() => sqs.waiting === 0);
  });

  it("is refused for what is no queue, no role, no source, and twice", async () => {
    const ctx = database.ctx();
    for (const url of ["ftp://sqs.eu-west-1.amazonaws.com/111122223333/trail", "https://sqs.eu-west-1.amazonaws.com/", "https://a:b@sqs.eu-west-1.amazonaws.com/111122223333/trail", "https://sqs.eu-west-1.amazonaws.com/111122223333/trail.fifo", "trail"]) await expect(addQueue(ctx, { source: "aws.cloudtrail", url, role: null }), url).rejects.toThrow(Invalid);
    await expect(add("arn:aws:iam::444455556666:user/dana")).rejects.toThrow(Invalid);
    await expect(addQueue(ctx, { source: "none", url: sqs.queueUrl, role: null })).rejects.toThrow(NotFound);
    const id = await add();
    await expect(add()).rejects.toThrow(Conflict);
    const nobody = database.ctx({ kind: "user", id: "u1", name: "vera", roles: ["viewer"] }, () => false);
    for (const ask of [() => addQueue(nobody, { source: "aws.cloudtrail", url: sqs.queueUrl, role: null }), () => changeCollector(nobody, { id, paused: true }), () => removeCollector(nobody, { id }), () => listCollectors(nobody)]) await expect(ask()).rejects.toThrow(Forbidden);
    await expect(changeCollector(ctx, { id: "none", paused: true })).rejects.toThrow(NotFound);
    await removeCollector(ctx, { id });
    await expect(removeCollector(ctx, { id })).rejects.toThrow(NotFound);
    const { rows } = await database.pool.query<{ detail: { verb: string } }>("SELECT detail FROM audit_log WHERE resource_id = $1 AND outcome = 'done' ORDER BY id", [id]);
    expect(rows.map(({ detail }) => detail.verb)).toEqual(["add", "remove"]);
  });
});

/** Takes what is left out of the queue, as its own dead-letter policy would. */
async function removeAll(): Promise<void> {
  await collectors.stop();
  const { DeleteMessageCommand, SQSClient } = await import("@aws-sdk/client-sqs");
  const client = new SQSClient({});
  for (const { receipt } of sqs.messages) await client.send(new DeleteMessageCommand({ QueueUrl: sqs.queueUrl, ReceiptHandle: receipt }));
}

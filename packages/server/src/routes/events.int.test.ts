import { afterAll, beforeAll, expect, it } from "vitest";
import { api } from "@corduroy/contract";
import { fakeS3, fakeSqs, testClock, type FakeS3, type FakeSqs } from "@corduroy/testkit";
import { invited, testService } from "../test/running.ts";

let s3: FakeS3;
let sqs: FakeSqs;
beforeAll(async () => {
  s3 = await fakeS3({ buckets: { trail: { objects: { "AWSLogs/a.json": JSON.stringify({ Records: [{ eventVersion: "1.10", eventTime: "2026-11-18T09:00:00Z", eventSource: "cloudtrail.amazonaws.com", eventName: "GetTrail", awsRegion: "eu-west-1", userIdentity: { type: "IAMUser", userName: "dana" }, eventID: "5d7c1ec2-45a4-42ca-b3ce-497786000001", recipientAccountId: "111122223333" }] }) } } } });
  sqs = await fakeSqs({ clock: testClock(new Date()) });
  Object.assign(process.env, s3.env, { AWS_ENDPOINT_URL_SQS: sqs.endpoint });
});
const test = testService();
afterAll(() => Promise.all([s3.stop(), sqs.stop()]));

async function collector(): Promise<{ id: string; target: string; paused: boolean; problem: string | null; lastSuccessAt: string | null }> {
  const { items } = await test.admin.call(api.events.sources);
  return items.find(({ id }) => id === "aws.cloudtrail")!.collectors[0]!;
}

it("collects from a queue that an administrator adds, until it is paused or removed", async () => {
  const source = await test.admin.call(api.events.addQueue, { params: { source: "aws.cloudtrail" }, body: { url: sqs.queueUrl } });
  expect(source.collectors).toMatchObject([{ kind: "sqs", target: sqs.queueUrl, role: null, paused: false, problem: null, lastSuccessAt: null }]);
  sqs.send(JSON.stringify({ Records: [{ eventSource: "aws:s3", eventName: "ObjectCreated:Put", s3: { bucket: { name: "trail" }, object: { key: "AWSLogs/a.json" } } }] }));
  while ((await collector()).lastSuccessAt === null) await new Promise(setImmediate);
  const { items } = await test.admin.call(api.events.sources);
  expect(items.find(({ id }) => id === "aws.cloudtrail")).toMatchObject({ events: 1 });
  const { id } = await collector();
  await test.admin.call(api.events.changeCollector, { params: { id }, body: { paused: true } });
  expect(await collector()).toMatchObject({ paused: true });
  const viewer = await invited(test, "vera@example.com", "viewer");
  await expect(viewer.call(api.events.removeCollector, { params: { id } })).rejects.toMatchObject({ problem: { status: 403 } });
  await test.admin.call(api.events.removeCollector, { params: { id } });
  expect(await collector()).toBeUndefined();
});

it("lists what could not be read, and reads it again", async () => {
  const { token } = await test.admin.call(api.admin.createToken, { body: { name: "app", scopes: ["events:generic.json"], days: 1 } });
  await test.fetch("/v1/events/generic.json", { method: "POST", headers: { Authorization: `Bearer ${token}` }, body: '{"user":"ines"\n' });
  await test.service.ingest.receiver.spool.seal();
  while (test.service.ingest.backlog() > 0) await new Promise(setImmediate);
  const { items, next } = await test.admin.call(api.events.deadLetters, { query: { source: "generic.json" } });
  expect([items, next]).toMatchObject([[{ source: "generic.json", line: 1, raw: '{"user":"ines"', bytes: 14, replayedAt: null }], null]);
  const { receipts } = await test.admin.call(api.events.replay, { body: { ids: [items[0]!.id] } });
  expect(receipts).toHaveLength(1);
  const { items: after } = await test.admin.call(api.events.deadLetters, { query: {} });
  expect(after.find(({ id }) => id === items[0]!.id)?.replayedAt).not.toBeNull();
});

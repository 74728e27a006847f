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

it("tells Prometheus of volume, lag, parse failures by reason and trouble of each source, and nobody without a right", async () => {
  const { token } = await test.admin.call(api.admin.createToken, { body: { name: "mixed", scopes: ["events:generic.json"], days: 1 } });
  await test.fetch("/v1/events/generic.json", { method: "POST", headers: { Authorization: `Bearer ${token}` }, body: Buffer.concat([Buffer.from('{"user":"ines"}\n{"user":"ines","a":\n{"user":"'), Buffer.from([0xff]), Buffer.from('"}\n')]) });
  await test.service.ingest.receiver.spool.seal();
  while (test.service.ingest.backlog() > 0) await new Promise(setImmediate);
  await test.database.pool.query("INSERT INTO collectors (id, source, kind, url, paused, problem, created_at) VALUES ('c\"1', 'okta.system', 'sqs', 'https://example.com/', true, 'No.', '2026-11-21')");
  const { token: reader } = await test.admin.call(api.admin.createToken, { body: { name: "prometheus", scopes: ["sources"], days: 1 } });
  expect((await test.fetch("/metrics")).status).toBe(401);
  expect((await test.fetch("/metrics", { headers: { Authorization: `Bearer ${token}` } })).status).toBe(403);
  const answer = await test.fetch("/metrics", { headers: { Authorization: `Bearer ${reader}` } });
  expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const text = await answer.text();
  for (const line of text.trimEnd().split("\n")) expect(line).toMatch(/^(# (HELP|TYPE) corduroy_\w+ .+|corduroy_\w+(\{(\w+="(\\.|[^"\\])*",?)+\})? -?\d+(\.\d+)?)$/);
  const values = new Map(text.split("\n").map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]));
  const of = (name: string, labels: string): number | undefined => values.get(`corduroy_${name}{source="generic.json"${labels}}`);
  const { items } = await test.admin.call(api.events.sources);
  const source = items.find(({ id }) => id === "generic.json")!;
  expect([of("source_records_total", ',outcome="stored"'), of("source_records_total", ',outcome="dead"'), of("source_quiet", "")]).toEqual([source.events, source.dead, 0]);
  expect(of("parse_failures_total", ',reason="not UTF-8"')).toBe(1);
  const failures = [...values].filter(([key]) => key.startsWith('corduroy_parse_failures_total{source="generic.json"')).reduce((sum, [, value]) => sum + value, 0);
  expect(failures).toBe(source.dead);
  expect(source.failures).toContainEqual({ reason: "not UTF-8", count: 1 });
  expect(source.rhythm).toBe("learning");
  expect(of("source_lag_seconds", "")).toBe(source.lagSeconds);
  expect(of("source_last_received_timestamp_seconds", "")).toBeGreaterThan(Date.now() / 1000 - 600);
  expect(values.get('corduroy_collector_trouble{source="okta.system",collector="c\\"1"}')).toBe(0);
  expect(values.get("corduroy_waiting_tasks")).toBe(0);
});

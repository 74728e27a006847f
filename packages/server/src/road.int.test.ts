import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { api, ApiError } from "@corduroy/contract";
import { invited, testService } from "./test/running.ts";

const test = testService();

const record = (eventName: string, n: number): object => ({
  eventVersion: "1.10", eventTime: "2026-11-18T09:00:00Z", eventSource: "cloudtrail.amazonaws.com", eventName, awsRegion: "eu-west-1", sourceIPAddress: "203.0.113.24",
  userIdentity: { type: "IAMUser", userName: "dana", accountId: "111122223333", arn: "arn:aws:iam::111122223333:user/dana", principalId: "AIDAEXAMPLE" },
  eventID: `5d7c1ec2-45a4-42ca-b3ce-49778600000${n}`, recipientAccountId: "111122223333", requestParameters: { name: "company" }, responseElements: null,
});

async function send(token: string, body: string, source = "aws.cloudtrail"): Promise<Response> {
  return test.fetch(`/v1/events/${source}`, { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body });
}

it("goes from a body that is sent to a finding that is closed", async () => {
  const { token } = await test.admin.call(api.admin.createToken, { body: { name: "trail", scopes: ["events:aws.cloudtrail"], days: 30 } });
  const answer = await send(token, JSON.stringify({ Records: [record("StopLogging", 1), record("GetTrail", 2)] }));
  expect(answer.status).toBe(202);
  expect(await answer.json()).toMatchObject({ repeated: false });
  await test.service.ingest.receiver.spool.seal();
  while (test.service.ingest.backlog() > 0) await new Promise(setImmediate);

  const { items } = await test.admin.call(api.findings.list, { query: {} });
  expect(items).toMatchObject([{ entity: { name: "dana" }, count: 1, state: "open" }]);
  const { id } = items[0]!;
  const me = (await test.admin.call(api.session.current)).user;
  const taken = await test.admin.call(api.findings.change, { params: { id }, body: { version: 1, owner: me.id, state: "triaged" } });
  expect(taken.timeline.map(({ text }) => text)).toEqual([expect.stringContaining("Opened by"), "Nobody to tell: it has no destination, and the security route is empty", "open → triaged", "Given to Anna"]);
  await expect(test.admin.call(api.findings.change, { params: { id }, body: { version: 1, priority: "p1" } })).rejects.toMatchObject({ problem: { status: 409, detail: expect.stringContaining("Somebody else was faster") as string } });
  const closed = await test.admin.call(api.findings.close, { params: { id }, body: { version: taken.version, as: "resolved", reason: "Logging is on again." } });
  expect(closed).toMatchObject({ state: "resolved", owner: { name: "Anna" } });
  expect((await test.admin.call(api.findings.list, { query: {} })).items).toEqual([]);

  const asked = await test.admin.raw("/v1/query", { sql: "select operation, line from aws_cloudtrail order by line" });
  expect(asked.headers.get("content-security-policy")).toContain("default-src 'none'");
  const lines = (await asked.text()).trimEnd().split("\n").map((line) => JSON.parse(line) as object);
  expect(lines).toEqual([{ columns: [{ name: "operation", type: "text" }, { name: "line", type: "number" }] }, { row: ["StopLogging", 1] }, { row: ["GetTrail", 2] }, { end: { rows: 2, more: false, milliseconds: expect.any(Number) as number } }]);
  // Whoever else is on this machine reads nothing of it.
  const shut = process.getuid?.() === 0 ? "data/lake" : "data";
  expect(statSync(join(test.folder, shut)).mode & 0o007).toBe(0);
  const refused = await test.admin.raw("/v1/query", { sql: "select * from read_text('/etc/passwd')" });
  expect(refused.status).toBe(403);

  const sources = await test.admin.call(api.events.sources);
  expect(sources.items.find(({ id: source }) => source === "aws.cloudtrail")).toMatchObject({ events: 2, events24h: 2, dead: 0, parts: 1 });
  const { items: rules } = await test.admin.call(api.rules.list);
  expect(rules.filter(({ signals24h }) => signals24h > 0)).toMatchObject([{ findings: 1, active: 0, precision: 1 }]);
});

it("lets a viewer read and nothing more, and says what is missing", async () => {
  const viewer = await invited(test, "vera@example.com", "viewer");
  const { items } = await viewer.call(api.findings.list, { query: { state: "all" } });
  expect(items).toHaveLength(1);
  const refused = viewer.call(api.findings.reopen, { params: { id: items[0]!.id }, body: { version: items[0]!.version, reason: "why not" } });
  await expect(refused).rejects.toBeInstanceOf(ApiError);
  await expect(refused).rejects.toMatchObject({ problem: { status: 403, detail: 'You may not do this: it needs "findings.triage".' } });
  const { items: trail } = await test.admin.call(api.admin.audit, { query: { outcome: "refused" } });
  expect(trail).toMatchObject([{ action: "findings.triage", actor: { name: "vera" } }]);
});

it("shows everybody's sessions to who may end them, and to others their own", async () => {
  const viewer = await invited(test, "vito@example.com", "viewer");
  expect((await viewer.call(api.session.list)).items).toMatchObject([{ user: "vito", own: true, current: true }]);
  const { items } = await test.admin.call(api.session.list);
  expect(items).toEqual(expect.arrayContaining([expect.objectContaining({ user: "Anna", own: true, current: true })]));
  const his = items.find(({ user }) => user === "vito")!;
  expect(his).toMatchObject({ own: false, current: false });
  await test.admin.call(api.session.end, { params: { id: his.id } });
  await expect(viewer.call(api.session.current)).rejects.toThrow("You are not signed in.");
});

it("keeps events for as long as is said, and knows of no source that does not exist", async () => {
  await test.admin.call(api.events.setRetention, { params: { source: "generic.json" }, body: { days: 400 } });
  expect((await test.admin.call(api.events.sources)).items.find(({ id }) => id === "generic.json")).toMatchObject({ retentionDays: 400 });
  await expect(test.admin.call(api.events.setRetention, { params: { source: "no.such" }, body: { days: 400 } })).rejects.toMatchObject({ problem: { status: 404, detail: "There is no source no.such." } });
  await test.admin.call(api.events.setRetention, { params: { source: "generic.json" }, body: { days: null } });
});

it("takes events from a token for that source alone", async () => {
  const { token } = await test.admin.call(api.admin.createToken, { body: { name: "app", scopes: ["events:generic.json"], days: 1 } });
  expect((await send(token, "{}")).status).toBe(403);
  expect((await send(token, "{}", "generic.json")).status).toBe(202);
  expect((await send("cdy_nonsense", "{}")).status).toBe(401);
});

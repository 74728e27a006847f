import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { api } from "@corduroy/contract";
import { fakeSlack, fakeWebhook } from "@corduroy/testkit";
import { invited, testService } from "./test/running.ts";

const slack = await fakeSlack();
const webhook = await fakeWebhook(() => new Date());
const catalog = mkdtempSync(join(tmpdir(), "corduroy-catalog-"));
writeFileSync(
  join(catalog, "catalog-info.yaml"),
  `apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: payments
  annotations:
    corduroy.dev/slack: payments-alerts
    corduroy.dev/webhook: nowhere
spec:
  type: team
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata:
  name: payments-production
  annotations:
    corduroy.dev/aws-accounts: "111122223333"
    corduroy.dev/environment: production
spec:
  type: aws-account
  owner: payments
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata:
  name: dev
spec:
  profile:
    email: Dev@Example.com
  memberOf: [payments]
`,
);
const test = testService({ catalog, allow: [slack.place, webhook.place], publicUrl: "https://corduroy.corp.example" });
afterAll(async () => {
  await Promise.all([slack.stop(), webhook.stop()]);
  rmSync(catalog, { recursive: true });
});

const LONG = { timeout: 60_000, interval: 20 };

async function received(account: string, eventID: string): Promise<void> {
  const record = {
    eventVersion: "1.10", eventTime: new Date(Date.now() - 60_000).toISOString().replace(/\.\d+Z/, "Z"), eventSource: "cloudtrail.amazonaws.com", eventName: "StopLogging", awsRegion: "eu-west-1", sourceIPAddress: "203.0.113.24",
    userIdentity: { type: "IAMUser", userName: "dana", accountId: account, arn: `arn:aws:iam::${account}:user/dana`, principalId: "AIDAEXAMPLE" }, eventID, recipientAccountId: account, requestParameters: { name: "company" }, responseElements: null,
  };
  const { token } = await test.admin.call(api.admin.createToken, { body: { name: `trail ${account}`, scopes: ["events:aws.cloudtrail"], days: 30 } });
  const answer = await test.fetch("/v1/events/aws.cloudtrail", { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body: JSON.stringify({ Records: [record] }) });
  expect(answer.status).toBe(202);
  await test.service.ingest.receiver.spool.seal();
}

it("goes from an event to a message in the channel of the team that the catalog names", async () => {
  const added = await test.admin.call(api.admin.addDestination, { body: { kind: "slack", name: "payments-alerts", url: slack.url } });
  expect(added).toMatchObject({ name: "payments-alerts", kind: "slack", target: slack.origin, problem: null, lastDeliveryAt: null });
  await received("111122223333", "5d7c1ec2-45a4-42ca-b3ce-497786000001");
  await vi.waitFor(() => expect(slack.messages).toHaveLength(1), LONG);
  const { items } = await test.admin.call(api.findings.list, { query: {} });
  expect(items).toMatchObject([{ team: "payments", service: "payments-production", environment: "production" }]);
  expect(slack.messages[0]!.texts.flatMap(({ links }) => links)).toEqual([`https://corduroy.corp.example/findings/${items[0]!.id}`]);
  await vi.waitFor(async () => expect((await test.admin.call(api.admin.deliveries, { query: {} })).items).toMatchObject([{ finding: items[0]!.id, destination: "payments-alerts", outcome: "delivered", attempts: 1 }]), LONG);
  expect((await test.admin.call(api.findings.get, { params: { id: items[0]!.id } })).timeline.at(-1)).toMatchObject({ kind: "alerted", text: "Told payments-alerts", actor: { kind: "system", name: "alerts" } });
});

it("tells the security team of what nobody owns, and makes a finding of it", async () => {
  await test.admin.call(api.admin.addDestination, { body: { kind: "webhook", name: "security", url: webhook.url, secret: webhook.secret } });
  await test.admin.call(api.admin.setSecurityRoute, { body: { destinations: ["security"] } });
  await received("999988887777", "5d7c1ec2-45a4-42ca-b3ce-497786000002");
  await vi.waitFor(() => expect(webhook.events).toHaveLength(1), LONG);
  const { items } = await test.admin.call(api.findings.list, { query: { rule: "corduroy.ownership" } });
  expect(items).toMatchObject([{ title: "Nobody answers for it: account 999988887777", level: "medium", team: null }]);
});

it("lets developers act on the findings of the teams that the catalog has them in, and on no others", async () => {
  const { items } = await test.admin.call(api.findings.list, { query: {} });
  const ours = items.find(({ team }) => team === "payments")!;
  const nobodys = items.find(({ team }) => team === null)!;
  const triage = { state: "triaged" } as const;
  const member = await invited(test, "dev@example.com", "developer");
  expect((await member.call(api.findings.change, { params: { id: ours.id }, body: { ...triage, version: ours.version } })).state).toBe("triaged");
  expect(await member.call(api.session.current)).toMatchObject({ teams: ["payments"], mayForTeam: ["findings.comment", "findings.triage"], may: expect.not.arrayContaining(["findings.comment"]) as string[] });
  await expect(member.call(api.findings.change, { params: { id: nobodys.id }, body: { ...triage, version: nobodys.version } })).rejects.toThrow('it needs "findings.triage"');
  const other = await invited(test, "other@example.com", "developer");
  await expect(other.call(api.findings.comment, { params: { id: ours.id }, body: { text: "Not mine." } })).rejects.toThrow('it needs "findings.comment"');
  expect(await other.call(api.session.current)).toMatchObject({ teams: [], mayForTeam: [] });
});

it("stops telling of a finding that is closed", async () => {
  webhook.fail({ kind: "status", status: 503 });
  await received("999988887776", "5d7c1ec2-45a4-42ca-b3ce-497786000003");
  const waiting = async (): Promise<{ finding: string | null; outcome: string; detail: string }> => (await test.admin.call(api.admin.deliveries, { query: {} })).items[0]!;
  await vi.waitFor(async () => expect(await waiting()).toMatchObject({ outcome: "waiting", detail: expect.stringContaining("503") as string }), LONG);
  const { id, version } = await test.admin.call(api.findings.get, { params: { id: (await waiting()).finding! } });
  await test.admin.call(api.findings.close, { params: { id }, body: { version, as: "false_positive", reason: "a drill" } });
  expect(await waiting()).toMatchObject({ outcome: "gave up", detail: "The finding was closed first." });
  webhook.fail();
});

it("shows the catalog, with its problems by file, line and column", async () => {
  const { teams, services, problems } = await test.admin.call(api.admin.catalog);
  expect(teams).toEqual([{ name: "payments", title: "payments", services: ["payments-production"], route: ["payments-alerts", "nowhere"], told: { by: "catalog", destinations: ["payments-alerts"] }, active: 1 }]);
  expect(services).toEqual([{ name: "payments-production", title: "payments-production", team: "payments", environment: "production", tier: null, maps: [{ kind: "account", value: "111122223333" }], active: 1 }]);
  expect(problems).toMatchObject([{ line: 4, column: 9, message: 'There is no destination "nowhere" of the kind webhook.' }]);
});

it("sends a team's alerts where an administrator says, in place of the catalog, until that is taken back", async () => {
  const told = async (): Promise<unknown> => (await test.admin.call(api.admin.catalog)).teams[0]!.told;
  await test.admin.call(api.admin.setTeamRoute, { params: { team: "payments" }, body: { destinations: ["security", "payments-alerts"] } });
  expect(await told()).toEqual({ by: "team", destinations: ["payments-alerts", "security"] });
  await expect(test.admin.call(api.admin.setTeamRoute, { params: { team: "paymets" }, body: { destinations: ["security"] } })).rejects.toThrow('no team "paymets"');
  await expect(test.admin.call(api.admin.setTeamRoute, { params: { team: "payments" }, body: { destinations: ["nowhere"] } })).rejects.toThrow("no destination of this name");
  await test.admin.call(api.admin.setTeamRoute, { params: { team: "payments" }, body: { destinations: [] } });
  expect(await told()).toEqual({ by: "catalog", destinations: ["payments-alerts"] });
  const viewer = await invited(test, "vida@example.com", "viewer");
  expect((await viewer.call(api.admin.catalog)).teams).toMatchObject([{ told: null }]);
});

it("lets administrators change where alerts go, responders see it, and viewers not even that", async () => {
  const [viewer, responder] = [await invited(test, "vera@example.com", "viewer"), await invited(test, "rosa@example.com", "responder")];
  const { items } = await responder.call(api.admin.destinations);
  expect(items.map(({ name }) => name)).toEqual(["payments-alerts", "security"]);
  expect(JSON.stringify(items)).not.toMatch(/services\/T0|whsec_|path-is-secret/);
  const { id } = items[0]!;
  const body = { kind: "slack", name: "mine", url: slack.url } as const;
  for (const who of [viewer, responder]) {
    for (const refused of [() => who.call(api.admin.addDestination, { body }), () => who.call(api.admin.removeDestination, { params: { id } }), () => who.call(api.admin.testDestination, { params: { id } }), () => who.call(api.admin.setSecurityRoute, { body: { destinations: [] } })])
      await expect(refused()).rejects.toMatchObject({ problem: { status: 403 } });
  }
  await expect(viewer.call(api.admin.destinations)).rejects.toMatchObject({ problem: { status: 403 } });
  await expect(viewer.call(api.admin.deliveries, { query: {} })).rejects.toMatchObject({ problem: { status: 403 } });
  expect((await viewer.call(api.admin.catalog)).problems).toEqual([]);
  expect(await test.admin.call(api.admin.testDestination, { params: { id } })).toEqual({ outcome: "delivered", detail: "Slack answered 200." });
  await expect(test.admin.call(api.admin.addDestination, { body: { ...body, url: "https://10.0.0.1/services" } })).rejects.toMatchObject({ problem: { status: 403 } });
  await test.admin.call(api.admin.removeDestination, { params: { id } });
  expect((await test.admin.call(api.admin.destinations)).items.map(({ name }) => name)).toEqual(["security"]);
});

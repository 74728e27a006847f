import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { api } from "@corduroy/contract";
import { invited, serviceOptions, testService, type Browser } from "./test/running.ts";

/** Policies of a company that lets its responders see nobody, and gives its developers, and responders who audit, one source. */
const policies = mkdtempSync(join(tmpdir(), "corduroy-policies-"));
const { installation } = serviceOptions({ data: "", databaseUrl: null });
cpSync(installation.policies, policies, { recursive: true });
const roles = join(policies, "roles.cedar");
writeFileSync(roles, `${readFileSync(roles, "utf8").replace(`Action::"notifications.read", Action::"personal.read"`, `Action::"notifications.read"`)}
forbid (principal in Role::"developer", action == Action::"events.read", resource) unless { principal in Role::"responder" || resource.id == "github.audit" };
forbid (principal in Role::"auditor", action == Action::"events.read", resource) when { principal in Role::"responder" } unless { resource.id == "github.audit" };`);

const catalog = mkdtempSync(join(tmpdir(), "corduroy-catalog-"));
writeFileSync(join(catalog, "catalog-info.yaml"), `apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: payments}
spec: {type: team, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: shop
  annotations: {corduroy.dev/aws-accounts: "111122223333", corduroy.dev/environment: production}
spec: {type: service, lifecycle: production, owner: payments}
`);

const test = testService({ installation: { ...installation, policies }, catalog, onStop: async () => [policies, catalog].forEach((folder) => rmSync(folder, { recursive: true })) });
const ENTITY = "user:111122223333:dana";
const GITHUB_RULE = "Protection of branches was removed";
const PEOPLE = /dana|203\.0\.113/;
let responder: Browser;
let developer: Browser;
/** Acts on findings of the one source. */
let narrow: Browser;
let ruleId: string;

const record = (eventName: string, n: number): object => ({
  eventVersion: "1.10", eventTime: "2026-11-18T09:00:00Z", eventSource: "cloudtrail.amazonaws.com", eventName, awsRegion: "eu-west-1", sourceIPAddress: `203.0.113.${n}`, userAgent: "dana's laptop",
  userIdentity: { type: "IAMUser", userName: "dana", accountId: "111122223333", arn: "arn:aws:iam::111122223333:user/dana", principalId: "AIDAEXAMPLE" },
  eventID: `5d7c1ec2-45a4-42ca-b3ce-49778600000${n}`, recipientAccountId: "111122223333", requestParameters: { name: "company" }, responseElements: null,
});

async function send(records: readonly object[], more = "", source = "aws.cloudtrail"): Promise<void> {
  const { token } = await test.admin.call(api.admin.createToken, { body: { name: "trail", scopes: [`events:${source}`], days: 30 } });
  await test.fetch(`/v1/events/${source}?file=/home/dana/trail.json`, { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/x-ndjson" }, body: `${records.map((each) => JSON.stringify(each)).join("\n")}\n${more}` });
  await test.service.ingest.receiver.spool.seal();
  while (test.service.ingest.backlog() > 0) await new Promise(setImmediate);
}

beforeAll(async () => {
  responder = await invited(test, "rosa@example.com", "responder");
  developer = await invited(test, "devi@example.com", "developer");
  narrow = await invited(test, "nora@example.com", "responder");
  const { user } = await narrow.call(api.session.current);
  await test.admin.call(api.admin.changeUser, { params: { id: user.id }, body: { roles: ["responder", "auditor"] } });
  await send([record("StopLogging", 1)], `{"userName": "dana", "broken": \n`);
  // Another network: news of a finding that is known.
  await vi.waitFor(async () => expect((await test.admin.call(api.findings.list, { query: {} })).items).toHaveLength(1), { timeout: 60_000 });
  ruleId = (await test.admin.call(api.findings.list, { query: {} })).items[0]!.rule.id;
  await send([{ ...record("StopLogging", 2), sourceIPAddress: "198.51.100.7" }]);
  const removal = { "@timestamp": Date.parse("2026-11-18T09:00:00Z"), _document_id: "Rq1", action: "protected_branch.destroy", actor: "ines", actor_ip: "203.0.113.9", org: "corp-example-dev", operation_type: "remove", name: "main", repo: "corp-example-dev/billing" };
  await send([removal], "", "github.audit");
  await test.admin.call(api.findings.suppress, { body: { reason: "It is a test.", scope: { rule: "no-such-rule", entity: ENTITY, account: null }, expiresAt: new Date(Date.now() + 86_400_000).toISOString() } });
  await test.admin.call(api.findings.saveView, { body: { name: "one", filter: { state: "all", suppressed: "all", entity: ENTITY }, shared: true } });
});

const found = async (isGithub: boolean) => (await test.admin.call(api.findings.list, { query: {} })).items.find(({ rule }) => (rule.title === GITHUB_RULE) === isGithub)!;
const idOf = async (): Promise<string> => (await found(false)).id;
const githubId = async (): Promise<string> => (await found(true)).id;
const SQL = { sql: "select e.*, s.entity_key, s.entity_name from aws_cloudtrail e join signals s using (event_uid)", maxRows: 10, seconds: 60 };

/** Follows findings as they change. */
async function listen(who: Browser): Promise<{ untilData: () => Promise<string> }> {
  const over = new AbortController();
  const stream = await test.fetch("/v1/findings/live", { signal: over.signal, headers: { Cookie: [...who.cookies].map((pair) => pair.join("=")).join("; ") } });
  const reader = stream.body!.getReader();
  let text = Buffer.from((await reader.read()).value).toString();
  return {
    untilData: async () => {
      while (!text.includes("data: ")) text += Buffer.from((await reader.read()).value).toString();
      over.abort();
      return text;
    },
  };
}

/** Changes a finding, so that whoever follows it hears of it. */
async function touch(id: string): Promise<void> {
  const { version } = await test.admin.call(api.findings.get, { params: { id } });
  await test.admin.call(api.findings.change, { params: { id }, body: { version, labels: [String(version)] } });
}

/** Every way of asking that may show people. */
const WAYS: readonly (readonly [string, (who: Browser) => Promise<unknown>])[] = [
  ["SQL", async (who) => (await who.raw("/v1/query", SQL)).text()],
  ["an export", async (who) => (await who.raw("/v1/query/export", SQL)).text()],
  ["what needs a decision", (who) => who.call(api.findings.now)],
  ["the list of findings", (who) => who.call(api.findings.list, { query: { state: "all" } })],
  ["a finding", async (who) => who.call(api.findings.get, { params: { id: await idOf() } })],
  ["a comment's answer", async (who) => who.call(api.findings.comment, { params: { id: await idOf() }, body: { text: "I look at it." } })],
  ["suppressions", (who) => who.call(api.findings.suppressions, { query: { which: "live" } })],
  ["saved filters", (who) => who.call(api.findings.views)],
  ["dead letters", (who) => who.call(api.events.deadLetters, { query: {} })],
  ["a stream of findings", async (who) => {
    const stream = await listen(who);
    await touch(await idOf());
    return stream.untilData();
  }],
];

describe("a role without personal.read", () => {
  it.each(WAYS)("sees nobody in %s", async (_, ask) => {
    expect(JSON.stringify(await ask(test.admin))).toMatch(PEOPLE);
    const answer = JSON.stringify(await ask(responder));
    expect(answer).not.toMatch(PEOPLE);
    expect(answer).toMatch(/hidden-[0-9a-f]{20}|ithheld/);
  });

  it("is told of no network that is new", async () => {
    const of = async (who: Browser) => JSON.stringify(await who.call(api.findings.get, { params: { id: await idOf() } }));
    expect(await of(test.admin)).toContain("new network 198.51.100.0/24");
    expect(await of(responder)).toContain("new network");
    expect(await of(responder)).not.toContain("198.51.100");
  });

  it("finds by the pseudonym, and by no guess", async () => {
    const [finding] = (await responder.call(api.findings.list, { query: {} })).items;
    const many = async (who: Browser, query: { entity?: string; q?: string }) => [(await who.call(api.findings.list, { query })).items.length, Object.values((await who.call(api.findings.counts, { query })).states).reduce((a, b) => a + b, 0)];
    expect(await many(test.admin, { entity: ENTITY })).toEqual([1, 1]);
    expect(await many(responder, { entity: ENTITY })).toEqual([0, 0]);
    expect(await many(responder, { entity: finding!.entity.key })).toEqual([1, 1]);
    expect(await many(test.admin, { q: "dana" })).toEqual([1, 1]);
    expect(await many(responder, { q: "dana" })).toEqual([0, 0]);
    expect(await many(responder, { q: finding!.rule.title.split(" ")[0]! })).toEqual([1, 1]);
    const scope = { rule: "no-such-rule", entity: ENTITY, account: null };
    await expect(responder.call(api.findings.suppress, { body: { reason: "why not", scope, expiresAt: new Date(Date.now() + 86_400_000).toISOString() } })).rejects.toMatchObject({ problem: { status: 403 } });
  });

  it("gets the events behind a finding by the SQL that it names", async () => {
    const { sql } = await responder.call(api.findings.get, { params: { id: await idOf() } });
    const text = await (await responder.raw("/v1/query", { sql, maxRows: 10, seconds: 60 })).text();
    expect(text.trimEnd().split("\n").filter((line) => line.startsWith('{"row"'))).toHaveLength(2);
    expect(text).not.toMatch(PEOPLE);
  });

  it("is told which columns it sees how", async () => {
    const hidden = async (who: Browser) => (await who.call(api.search.schema)).views.find(({ name }) => name === "events")!.columns.flatMap((column) => (column.hidden === null ? [] : [`${column.name}: ${column.hidden}`]));
    expect(await hidden(test.admin)).toEqual([]);
    expect(await hidden(responder)).toEqual(["address: pseudonym", "user_agent: pseudonym", "access_key: pseudonym", "actor_name: pseudonym", "entity_name: entity", "entity_key: entity", "resource: pseudonym", "file: pseudonym", "raw_data: withheld", "event_json: withheld"]);
  });
});

it("shows events by the team and the environment of their account, whoever asks", async () => {
  const ask = async (where: string) => (await responder.raw("/v1/query", { sql: `select team, environment, count(*) from events ${where} group by all`, maxRows: 10, seconds: 60 })).text();
  expect(await ask("where team = 'payments' and environment = 'production'")).toContain('"row":["payments","production",2]');
  expect(await ask("where team = 'ads'")).not.toContain('"row"');
});

it("answers with rows of one team or environment alone where that is asked, in every view, and says so in the audit", async () => {
  const sql = `select ${["events", "aws_cloudtrail", "signals", "dead_letters"].map((view) => `(select count(*) from ${view})`).join(", ")}`;
  const counts = async (whose: object) => /"row":(\[.*?\])/.exec(await (await responder.raw("/v1/query", { sql, ...whose })).text())?.[1];
  expect(await counts({ team: "payments", environment: "production" })).toBe("[2,2,2,0]");
  expect(await counts({ team: "payments", environment: "staging" })).toBe("[0,0,0,0]");
  for (const whose of [{ team: "none" }, { environment: "unknown" }]) expect(await counts(whose)).toBe("[1,0,1,1]");
  const csv = await (await responder.raw("/v1/query/export", { sql: "select source, team from events", team: "payments" })).text();
  expect(csv.trimEnd().split("\n").slice(1).map((line) => line.trim())).toEqual(["aws.cloudtrail,payments", "aws.cloudtrail,payments"]);
  const { items } = await test.admin.call(api.admin.audit, { query: { action: "lake.query" } });
  expect(items.map(({ detail }) => detail)).toContainEqual(expect.objectContaining({ team: "payments", environment: "staging" }));
  expect((await responder.raw("/v1/query", { sql: "select 1", environment: "moon" })).status).toBe(400);
});

describe("a role that is given one source", () => {
  it("finds no other, in SQL", async () => {
    const { views } = await developer.call(api.search.schema);
    expect(views.map(({ name }) => name)).toEqual(["events", "github_audit", "signals", "dead_letters"]);
    for (const view of ["events", "signals", "dead_letters"]) {
      const ask = async (who: Browser) => (await who.raw("/v1/query", { sql: `select count(*) from ${view} where source is distinct from 'github.audit'`, maxRows: 1, seconds: 60 })).text();
      expect(await ask(test.admin)).toMatch(/"row":\[[1-9]/);
      expect(await ask(developer)).toContain('"row":[0]');
    }
    expect(await (await developer.raw("/v1/query", SQL)).json()).toMatchObject({ detail: expect.stringContaining("There is no table aws_cloudtrail.") as string });
  });

  it("is refused what tells of all sources together", async () => {
    const refused = { problem: { status: 403, detail: "You may not do this: it tells of all sources, and you are given some." } };
    await expect(developer.call(api.findings.suppressions, { query: {} })).rejects.toMatchObject(refused);
    const scope = { rule: "no-such-rule", entity: null, account: null };
    await expect(narrow.call(api.findings.suppress, { body: { reason: "why not", scope, expiresAt: new Date(Date.now() + 86_400_000).toISOString() } })).rejects.toMatchObject(refused);
    await expect(narrow.call(api.events.deadLetters, { query: {} })).rejects.toMatchObject(refused);
  });

  it("sees findings of it, and in no way of asking another", async () => {
    const texts = [
      await developer.call(api.findings.now), await developer.call(api.findings.list, { query: { state: "all", suppressed: "all" } }), await developer.call(api.findings.list, { query: { q: "logging" } }), await developer.call(api.findings.views),
      await developer.call(api.findings.get, { params: { id: await githubId() } }),
    ].map((answer) => JSON.stringify(answer));
    expect(texts.map((text) => text.includes(GITHUB_RULE))).toEqual([true, true, false, false, true]);
    for (const text of texts) expect(text).not.toMatch(/"aws|CloudTrail|111122223333/);
    const sum = async (who: Browser, query: { state?: "all"; rule?: string }) => Object.values((await who.call(api.findings.counts, { query })).states).reduce((a, b) => a + b, 0);
    expect([await sum(developer, {}), await sum(developer, { rule: ruleId }), await sum(test.admin, {})]).toEqual([1, 0, 2]);
    const missing = { problem: { status: 404, detail: "There is no such finding." } };
    for (const id of [await idOf(), "0".repeat(16)]) await expect(developer.call(api.findings.get, { params: { id } })).rejects.toMatchObject(missing);
  });

  it("changes findings of it, and no other", async () => {
    const missing = { problem: { status: 404, detail: "There is no such finding." } };
    const id = await idOf();
    for (const params of [{ id }, { id: "0".repeat(16) }]) {
      await expect(narrow.call(api.findings.change, { params, body: { version: 1, state: "triaged" } })).rejects.toMatchObject(missing);
      await expect(narrow.call(api.findings.comment, { params, body: { text: "I look." } })).rejects.toMatchObject(missing);
      await expect(narrow.call(api.findings.close, { params, body: { version: 1, as: "resolved", reason: "Done." } })).rejects.toMatchObject(missing);
      await expect(narrow.call(api.findings.reopen, { params, body: { version: 1, reason: "Again." } })).rejects.toMatchObject(missing);
    }
    const mine = { id: await githubId() };
    expect((await narrow.call(api.findings.comment, { params: mine, body: { text: "I look." } })).timeline.at(-1)).toMatchObject({ text: "I look." });
  });

  it("counts findings of it alone beside rules and teams", async () => {
    const counted = async (who: Browser) => (await who.call(api.rules.list)).items.filter(({ findings }) => findings > 0).map(({ id }) => id);
    expect(await counted(test.admin)).toHaveLength(2);
    expect(await counted(developer)).toHaveLength(1);
    const active = async (who: Browser) => (await who.call(api.admin.catalog)).teams.map((team) => team.active);
    expect([await active(test.admin), await active(developer)]).toEqual([[1], [0]]);
  });

  it("hears of it alone on the live stream", async () => {
    const stream = await listen(developer);
    await touch(await idOf());
    await touch(await githubId());
    const text = await stream.untilData();
    expect(text).toContain(await githubId());
    expect(text).not.toContain(await idOf());
  });
});

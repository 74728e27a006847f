import { createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";
import { OTLPLogExporter as JsonExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtobufExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from "@opentelemetry/sdk-logs";
import { beforeAll, expect, it } from "vitest";
import { api } from "@corduroy/contract";
import { testService } from "../test/running.ts";

const test = testService();
const tokens: Record<string, string> = {};
beforeAll(async () => {
  for (const scope of ["events:otlp.logs", "events:*", "events:aws.cloudtrail"]) tokens[scope] = (await test.admin.call(api.admin.createToken, { body: { name: scope, scopes: [scope], days: 1 } })).token;
});

const ENVELOPE = { time: "2024-05-14T09:30:00Z", type: "login.failed", logger: "auth", severity: "notice", service: "checkout", actor: "ines@corp.example", source_address: "203.0.113.24", outcome: "failure" };

const post = (token: string, body: NonNullable<RequestInit["body"]>, headers: Record<string, string> = {}): Promise<Response> =>
  test.fetch("/v1/logs", { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...headers }, body });
const request = (...logRecords: unknown[]): string => JSON.stringify({ resourceLogs: [{ resource: { attributes: [{ key: "service.name", value: { stringValue: "checkout" } }] }, scopeLogs: [{ scope: { name: "auth" }, logRecords }] }] });
const body = (text: string): object => ({ timeUnixNano: "1715671800250123456", body: { stringValue: text } });

async function rows(sql: string): Promise<unknown[][]> {
  await test.service.ingest.receiver.spool.seal();
  while (test.service.ingest.backlog() > 0) await new Promise(setImmediate);
  const lines = (await (await test.admin.raw("/v1/query", { sql })).text()).trimEnd().split("\n").map((line) => JSON.parse(line) as { row?: unknown[] });
  return lines.flatMap(({ row }) => (row === undefined ? [] : [row]));
}

it.each([
  ["JSON", (options: object) => new JsonExporter(options)],
  ["protobuf", (options: object) => new ProtobufExporter(options)],
] as [string, (options: object) => LogRecordExporter][])("takes what OpenTelemetry's own exporter sends: %s", async (form, exporter) => {
  const problems: unknown[] = [];
  const real = exporter({ url: `${test.service.origin}/v1/logs`, headers: { Authorization: `Bearer ${tokens["events:*"]}` }, compression: "gzip" });
  const watched: LogRecordExporter = { forceFlush: () => Promise.resolve(), shutdown: () => real.shutdown(), export: (records, done) => real.export(records, (result) => (problems.push(...(result.error === undefined ? [] : [result.error])), done(result))) };
  const provider = new LoggerProvider({ resource: resourceFromAttributes({ "service.name": `checkout-${form}`, "host.name": "checkout-1" }), processors: [new BatchLogRecordProcessor({ exporter: watched })] });
  const logger = provider.getLogger("auth");
  logger.emit({ severityNumber: 17, severityText: "ERROR", body: "no answer", attributes: { "exception.type": "TimeoutError", n: 5, list: ["a", true] }, timestamp: 1715671800250 });
  logger.emit({ body: JSON.stringify({ ...ENVELOPE, service: form }) });
  logger.emit({ body: { ...ENVELOPE, service: form, type: "logout" } });
  logger.emit({ body: "signed in", attributes: { ...ENVELOPE, service: form, type: "login.succeeded" } });
  await provider.forceFlush();
  await provider.shutdown();
  expect(problems).toEqual([]);
  expect(await rows(`select source, operation, entity_key, service from events where service in ('${form}', 'checkout-${form}') order by operation`)).toEqual([
    ["otlp.logs", "TimeoutError", `role:checkout-${form}`, `checkout-${form}`],
    ["app.event", "login.failed", "person:ines@corp.example", form],
    ["app.event", "login.succeeded", "person:ines@corp.example", form],
    ["app.event", "logout", "person:ines@corp.example", form],
  ]);
  expect(await rows(`select time::varchar, severity, message, logger, host, json_extract(raw_data, '$.attributes')::varchar from otlp_logs where service = 'checkout-${form}'`)).toEqual([
    ["2024-05-14 07:30:00.25", "error", "no answer", "auth", "checkout-1", '{"exception.type":"TimeoutError","n":5,"list":["a",true]}'],
  ]);
});

it("leaves events of other sources where they are, for a token that is not for those", async () => {
  expect((await post(tokens["events:otlp.logs"]!, request(body(JSON.stringify({ ...ENVELOPE, service: "alone" })))))).toMatchObject({ status: 200 });
  expect(await rows("select source, json_extract_string(message, '$.service') from otlp_logs where message like '%alone%'")).toEqual([["otlp.logs", "alone"]]);
  expect(await rows("select count(*) from events where service = 'alone'")).toEqual([[0]]);
});

it("keeps once what is sent again, as exporters do when they heard no answer; what has no time may be another", async () => {
  for (let time = 0; time < 3; time++) await post(tokens["events:*"]!, request(body("again"), body(JSON.stringify({ ...ENVELOPE, service: "again" })), { body: { stringValue: "again and again" } }));
  for (let time = 0; time < 3; time++) await post(tokens["events:*"]!, request(body("once"), body(JSON.stringify({ ...ENVELOPE, service: "once" }))));
  expect(await rows("select message, count(*) from otlp_logs where message like 'again%' or message = 'once' group by message order by message")).toEqual([["again", 3], ["again and again", 3], ["once", 1]]);
  expect(await rows("select service, count(*) from app_event where service in ('again', 'once') group by service order by service")).toEqual([["again", 3], ["once", 1]]);
});

it("answers as the protocol says", async () => {
  const good = await post(tokens["events:*"]!, request(body("x")));
  expect([good.status, good.headers.get("content-type"), await good.json()]).toEqual([200, "application/json; charset=utf-8", {}]);
  const partial = await post(tokens["events:*"]!, request(body("y"), 5));
  expect(await partial.json()).toEqual({ partialSuccess: { rejectedLogRecords: "1", errorMessage: expect.any(String) as string } });

  const refused: [string, string | Buffer<ArrayBuffer>, number, number, RegExp][] = [
    [tokens["events:*"]!, "{", 400, 3, /no JSON/],
    [tokens["events:*"]!, "[]", 400, 3, /no ExportLogsServiceRequest/],
    [tokens["events:*"]!, gzipSync("{}").subarray(0, 12), 400, 3, /damaged gzip/],
    [tokens["events:*"]!, gzipSync(Buffer.alloc(80 * 1024 * 1024)), 413, 8, /Unpacked/],
    [tokens["events:aws.cloudtrail"]!, request(), 403, 7, /events.write/],
    ["cdy_wrong", request(), 401, 16, /token/],
  ];
  for (const [token, sent, status, code, message] of refused) {
    const answer = await post(token, sent);
    expect([answer.status, await answer.json()]).toEqual([status, { code, message: expect.stringMatching(message) as string }]);
    const binary = await post(token, sent, { "Content-Type": "application/x-protobuf" });
    expect([binary.headers.get("content-type"), Buffer.from(await binary.arrayBuffer())[0], binary.status]).toEqual(["application/x-protobuf", 0x08, status]);
  }
});

const PUSH = { ref: "refs/heads/main", before: "0".repeat(40), after: "1".repeat(40), forced: true, pusher: { name: "ines" }, sender: { login: "ines", id: 7, type: "User" }, commits: [], repository: { full_name: "corp-example/checkout", pushed_at: 1715671800, owner: { login: "corp-example" } }, organization: { login: "corp-example" } };

it("takes webhooks of GitHub that are signed with the secret shown with a token, each once", async () => {
  const { token, about, webhook } = await test.admin.call(api.admin.createToken, { body: { name: "hook", scopes: ["events:github.webhook"], days: 1 } });
  expect(webhook).toEqual({ path: `/v1/webhooks/github/${about.id}`, secret: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  expect(webhook!.secret).not.toContain(token.slice(20, 84));
  const sign = (text: string, secret = webhook!.secret): string => `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`;
  const deliver = (text: string, headers: Record<string, string>, path = webhook!.path): Promise<Response> => test.fetch(path, { method: "POST", headers: { "Content-Type": "application/json", "X-GitHub-Event": "push", "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958", ...headers }, body: text });
  const text = JSON.stringify(PUSH, null, 1);
  for (let time = 0; time < 2; time++) expect((await deliver(text, { "X-Hub-Signature-256": sign(text) })).status).toBe(204);
  expect(await rows("select operation, actor_name, resource, forced from github_webhook")).toEqual([["push", "ines", "corp-example/checkout", "true"]]);

  const wrong = [deliver(text, {}), deliver(text, { "X-Hub-Signature-256": sign(text, "guessed") }), deliver(`${text} `, { "X-Hub-Signature-256": sign(text) }), deliver(text, { "X-Hub-Signature-256": sign(text) }, "/v1/webhooks/github/0123456789abcdef")];
  for (const answer of await Promise.all(wrong)) expect([answer.status, await answer.json()]).toMatchObject([401, { detail: expect.stringContaining("signature is wrong") as string }]);
  const { items } = await test.admin.call(api.admin.audit, { query: { action: "events.write" } });
  expect(items.filter(({ actor }) => actor.id === about.id)).toMatchObject([{ outcome: "refused", detail: { reason: "wrong signature", times: 1 } }]);

  const form = await deliver("payload=x", { "Content-Type": "application/x-www-form-urlencoded" });
  expect([form.status, await form.json()]).toMatchObject([400, { hint: expect.stringContaining("settings") as string }]);
  await test.admin.call(api.admin.revokeToken, { params: { id: about.id } });
  expect((await deliver(text, { "X-Hub-Signature-256": sign(text) })).status).toBe(401);
  expect((await rows("select count(*) from github_webhook"))).toEqual([[1]]);
});

it("offers no webhook for a token that is not for GitHub's", async () => {
  const { about, webhook, eventHook } = await test.admin.call(api.admin.createToken, { body: { name: "none", scopes: ["events:aws.cloudtrail"], days: 1 } });
  expect([webhook, eventHook]).toEqual([null, null]);
  expect((await test.fetch(`/v1/webhooks/github/${about.id}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" })).status).toBe(403);
});

it("takes event hooks of Okta that bring the secret shown with a token, once Okta has verified the address", async () => {
  const { about, eventHook, webhook } = await test.admin.call(api.admin.createToken, { body: { name: "okta", scopes: ["events:okta.system"], days: 1 } });
  expect([eventHook?.path, webhook]).toEqual([`/v1/webhooks/okta/${about.id}`, null]);
  const { path, secret } = eventHook!;
  const verify = (to: string, headers: Record<string, string>): Promise<Response> => test.fetch(to, { headers });
  const verified = await verify(path, { "X-Okta-Verification-Challenge": "my<verification>challenge", Authorization: secret });
  expect([verified.status, verified.headers.get("content-type"), await verified.json()]).toEqual([200, "application/json; charset=utf-8", { verification: "my<verification>challenge" }]);
  expect((await verify(path, {})).status).toBe(400);
  expect((await verify("/v1/webhooks/okta/0123456789abcdef", { "X-Okta-Verification-Challenge": "x" })).status).toBe(401);

  const event = (n: number): object => ({ uuid: `35f5b0e2-0000-4000-8000-00000000000${n}`, published: "2024-05-14T09:30:00.000Z", eventType: "user.session.start", displayMessage: "User login to Okta", outcome: { result: "SUCCESS" }, actor: { id: "00u1", type: "User", alternateId: "hook@corp.example" } });
  const deliver = (headers: Record<string, string>, ...events: object[]): Promise<Response> =>
    test.fetch(path, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify({ eventType: "com.okta.event_hook", eventTypeVersion: "1.0", cloudEventsVersion: "0.1", source: "https://corp.okta.com/api/v1/eventHooks/who1", eventId: "b4a4", data: { events }, eventTime: "2024-05-14T09:30:01.000Z", contentType: "application/json" }, null, 1) });
  const good = { Authorization: secret };
  // Okta sends again what was not answered in time.
  for (const events of [[event(1), event(2)], [event(1), event(2)], [event(3)]]) expect((await deliver(good, ...events)).status).toBe(204);
  expect(await rows("select count(*), count(distinct event_uid), min(operation) from okta_system where actor_name = 'hook@corp.example'")).toEqual([[3, 3, "user.session.start"]]);

  for (const headers of [{}, { Authorization: `Bearer ${secret}` }, { Authorization: secret.slice(1) }, { Authorization: `Bearer ${tokens["events:*"]}` }] as Record<string, string>[]) {
    const answer = await deliver(headers, event(4));
    expect([answer.status, await answer.json()]).toMatchObject([401, { detail: expect.stringContaining("secret is wrong") as string }]);
  }
  const { items } = await test.admin.call(api.admin.audit, { query: { action: "events.write" } });
  expect(items.filter(({ actor }) => actor.id === about.id)).toMatchObject([{ outcome: "refused", resource: { id: "okta.system" }, detail: { reason: "wrong secret", times: 1 } }]);
  const { about: other } = await test.admin.call(api.admin.createToken, { body: { name: "github", scopes: ["events:github.webhook"], days: 1 } });
  expect((await test.fetch(`/v1/webhooks/okta/${other.id}`, { method: "POST", headers: good, body: "{}" })).status).toBe(403);
  await test.admin.call(api.admin.revokeToken, { params: { id: about.id } });
  expect([(await deliver(good, event(4))).status, (await verify(path, { "X-Okta-Verification-Challenge": "x" })).status]).toEqual([401, 401]);
  expect(await rows("select count(*) from okta_system where actor_name = 'hook@corp.example'")).toEqual([[3]]);
});

it("takes what the API server of Kubernetes posts to the address in a kubeconfig", async () => {
  const event = { level: "Metadata", auditID: "3f5c1c1e-0000-4000-8000-000000000099", stage: "ResponseComplete", requestURI: "/api/v1/secrets", verb: "list", user: { username: "ines@corp.example", groups: ["system:authenticated"] }, sourceIPs: ["198.51.100.7"], objectRef: { resource: "secrets", apiVersion: "v1" }, responseStatus: { metadata: {}, code: 200 }, requestReceivedTimestamp: "2024-05-14T09:32:00.000000Z", stageTimestamp: "2024-05-14T09:32:00.010000Z" };
  const answer = await test.fetch("/v1/events/kubernetes.audit", { method: "POST", headers: { Authorization: `Bearer ${tokens["events:*"]}`, "Content-Type": "application/json", Accept: "application/json, */*" }, body: JSON.stringify({ kind: "EventList", apiVersion: "audit.k8s.io/v1", metadata: {}, items: [event] }) });
  expect(answer.status).toBe(202);
  expect(await rows("select operation, entity_key from kubernetes_audit")).toEqual([["list secrets", "person:ines@corp.example"]]);
});

it.each([["an array", (logs: object[]) => JSON.stringify(logs)], ["lines", (logs: object[]) => logs.map((log) => JSON.stringify(log)).join("\n")]])("takes a log stream of Auth0: %s", async (form, written) => {
  const log = (n: number): object => ({ log_id: `9002024051409401234567800000000000000122337203685${form.length}${n}`, data: { date: "2024-05-14T09:40:12.345Z", type: "f", client_id: "abc", ip: "203.0.113.24", user_id: "auth0|1", user_name: `${form}@corp.example` } });
  const answer = await test.fetch("/v1/events/auth0.logs", { method: "POST", headers: { Authorization: `Bearer ${tokens["events:*"]}`, "Content-Type": "application/json" }, body: written([log(1), log(2)]) });
  expect(answer.status).toBe(202);
  expect(await rows(`select count(*) from auth0_logs where actor_name = '${form}@corp.example'`)).toEqual([[2]]);
});

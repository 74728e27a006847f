import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { api } from "@corduroy/contract";
import { testService } from "@corduroy/server/test";
import { fakeOkta } from "@corduroy/testkit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runBeside, startProgram } from "../../test/programWithService.ts";
import type { Ended } from "../../test/runProgram.ts";

const okta = await fakeOkta({ clock: { now: () => new Date(), advance: () => undefined, onAdvance: () => undefined } });
const test = testService({ allow: [okta.place], onStop: okta.stop });
const home = mkdtempSync(join(tmpdir(), "client-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const credentials = join(home, "corduroy", "credentials.json");

const record = (n: number, eventName: string, userName: string): object => ({
  eventVersion: "1.10", eventTime: `2026-11-18T09:00:0${n}Z`, eventSource: "cloudtrail.amazonaws.com", eventName, awsRegion: "eu-west-1", sourceIPAddress: "203.0.113.24",
  userIdentity: { type: "IAMUser", userName, accountId: "111122223333", arn: `arn:aws:iam::111122223333:user/${userName}`, principalId: "AIDAEXAMPLE" },
  eventID: `5d7c1ec2-45a4-42ca-b3ce-49778600000${n}`, recipientAccountId: "111122223333", requestParameters: { name: "company" }, responseElements: null,
});

let token = "";
let env: Record<string, string> = {};
const run = (...args: string[]): Promise<Ended> => runBeside(args, { env });

async function newToken(...scopes: string[]): Promise<string> {
  return (await test.admin.call(api.admin.createToken, { body: { name: scopes.join(" "), scopes, days: 1 } })).token;
}

beforeAll(async () => {
  token = await newToken("read", "write");
  env = { XDG_CONFIG_HOME: home, CORDUROY_URL: test.service.origin, NO_COLOR: "1" };
  const body = JSON.stringify({ Records: [record(1, "StopLogging", "dana\u001B[2J"), record(2, "GetTrail", "dana"), record(3, "StopLogging", "eli")] });
  const sent = await test.fetch("/v1/events/aws.cloudtrail", { method: "POST", headers: { Authorization: `Bearer ${await newToken("events:*")}` }, body });
  expect(sent.status).toBe(202);
  await test.service.ingest.receiver.spool.seal();
  while (test.service.ingest.backlog() > 0) await new Promise(setImmediate);
});

describe("corduroy login", () => {
  it("is what every command asks for first", async () => {
    const { status, stderr } = await run("findings", "list");
    expect(stderr).toBe(`corduroy: You are not logged in to ${test.service.origin}.\n  Log in with: corduroy login --server ${test.service.origin}, or set CORDUROY_TOKEN.\n`);
    expect(status).toBe(2);
  });

  it("keeps no token that the service does not know", async () => {
    const { status, stderr } = await runBeside(["login"], { env, input: `cdy_${"0".repeat(88)}\n` });
    expect(stderr).toContain("The API token is wrong, expired or revoked.");
    expect(status).toBe(2);
    expect(existsSync(credentials)).toBe(false);
  });

  it("keeps one that it knows where nobody else may read it, and prints it nowhere", async () => {
    const { status, stdout, stderr } = await runBeside(["login", "--me", "anna"], { env, input: `${token}\n` });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `Logged in to ${test.service.origin} as Anna.\n`, stderr: "" });
    expect(statSync(credentials).mode & 0o777).toBe(0o600);
    expect(readFileSync(credentials, "utf8")).toContain(token);
    expect((await run("findings", "list")).status).toBe(0);
  });

  it("refuses a file that others may read", async () => {
    chmodSync(credentials, 0o644);
    const { status, stderr } = await run("findings", "list");
    expect(stderr).toContain("others may read it");
    expect(stderr).not.toContain(token);
    expect(status).toBe(2);
    chmodSync(credentials, 0o600);
  });

  it("says how to start a service where there is none", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const { status, stderr } = await runBeside(["findings", "list", "--server", `http://127.0.0.1:${port}`], { env: { ...env, CORDUROY_TOKEN: token } });
    expect(stderr).toMatch(/^corduroy: There is no answer from .*\(ECONNREFUSED\)\.\n {2}Start the service with: corduroy up/);
    expect(status).toBe(2);
  });

  it("sends no token over plain HTTP to a network", async () => {
    const { status, stderr } = await runBeside(["findings", "list", "--server", "http://corduroy.example.com"], { env: { ...env, CORDUROY_TOKEN: token } });
    expect(stderr).toContain("plain HTTP");
    expect(status).toBe(2);
  });
});

describe("corduroy query, of the service", () => {
  it("prints rows in every form", async () => {
    const sql = "select operation, line, time, ocsf->'$.api.service' as api from aws_cloudtrail where line < 3 order by line";
    expect((await run("query", sql, "--format", "csv")).stdout).toBe('operation,line,time,api\nStopLogging,1,2026-11-18 09:00:01,"{""name"":""cloudtrail.amazonaws.com""}"\nGetTrail,2,2026-11-18 09:00:02,"{""name"":""cloudtrail.amazonaws.com""}"\n');
    const json = JSON.parse((await run("query", sql, "--format", "json")).stdout) as object[];
    expect(json[1]).toMatchObject({ operation: "GetTrail", line: 2, time: "2026-11-18 09:00:02", api: { name: "cloudtrail.amazonaws.com" } });
    expect((await run("query", "select operation from events order by line", "--limit", "2")).stdout).toBe("operation\n───────────\nStopLogging\nGetTrail\n\n2 rows, and more\n");
    const limited = await run("query", "select line from events order by line", "--limit", "1", "--format", "ndjson");
    expect(limited).toEqual({ status: 0, stdout: '{"line":1}\n', stderr: "There are more rows than the 1 of --limit.\n" });
  });

  it("tells a team's rows from others, and what is in an environment", async () => {
    const count = async (...args: string[]): Promise<string> => (await run("query", "select count(*) as n from events", "--format", "csv", ...args)).stdout;
    expect([await count("--team", "none"), await count("--team", "payments"), await count("--environment", "unknown"), await count("--environment", "production")]).toEqual(["n\n3\n", "n\n0\n", "n\n3\n", "n\n0\n"]);
    expect(await run("query", "select 1", "--environment", "prod")).toEqual({ status: 2, stdout: "", stderr: "corduroy: There is no environment prod.\n  They are production, staging, development, unknown.\n" });
    const { status, stderr } = await run("query", "select 1", "--lake", home, "--team", "payments");
    expect({ status, stderr }).toEqual({ status: 2, stderr: "corduroy: A lake in a folder has no catalog, which says what is a team's.\n  Ask the service, without --lake; or name the accounts in SQL.\n" });
  });

  it("shows where SQL is wrong", async () => {
    const { status, stdout, stderr } = await run("query", "select nothing_such from events");
    expect(stderr).toMatch(/^corduroy: .*nothing_such.*\n\nLINE 1: select nothing_such from events\n +\^\n/);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  });

  it("ends at the service when it is interrupted here", async () => {
    const long = startProgram(["query", "select sum(a.range * b.range) as sum from range(10000000) a, range(10000000) b"], { env });
    await audited("begun", "range(10000000)");
    long.child.kill("SIGINT");
    await long.ended;
    await audited("failed", "cancelled");
  });
});

/** Waits until the audit has a question to the lake with this outcome and these words. */
async function audited(outcome: "begun" | "failed", words: string): Promise<void> {
  const rows = async (): Promise<string> => JSON.stringify((await test.admin.call(api.admin.audit, { query: { action: "lake.query", outcome } })).items);
  await vi.waitFor(async () => expect(await rows()).toContain(words), { timeout: 60_000, interval: 250 });
}

async function list(...args: string[]): Promise<{ id: string; title: string }[]> {
  return JSON.parse((await run("findings", "list", "--format", "json", ...args)).stdout) as never;
}

describe("corduroy findings", () => {
  it("lists and shows without a control character of a log", async () => {
    const { stdout } = await run("findings", "list");
    expect(stdout).toContain("dana\\u{1B}[2J");
    const [hostile] = await list("-q", "dana");
    const shown = await run("findings", "show", hostile!.id.slice(0, 8));
    expect(shown.status).toBe(0);
    expect(shown.stdout).toMatch(/Next steps\n1 {2}/);
    expect(shown.stdout).toContain("Opened by");
    expect(stdout + shown.stdout).not.toMatch(/\u001B/u);
  });

  it("goes through the life of a finding", async () => {
    const { id, title } = (await list("-q", "eli"))[0]!;
    expect(await run("findings", "assign", id, "me")).toEqual({ status: 0, stderr: "", stdout: `Given to Anna: ${title} (${id})\n` });
    expect(await list("--owner", "me")).toMatchObject([{ id }]);
    expect((await run("findings", "triage", id)).stdout).toBe(`Triaged: ${title} (${id})\n`);
    expect((await run("findings", "comment", id, "A word.")).status).toBe(0);
    const closed = await run("findings", "close", id, "--as", "accepted", "--until", "2027-06-30", "--reason", "Until then.");
    expect(closed).toEqual({ status: 0, stderr: "", stdout: `Closed as accepted: ${title} (${id})\n` });
    expect(await list("-q", "eli")).toEqual([]);
    expect(await list("--state", "accepted")).toMatchObject([{ id }]);
    expect((await run("findings", "reopen", id, "--reason", "Again.")).status).toBe(0);
    const { stdout } = await run("findings", "show", id);
    expect(stdout).toContain("A word.");
    expect(stdout).toContain("open → triaged");
    expect((await run("findings", "assign", id, "none")).stdout).toBe(`Given back: ${title} (${id})\n`);
  });

  it("closes a duplicate of another, both abbreviated", async () => {
    const [first, second] = (await list()).map(({ id }) => id);
    expect((await run("findings", "close", first!.slice(0, 10), "--as", "duplicate", "--of", second!.slice(0, 10), "--reason", "The same.")).status).toBe(0);
    expect(await list("--state", "duplicate")).toMatchObject([{ id: first }]);
  });

  it.each([
    [["show", "ffffffff"], "There is no finding ffffffff."],
    [["show", "x"], "There is no such finding."],
    [["assign", "ffffffff", "nobody such"], "There is nobody called nobody such."],
    [["close", "ffffffff", "--as", "accepted", "--reason", "x"], "An acceptance ends."],
    [["close", "ffffffff", "--as", "duplicate", "--reason", "x"], "A duplicate needs the finding that stays."],
    [["close", "ffffffff", "--as", "resolved", "--of", "ffff", "--reason", "x"], "Only a duplicate"],
  ])("%j: %s", async (args, message) => {
    const { status, stderr } = await run("findings", ...args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });

  it("says what a token may not", async () => {
    const { status, stderr } = await runBeside(["findings", "triage", (await list())[0]!.id], { env: { ...env, CORDUROY_TOKEN: await newToken("read") } });
    expect(stderr).toContain('it needs "findings.triage"');
    expect(status).toBe(2);
  });
});

describe("corduroy sources and audit", () => {
  it("compares rules, and older records, with what the service has stored", async () => {
    const { status, stdout, stderr } = await run("rules", "coverage");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^\d+ rules and 1 source with 3 events\. Looked at: 3 of them/);
    const reader = { env: { ...env, CORDUROY_TOKEN: await newToken("read") } };
    for (const words of [["rules", "coverage"], ["sources", "drift"]]) expect(await runBeside(words, reader)).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("withheld from this token") as string });
    expect((await run("sources", "drift")).stdout).toContain("aws.cloudtrail  3 of 1 day with 0 of 0 days before\n  Too little came before to say what is new.\n");
  });

  it("lists sources", async () => {
    const { status, stdout } = await run("sources", "list");
    expect(stdout).toMatch(/^aws\.cloudtrail +3 +3 +0 /m);
    expect(status).toBe(0);
  });

  it("shows what is in quarantine without a control character, and has it tried again", async () => {
    expect((await run("sources", "quarantine")).stdout).toBe("Nothing is in quarantine.\n");
    const id = "20261121T174831204Z-518ab3a270bab91c";
    const folder = join(test.folder, "data/spool/quarantine");
    mkdirSync(folder);
    writeFileSync(join(folder, `${id}.seg`), "cut off");
    writeFileSync(join(folder, `${id}.json`), JSON.stringify({ at: "2026-11-21T17:48:31.204Z", reason: "A worker process ended.\u001B[2J", sources: ["generic.json"] }));
    expect((await run("sources", "list")).stderr).toBe("One segment is in quarantine: received, and not in the lake. See: corduroy sources quarantine\n");
    const { stdout } = await run("sources", "quarantine");
    expect(stdout).toMatch(new RegExp(`^${id}  7 bytes  since \\S.* UTC  generic\\.json\n  A worker process ended\\.\\\\u\\{1B\\}\\[2J\n`));
    expect((await run("sources", "retry", id)).stdout).toContain(`${id} is tried again.`);
    while (test.service.ingest.backlog() > 0) await new Promise(setImmediate);
    expect(JSON.parse((await run("sources", "quarantine", "--format", "json")).stdout)).toEqual([]);
    expect((await run("sources", "retry", id)).stderr).toBe(`corduroy: There is no segment ${id} in quarantine.\n  corduroy sources quarantine shows those that are there.\n`);
  });

  it("pauses no collector that is not there", async () => expect((await run("sources", "pause", "aws.cloudtrail")).stderr).toContain("There is no collector aws.cloudtrail."));

  it("adds, pauses, resumes and removes a collector with a token for sources, and with no other", async () => {
    // Nobody listens there: the collector is in trouble, which does not matter here.
    const queue = "http://127.0.0.1:9/111122223333/trail";
    const asSetUp = { ...env, CORDUROY_TOKEN: await newToken("sources") };
    const say = async (...args: string[]): Promise<string> => (await runBeside(["sources", ...args], { env: asSetUp })).stdout;
    const collectors = async () => (await test.admin.call(api.events.sources)).items.flatMap((source) => source.collectors.map(({ target, paused }) => ({ target, paused })));
    const refused = await run("sources", "add", "aws.cloudtrail", "--sqs", queue);
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('it needs "sources.write"') as string });
    expect(await say("add", "aws.cloudtrail", "--sqs", queue)).toContain(`aws.cloudtrail is collected through ${queue}`);
    expect(await say("list")).toContain(queue);
    expect(await say("pause", "aws.cloudtrail")).toBe(`Paused: ${queue}\n`);
    expect(await collectors()).toEqual([{ target: queue, paused: true }]);
    expect(await say("resume", "aws.cloudtrail")).toBe(`Goes on: ${queue}\n`);
    expect(await say("remove", "aws.cloudtrail")).toContain(`Removed: ${queue}.`);
    expect(await collectors()).toEqual([]);
    expect(await runBeside(["findings", "list"], { env: asSetUp })).toMatchObject({ status: 2, stderr: expect.stringContaining('it needs "findings.read"') as string });
  });

  it("collects a vendor's log with a secret that is sent in, and shows it nowhere", async () => {
    okta.keep({ uuid: "6f1c2d3e-0a4b-11ef-9c1a-000000000001", published: new Date().toISOString(), eventType: "user.session.start", displayMessage: "User login to Okta", actor: { id: "00u1", type: "User", alternateId: "ines@corp.example", displayName: "Ines" }, outcome: { result: "SUCCESS" } });
    const asSetUp = { ...env, CORDUROY_TOKEN: await newToken("sources") };
    const say = (args: string[], input = ""): Promise<Ended> => runBeside(["sources", ...args], { env: asSetUp, input });
    const add = ["add", "okta", "--address", okta.origin];
    expect((await say(["add", "okta"], okta.token)).stderr).toContain("For okta it needs --address.");
    expect((await say(add)).stderr).toContain("No secret was given.");
    expect((await say([...add, "--since", "2999-01-01"], okta.token)).stderr).toContain("lies in the future");
    expect((await say(["add", "nobody"], okta.token)).stderr).toContain("nobody is no vendor that can be asked");
    const added = await say([...add, "--since", "7d"], `${okta.token}\n`);
    expect(added).toMatchObject({ status: 0, stderr: "", stdout: expect.stringContaining(`okta.system is collected from ${okta.origin} (`) as string });
    const file = join(home, "okta-token");
    writeFileSync(file, okta.token);
    expect((await say([...add, "--secret-file", file])).stderr).toContain(`${okta.origin} is collected already.`);
    const collected = async () => (await test.admin.call(api.events.sources)).items.find(({ id }) => id === "okta.system")!;
    await vi.waitFor(async () => expect(await collected()).toMatchObject({ events: 1, collectors: [{ kind: "okta", problem: null }] }), { timeout: 30_000 });
    const tried = await say(["test", "okta"]);
    expect(tried).toMatchObject({ status: 0, stdout: expect.stringContaining(`${okta.origin}: it works.\n`) as string });
    expect(tried.stdout).toContain("okta.logs.read");
    okta.fail({ kind: "status", status: 403, body: '{"errorCode":"E0000006"}' });
    expect(await say(["test", "okta"])).toMatchObject({ status: 1, stdout: expect.stringContaining("The token may not read the System Log") as string });
    okta.fail();
    expect((await say(["backfill", "okta", "--since", "30d"])).stdout).toMatch(/^Fetched from 20\S+ on, beside what is new: /);
    const list = (await say(["list"])).stdout;
    expect(list).toContain(`okta  ${okta.origin}\n`);
    expect((await say(["remove", "okta"])).stdout).toContain(`Removed: ${okta.origin}.`);
    expect(`${added.stdout}${list}${JSON.stringify(await collected())}${test.log.join("")}`).not.toContain(okta.token);
  });

  it("lists a container with a secret that is sent in, and shows it nowhere", async () => {
    // Nobody listens there: the collector is in trouble, which does not matter here.
    const container = "http://127.0.0.1:9/insights-activity-logs";
    const asSetUp = { ...env, CORDUROY_TOKEN: await newToken("sources") };
    const say = (args: string[], input = ""): Promise<Ended> => runBeside(["sources", ...args], { env: asSetUp, input });
    const signature = "sv=2021-12-02&sr=c&sp=rl&sig=bm90LWEtc2lnbmF0dXJl";
    expect((await say(["add", "azure.activity", "--container", container], signature)).stderr).toContain("A container is read either as an application, with --tenant and --client, or with --sas.");
    expect((await say(["add", "aws.cloudtrail", "--bucket", "trail/AWSLogs"])).stderr).toContain("It looks like s3://bucket");
    const added = await say(["add", "azure.activity", "--container", container, "--sas"], `${signature}\n`);
    expect(added).toMatchObject({ status: 0, stderr: "", stdout: expect.stringContaining(`azure.activity is collected from ${container}/ (`) as string });
    const tried = await say(["test", "azure.activity"]);
    expect(tried).toMatchObject({ status: 1, stdout: expect.stringContaining("Storage Blob Data Reader") as string });
    expect((await say(["remove", "azure.activity"])).stdout).toContain(`Removed: ${container}/.`);
    expect(`${added.stdout}${tried.stdout}${test.log.join("")}`).not.toContain("bm90LWEtc2lnbmF0dXJl");
  });

  it("checks the audit with a token for it", async () => {
    const { status, stdout } = await runBeside(["audit", "verify"], { env: { ...env, CORDUROY_TOKEN: await newToken("audit") } });
    expect(stdout).toContain("rows are as they were sealed");
    expect(status).toBe(0);
  });

  it("is refused the audit with a token that may only read", async () => expect((await run("audit", "verify")).stderr).toContain('it needs "audit.read"'));
});

describe("corduroy logout", () => {
  it("forgets the token", async () => {
    expect((await run("logout")).stdout).toContain("Forgotten");
    expect((await run("logout")).stdout).toContain("There was no token");
    expect(readFileSync(credentials, "utf8")).not.toContain("cdy_");
    expect((await run("sources", "list")).status).toBe(2);
  });
});

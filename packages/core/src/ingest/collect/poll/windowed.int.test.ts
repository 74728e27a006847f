import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeGithub, fakeGraph, type FakeGithub, type FakeGraph } from "@corduroy/testkit";
import { polled, until } from "./test/polled.ts";

let github: FakeGithub;
let graph: FakeGraph;
const test = polled(() => [github.place, graph.place]);
const { clock, troubles, waits } = test;
beforeEach(async () => {
  github = await fakeGithub({ clock, pageSize: 3 });
  graph = await fakeGraph({ clock, pageSize: 3 });
});
afterEach(async () => {
  await test.stop();
  await github.stop();
  await graph.stop();
});

let made = 0;
const ago = (minutes: number): number => clock.now().getTime() - minutes * 60_000;
const entry = (minutes: number, action = "repo.create") => ({ "@timestamp": ago(minutes), _document_id: `AbCdEfGhIjKlMnOpQr${String(++made).padStart(4, "0")}`, action, actor: "octo", org: "corp", created_at: ago(minutes) });
const signIn = (minutes: number) => ({ id: `66ea54eb-6301-4ee5-be62-${String(++made).padStart(12, "0")}`, createdDateTime: new Date(ago(minutes)).toISOString(), userPrincipalName: "ines@corp.example", userId: "u1", appId: "a1", appDisplayName: "Portal", ipAddress: "203.0.113.9", status: { errorCode: 0 } });
const audit = (minutes: number) => ({ id: `Directory_${++made}`, activityDateTime: new Date(ago(minutes)).toISOString(), activityDisplayName: "Add user", category: "UserManagement", loggedByService: "Core Directory", operationType: "Add", result: "success", initiatedBy: { user: { id: "u1", userPrincipalName: "ines@corp.example" } }, targetResources: [] });
const ofGithub = (token = github.token) => test.add({ kind: "github", address: github.origin, organisation: github.organisation, token }, new Date(ago(3 * 24 * 60)));
const alert = (minutes: number) => ({ id: `da637551227677560813_${++made}`, tenantId: "b3c1b5fc-828c-45fa-a1e1-10d74f6d6e9c", title: "A hidden file was run", serviceSource: "microsoftDefenderForEndpoint", severity: "low", status: "new", createdDateTime: new Date(ago(minutes + 5)).toISOString(), lastUpdateDateTime: new Date(ago(minutes)).toISOString(), evidence: [] });
const risk = (minutes: number) => ({ id: `52a631815aaa527bf642b196715da5cf0f35b687${String(++made).padStart(24, "0")}`, requestId: null, riskEventType: "unfamiliarFeatures", riskState: "atRisk", riskLevel: "medium", riskDetail: "none", source: "IdentityProtection", detectionTimingType: "realtime", activity: "signin", ipAddress: "203.0.113.9", activityDateTime: new Date(ago(minutes + 1)).toISOString(), detectedDateTime: new Date(ago(minutes)).toISOString(), lastUpdatedDateTime: new Date(ago(minutes)).toISOString(), userId: "u1", userDisplayName: "Ines", userPrincipalName: "ines@corp.example" });
const ofGraph = (log: keyof typeof graph.logs, secret = graph.secret) => test.add({ kind: "microsoft-graph", address: graph.origin, login: graph.origin, tenant: graph.tenant, client: graph.client, log, secret }, new Date(ago(3 * 24 * 60)));

describe("GitHub", () => {
  it("brings all entries once, wherever it is killed, with Git's, and those that come late", async () => {
    github.entries.push(...Array.from({ length: 4 }, () => entry(2 * 24 * 60)), ...Array.from({ length: 4 }, () => entry(10)), entry(5, "git.clone"));
    await ofGithub();
    await test.killedEverywhere();
    expect(await test.totals()).toMatchObject({ stored: 9, dead: 0 });
    test.start();
    await test.caughtUp();
    github.entries.push(entry(3), entry(50));
    await until(async () => (await test.totals()).stored === 11);
    expect(await test.totals()).toMatchObject({ dead: 0 });
    expect(troubles).toEqual([]);
  });

  it("waits until its hour is over, and that is no problem", async () => {
    github.entries.push(entry(10));
    await ofGithub();
    github.allow(0);
    test.start();
    await until(() => waits.length > 0);
    expect([waits[0], (await test.state()).problem]).toEqual([3_600, null]);
    await until(async () => (await test.totals()).stored === 1);
    expect(troubles).toEqual([]);
  });

  it("says which scope is missing", async () => {
    await ofGithub(github.weakToken);
    expect(await test.problem()).toContain("lacks the scope read:audit_log");
    await ofGithub("ghp_anotherTokenAltogether");
    expect(await test.problem()).toContain("GitHub does not accept the token");
  });
});

describe("Microsoft Graph", () => {
  it("brings sign-ins and audits once, wherever it is killed, also those that come late", async () => {
    graph.logs.signIns.push(...Array.from({ length: 8 }, () => signIn(20)));
    await ofGraph("signIns");
    await test.killedEverywhere();
    expect(await test.totals()).toMatchObject({ stored: 8, dead: 0 });
    test.start();
    await test.caughtUp();
    graph.logs.signIns.push(signIn(3), signIn(100));
    await until(async () => (await test.totals()).stored === 10);
    await test.stop();
    await test.database.pool.query("DELETE FROM collectors");
    graph.logs.directoryAudits.push(audit(30), audit(40));
    await ofGraph("directoryAudits");
    test.start();
    await until(async () => (await test.totals()).stored === 12);
    expect(troubles).toEqual([]);
  });

  it("goes on where its token expires between two pages, and where it is told to wait", async () => {
    graph.logs.signIns.push(...Array.from({ length: 8 }, () => signIn(20)));
    await ofGraph("signIns");
    let [pages, tokens] = [0, 0];
    test.start(async (step) => {
      if (step !== "after receipt") return;
      if (++pages === 1) graph.expireTokens();
      else if (pages === 2) graph.throttle(77);
      // Later it asks again and again, and each time two minutes have passed: then tokens expire by themselves.
      else if (pages === 3) tokens = graph.requests.filter(({ method }) => method === "POST").length;
    });
    await until(async () => (await test.totals()).stored === 8);
    expect(waits).toContain(77);
    expect(tokens).toBe(2);
    expect((await test.state()).problem).toBeNull();
    expect(troubles).toEqual([]);
  });

  it("brings risk detections once, wherever it is killed", async () => {
    await ofGraph("riskDetections");
    expect(await test.problem()).toContain("It lacks IdentityRiskEvent.Read.All, or nobody has consented to it.");
    graph.roles = ["IdentityRiskEvent.Read.All"];
    graph.logs.riskDetections.push(...Array.from({ length: 7 }, (_, n) => risk(20 + n * 300)));
    await ofGraph("riskDetections");
    await test.killedEverywhere();
    expect(await test.totals()).toMatchObject({ stored: 7, dead: 0 });
    // Somebody has dismissed it: that is told of, too.
    Object.assign(graph.logs.riskDetections[0]!, { riskState: "dismissed", lastUpdatedDateTime: new Date(ago(0)).toISOString() });
    test.start();
    await until(async () => (await test.totals()).stored === 8);
    expect(troubles).toHaveLength(1);
  });

  it("brings alerts once, wherever it is killed, and each time that somebody works on one", async () => {
    await ofGraph("alerts");
    expect(await test.problem()).toContain("It lacks SecurityAlert.Read.All, or nobody has consented to it.");
    graph.roles = ["SecurityAlert.Read.All"];
    const alerts = Array.from({ length: 9 }, (_, n) => alert(10 + n * 400));
    graph.logs.alerts.push(...alerts);
    await ofGraph("alerts");
    expect((await test.killedEverywhere()).steps).toEqual(["after answer", "after receipt", "before receipt", "before request"]);
    expect(await test.totals()).toMatchObject({ stored: 9, dead: 0 });
    Object.assign(alerts[8]!, { status: "inProgress", lastUpdateDateTime: new Date(ago(0)).toISOString() });
    test.start();
    await until(async () => (await test.totals()).stored === 10);
    expect(troubles).toHaveLength(1);
    // From a second page others would have moved up to the first meanwhile.
    expect(graph.requests.filter(({ path }) => path.includes("skiptoken"))).toEqual([]);
  });

  it("says which permission is missing, and sends no token elsewhere", async () => {
    graph.roles = [];
    await ofGraph("signIns");
    expect(await test.problem()).toContain("It lacks AuditLog.Read.All, or nobody has consented to it.");
    await ofGraph("signIns", "another~secret.altogether");
    expect(await test.problem()).toContain("Microsoft gives the application no token (invalid_client)");
    graph.roles = ["AuditLog.Read.All"];
    await ofGraph("signIns");
    const posts = (): number => graph.requests.filter(({ method }) => method === "POST").length;
    const before = posts();
    test.start(async (step) => {
      if (step === "before request" && posts() > before) graph.fail({ kind: "status", status: 200, body: JSON.stringify({ "value": [], "@odata.nextLink": `${github.origin}/v1.0/auditLogs/signIns?x` }) });
    });
    await until(async () => (await test.state()).problem?.includes("somewhere else") === true);
    expect(github.requests).toEqual([]);
  });
});

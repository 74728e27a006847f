import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { fakeBlobs, type FakeBlobs } from "@corduroy/testkit";
import { Conflict, Invalid } from "../../../kernel/index.ts";
import { polled } from "../poll/test/polled.ts";
import { testCollector } from "../testCollector.ts";
import { addContainer } from "./addContainer.ts";
import type { ContainerReach } from "./containerReach.ts";

let blobs: FakeBlobs;
const test = polled(() => [blobs.place]);
const { clock, troubles, waits } = test;

beforeAll(async () => {
  blobs = await fakeBlobs({ clock });
});
beforeEach(async () => {
  blobs.refuse();
  blobs.mayRead = true;
  for (const name of there) blobs.remove(name);
  there.clear();
  await test.database.pool.query("DELETE FROM collected_blobs");
});
afterAll(() => blobs.stop());

const ctx = (): ReturnType<typeof test.database.ctx> => ({ ...test.database.ctx(), now: clock.now });
const application = (): ContainerReach => ({ login: blobs.origin, tenant: blobs.tenant, client: blobs.client, secret: blobs.secret });
const add = (reach = application(), folder = ""): Promise<string> => addContainer(ctx(), { source: "azure.activity", address: `${blobs.address}${folder}`, reach, since: null }, test.box);
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((again) => setTimeout(again, 5));
}
/** Two rounds: whatever was there when this was called is taken in. */
async function round(): Promise<void> {
  const before = waits.length;
  await until(() => waits.length >= before + 3);
}

const there = new Set<string>();
const HOUR = "resourceId=/SUBSCRIPTIONS/11111111-2222-3333-4444-555555555555/y=2026/m=11/d=21/h=12/m=00/PT1H.json";
function append(more: string | Buffer, name = HOUR): void {
  there.add(name);
  blobs.append(name, more);
}
function put(name: string, body: string | Buffer, change?: Parameters<FakeBlobs["put"]>[2]): void {
  there.add(name);
  blobs.put(name, body, change);
}

let made = 0;
/** A record as a diagnostic setting writes it, which has no id of its own; each is like no other. */
const record = (size = 0): string => JSON.stringify({ time: "2026-11-21T12:00:00.0000000Z", resourceId: `/SUBSCRIPTIONS/1/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/VM${++made}`, operationName: "MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE", category: "Administrative", resultType: "Success", properties: { text: "x".repeat(size) } });
const line = (size?: number): string => `${record(size)}\r\n`;

it("takes each line of a blob that grows once, and the last one when its end has come", async () => {
  append(line() + line());
  await add();
  test.start();
  await round();
  expect(await test.totals()).toEqual({ stored: 2, duplicate: 0, dead: 0 });
  const [before, after] = [line().slice(0, 60), line()];
  append(line(1024 * 1024) + before);
  await round();
  expect(await test.totals()).toEqual({ stored: 3, duplicate: 0, dead: 0 });
  append(after.slice(60));
  append(line());
  await round();
  expect(await test.totals()).toEqual({ stored: 5, duplicate: 0, dead: 0 });
  const bytes = (): number => blobs.requests.filter(({ path }) => path.includes("PT1H")).length;
  const asked = bytes();
  await round();
  expect(bytes()).toBe(asked);
  // Without its newline, until nobody writes there any more.
  append(record());
  await round();
  expect(await test.totals()).toMatchObject({ stored: 5 });
  clock.advance(3 * 3_600);
  await round();
  expect(await test.totals()).toEqual({ stored: 6, duplicate: 0, dead: 0 });
  expect(troubles).toEqual([]);
});

it("takes each record of a block blob that grows before its end once", async () => {
  const flow = (): string => JSON.stringify({ time: "2026-11-21T12:00:00Z", systemId: "1", category: "NetworkSecurityGroupFlowEvent", resourceId: `/NSG/${++made}`, operationName: "NetworkSecurityGroupFlowEvents", properties: { Version: 2, flows: [{ rule: "DefaultRule_AllowInternetOutBound", flows: [{ mac: "000D3AF87856", flowTuples: ["1763726400,10.0.0.4,13.67.143.118,44931,443,T,O,A,B,,,,"] }] }] } });
  const name = HOUR.replace("PT1H", "macAddress=000D3AF87856/PT1H");
  const records: string[] = [];
  await add();
  test.start();
  for (const more of [1, 1, 3]) {
    for (let each = 0; each < more; each++) records.push(flow());
    put(name, `{"records":[${records.join(",")}]}`);
    await round();
    expect(await test.totals()).toEqual({ stored: records.length, duplicate: 0, dead: 0 });
  }
});

it("takes what was put in a blob's place for another text", async () => {
  append(line() + line());
  await add();
  test.start();
  await round();
  put(HOUR, line() + line() + line());
  await round();
  expect(await test.totals()).toEqual({ stored: 5, duplicate: 0, dead: 0 });
});

it("loses nothing and takes nothing twice, wherever it is killed, also where the blob has grown meanwhile", async () => {
  let lines = 2;
  append(line() + line());
  put("a/other.json", line());
  await add();
  const seen = new Set<string>();
  for (let kills = 0, alive = true; alive; kills++) {
    let count = 0;
    let dead = false;
    test.start(async (name) => {
      if (!dead && count++ < kills) return;
      seen.add(name);
      dead = true;
      await new Promise(() => undefined);
    }, { pageSize: 1 });
    const before = waits.length;
    await until(() => dead || waits.length > before + 1);
    alive = dead;
    await (kills % 4 === 3 ? test.kill() : test.stop());
    if (alive) {
      append(line());
      lines++;
    }
  }
  expect([...seen].sort()).toEqual(["after answer", "after receipt", "before receipt", "before request"]);
  test.start();
  await round();
  const { stored, dead } = await test.totals();
  expect({ stored, dead }).toEqual({ stored: lines + 1, dead: 0 });
});

it("says which role is missing, keeps its place, waits for a busy service, and goes on", async () => {
  for (let each = 0; each < 3; each++) put(`${each}.json`, line());
  put("archived.json", line(), { tier: "Archive" });
  put("image.png", "x");
  const id = await add();
  blobs.refuse(({ path }) => (path.includes("marker=") ? { status: 403, code: "AuthorizationPermissionMismatch" } : undefined));
  test.start(undefined, { pageSize: 2 });
  await until(async () => (await test.state()).problem !== null);
  const { problem, checkpoint } = await test.state();
  expect(problem).toContain("The container insights-activity-logs may not be read (AuthorizationPermissionMismatch). The application lacks the role Storage Blob Data Reader on it");
  const tried = () => testCollector(ctx(), { id }, { box: test.box, outbound: test.outbound() });
  await until(() => waits.length > 3);
  expect(await test.state()).toMatchObject({ checkpoint });
  expect(troubles).toHaveLength(1);
  blobs.refuse(({ path }) => (path.includes("/2.json") ? { status: 503, code: "ServerBusy" } : undefined));
  blobs.expireTokens();
  await until(async () => (await test.state()).waitingUntil !== null);
  expect((await test.state()).problem).toBeNull();
  blobs.refuse();
  await until(async () => (await test.totals()).stored === 3);
  await round();
  expect((await test.state()).problem).toContain("One object lies in an archive and cannot be read; the first is http");
  expect(await tried()).toMatchObject({ works: true, said: expect.stringContaining("and read the blobs there.") as string, needs: expect.stringContaining("Storage Blob Data Reader") as string });
  blobs.mayRead = false;
  expect(await tried()).toMatchObject({ works: false });
});

it("reads with a signature too, keeps its secrets sealed, and refuses what is no container", async () => {
  put("logs/a.json", line());
  put("other/b.json", line());
  await add({ sas: `?${blobs.sas}` }, "/logs");
  test.start();
  await round();
  expect(await test.totals()).toEqual({ stored: 1, duplicate: 0, dead: 0 });
  await test.stop();
  await expect(add({ sas: blobs.sas }, "/logs/")).rejects.toThrow(Conflict);
  await add({ sas: "sv=1&sig=wrong" });
  test.start();
  await until(() => troubles.length > 0);
  expect(troubles[0]).toContain("Azure refuses to let the container insights-activity-logs be read (AuthenticationFailed).");
  const { rows } = await test.database.pool.query<{ text: string }>("SELECT concat((SELECT json_agg(c) FROM collectors c), (SELECT json_agg(b) FROM collected_blobs b), (SELECT json_agg(a) FROM audit_log a)) AS text");
  for (const secret of [blobs.sas, "ZmFrZS1zaWduYXR1cmU", blobs.secret]) expect(`${rows[0]!.text}${troubles.join()}`).not.toContain(secret);
  for (const address of ["https://a.blob.core.windows.net", "https://a.blob.core.windows.net/Logs", "ftp://a/logs", "https://a.blob.core.windows.net/logs?sig=1", "https://u:p@a.blob.core.windows.net/logs"]) await expect(addContainer(ctx(), { source: "azure.activity", address, reach: application(), since: null }, test.box), address).rejects.toThrow(Invalid);
});

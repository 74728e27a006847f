import { readFileSync } from "node:fs";
import tls from "node:tls";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fakeEventHub, fakeGraph, issueCertificate, type FakeEventHub, type FakeEventHubOptions } from "@corduroy/testkit";
import { outbound } from "../../../net/index.ts";
import { backfillCollector } from "../poll/backfillCollector.ts";
import { polled } from "../poll/test/polled.ts";
import { trackOf } from "../poll/track.ts";
import { testCollector } from "../testCollector.ts";
import { openHub } from "./openHub.ts";
import { placesOf } from "./places.ts";
import { hubOf, type HubReach } from "./reach.ts";

let hub: FakeEventHub;
const listed: string[] = [];
const test = polled(() => [hub.place, ...listed]);
const { clock, troubles } = test;
const open = async (options: FakeEventHubOptions = {}): Promise<void> => {
  hub = await fakeEventHub({ now: clock.now, ...options });
};
beforeEach(async () => {
  listed.length = 0;
  await open();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await test.stop();
  await hub.stop();
});

const reach = (change: Partial<HubReach> = {}): HubReach => ({ kind: "azure-event-hubs", hub: null, group: "$Default", source: null, address: null, login: "https://login.microsoftonline.com", tenant: null, client: null, secret: hub.connectionString, ...change });
const add = (change: Partial<HubReach> = {}, since?: Date): Promise<string> => test.add(reach(change), since);
const sample = (name: string): object => (JSON.parse(readFileSync(new URL(`../../../sources/${name}`, import.meta.url), "utf8")) as { record: object }).record;
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(setImmediate);
}
/** How far the checkpoint is, by partition. */
async function kept(): Promise<Record<string, number>> {
  const at = placesOf(trackOf((await test.state()).checkpoint!))?.at ?? {};
  return Object.fromEntries(Object.entries(at).map(([partition, [no]]) => [partition, no]));
}
async function caughtUp(partitions = 2): Promise<void> {
  const ends = Array.from({ length: partitions }, (_, no) => [String(no), hub.partition(no).next - 1] as const).filter(([, last]) => last >= 0);
  await until(async () => {
    const at = await kept();
    return ends.every(([no, last]) => at[no] === last);
  });
}
const stored = async (): Promise<number> => (await test.totals()).stored;
async function bySource(): Promise<Record<string, number>> {
  await test.totals();
  const { rows } = await test.database.pool.query<{ source: string; rows: number }>("SELECT source, sum(rows)::int AS rows FROM lake_parts WHERE kind = 'events' GROUP BY source ORDER BY source");
  return Object.fromEntries(rows.map(({ source, rows }) => [source, rows]));
}
let made = 0;
const happen = (count: number, partition = 0): void => {
  for (let each = 0; each < count; each++) hub.keep(partition, JSON.stringify({ records: [{ number: ++made }, { number: ++made }] }));
};

it("brings what Azure sends once, each record as what it is", async () => {
  const records = [sample("azure.activity/samples/role-assigned-by-person.json"), sample("entra.signin/samples/managed-identity.json")];
  hub.keep(0, JSON.stringify({ records }));
  hub.keep(1, ` ${JSON.stringify([{ own: 0 }, { own: 1 }], null, 2)}`);
  hub.keep(0, '{"own":2}\n{"own":3}\n');
  hub.keep(1, gzipSync('{"own":4}'));
  hub.keep(0, "no JSON at all");
  hub.keep(1, Buffer.from([0xff, 0x00, 0xfe]));
  hub.keep(0, "");
  await add();
  test.start();
  await caughtUp();
  expect(await bySource()).toEqual({ "azure.activity": 1, "entra.signin": 1, "generic.json": 5, "generic.text": 1 });
  expect(await test.totals()).toEqual({ stored: 8, duplicate: 0, dead: 1 });
  hub.keep(1, '{"own":5}');
  await caughtUp();
  expect(await stored()).toBe(9);
  expect(await test.state()).toMatchObject({ source: "azure.diagnostics", problem: null, waitingUntil: null, lastSuccessAt: expect.any(Date) as Date });
  expect(troubles).toEqual([]);
});

it("takes all records for what it was told they are", async () => {
  hub.keep(0, '{"records":[{"one":1},{"two":2}]}');
  await add({ source: "azure.activity" });
  test.start();
  await caughtUp();
  expect(await bySource()).toEqual({ "azure.activity": 2 });
});

it("loses nothing and takes nothing twice, wherever it is killed, also where more has come meanwhile", async () => {
  happen(4, 0);
  happen(3, 1);
  await add();
  const seen = new Set<string>();
  for (let runs = 1, alive = false; !alive; runs++) {
    let steps = 0;
    let dead = false;
    test.start((step) => {
      if (!dead && ++steps < runs) return Promise.resolve();
      dead = true;
      seen.add(step);
      return new Promise(() => undefined);
    });
    await until(async () => dead || ((await kept())["0"] ?? -1) === hub.partition(0).next - 1);
    alive = !dead;
    // The checkpoint moves right behind the last receipt: nothing of it may be left to the clock.
    await test.stop();
    if (runs % 3 === 0) await test.restart();
    if (!alive) happen(1);
  }
  expect([...seen].sort()).toEqual(["after receipt", "before connection", "before receipt"]);
  test.start();
  await caughtUp();
  const { stored, duplicate, dead } = await test.totals();
  expect({ stored, dead }).toEqual({ stored: 2 * (hub.partition(0).next + hub.partition(1).next), dead: 0 });
  expect(duplicate).toBeGreaterThan(0);
});

it("goes on with the others while a partition is slow", async () => {
  hub.hold(1, true);
  happen(5, 0);
  happen(2, 1);
  await add();
  test.start();
  await until(async () => (await kept())["0"] === 4);
  happen(3, 0);
  await until(async () => (await kept())["0"] === 7);
  expect(await stored()).toBe(16);
  hub.hold(1, false);
  await caughtUp();
  expect(await test.totals()).toEqual({ stored: 20, duplicate: 0, dead: 0 });
});

it("goes on where it was when the connection breaks, and when a token has expired", async () => {
  happen(3);
  await add();
  test.start();
  await caughtUp();
  hub.fail({ kind: "cut", after: 2 });
  happen(6);
  await caughtUp();
  const puts = hub.puts.length;
  hub.expireTokens();
  happen(2);
  await caughtUp();
  expect(hub.puts.length).toBeGreaterThan(puts);
  expect(await test.totals()).toMatchObject({ stored: 22, dead: 0 });
  expect(await test.state()).toMatchObject({ problem: null });
  expect(troubles).toEqual([]);
  expect(hub.connections()).toBe(1);
});

it("takes an event of a mebibyte, and more than fits into memory at once", async () => {
  for (let no = 0; no < 28; no++) hub.keep(no % 2, JSON.stringify({ no, text: "x".repeat(1024 * 1024 - 40) }));
  await add({ source: "generic.json" });
  test.start();
  await caughtUp();
  expect(await test.totals()).toEqual({ stored: 28, duplicate: 0, dead: 0 });
});

it("goes on with the oldest event that is there where retention is over, and says what is lost", async () => {
  happen(2);
  await add();
  test.start();
  await caughtUp();
  await test.stop();
  happen(5);
  hub.partition(0).expire(2);
  test.start();
  await caughtUp();
  expect(await stored()).toBe(8);
  const words = "3 events of partition 0 had left the event hub before they were read";
  expect(troubles.join("")).toContain(words);
  expect((await test.state()).problem).toContain(words);
  await test.stop();
  clock.advance(4_000);
  happen(1);
  test.start();
  await caughtUp();
  await until(async () => (await test.state()).problem === null);
});

it("reads a hub from its beginning that was made anew under the same name", async () => {
  happen(4);
  await add();
  test.start();
  await caughtUp();
  hub.recreate(clock.now());
  happen(2);
  await until(async () => placesOf(trackOf((await test.state()).checkpoint!))?.created === clock.now().toISOString());
  expect(await stored()).toBe(12);
  expect(troubles.join("")).toContain("was made anew");
});

it("fetches an older range beside what is new, and does not store twice what is there", async () => {
  happen(5);
  clock.advance(3 * 86_400);
  happen(2);
  happen(2, 1);
  const id = await add();
  test.start();
  await caughtUp();
  expect(await stored()).toBe(8);
  const backfill = async (): Promise<void> => {
    await backfillCollector({ ...test.database.ctx(), now: clock.now }, { id, since: new Date(clock.now().getTime() - 7 * 86_400_000) });
    await until(async () => (await test.state()).backfill === null);
  };
  await backfill();
  // What of the other partition comes again is the same stretch, and is told by its key before it is read.
  expect(await test.totals()).toEqual({ stored: 18, duplicate: 4, dead: 0 });
  await backfill();
  expect(await test.totals()).toMatchObject({ stored: 18 });
  expect(troubles).toEqual([]);
});

it("says in plain words what is missing, and goes on once it is there", async () => {
  const wrong = hub.connectionString.replace(hub.key, `${hub.key}A`);
  const cases: [Partial<HubReach>, string][] = [
    [{ secret: wrong }, "does not accept the key"],
    [{ secret: hub.connectionString.replace("=listener", "=sender").replace(hub.key, `${hub.key}B`) }, "It needs the claim Listen."],
    [{ secret: hub.connectionString.replace("=logs", "=others") }, "There is no event hub others"],
    [{ group: "nobody" }, "or it has no consumer group nobody"],
  ];
  for (const [change, words] of cases) {
    const id = await add(change);
    test.start();
    await until(async () => (await test.state()).problem !== null);
    expect((await test.state()).problem).toContain(words);
    const tried = await testCollector(test.database.ctx(), { id }, { box: test.box, outbound: outbound({ allow: [hub.place], timeoutMs: 20_000, maxBytes: 1_000, now: clock.now }) });
    expect(tried).toMatchObject({ works: false, said: expect.stringContaining(words) as string, needs: expect.stringContaining("--rights Listen") as string });
    expect(`${(await test.state()).problem}${troubles.join("")}${JSON.stringify(tried)}`).not.toContain(hub.key);
    await test.stop();
    await test.database.pool.query("DELETE FROM collectors WHERE id = $1", [id]);
  }
  hub.fail({ kind: "refuse", condition: "amqp:resource-limit-exceeded", description: "Exceeded the maximum number of allowed receivers" });
  const id = await add();
  test.start();
  await until(async () => (await test.state()).problem?.includes("takes no more readers") === true);
  hub.fail();
  happen(1);
  await caughtUp();
  await until(async () => (await test.state()).problem === null);
  const tried = await testCollector(test.database.ctx(), { id }, { box: test.box, outbound: outbound({ allow: [hub.place], timeoutMs: 20_000, maxBytes: 1_000, now: clock.now }) });
  expect(tried).toMatchObject({ works: true, said: "It may read logs in the consumer group $Default: 2 partitions, one event kept." });
});

it("waits while the hub is busy, and that is no problem", async () => {
  hub.fail({ kind: "refuse", condition: "com.microsoft:server-busy", description: "The request was terminated because the entity is being throttled. Error code: 50002." });
  await add();
  test.start();
  await until(() => test.waits.includes(10));
  expect((await test.state()).problem).toBeNull();
  hub.fail();
  happen(1);
  await caughtUp();
  expect(troubles).toEqual([]);
  expect((await test.state()).waitingUntil).toBeNull();
});

it("stops at once while nothing comes, and closes its connection", async () => {
  happen(1);
  await add();
  test.start();
  await caughtUp();
  const before = performance.now();
  await test.stop();
  expect(performance.now() - before).toBeLessThan(1_000);
  await until(() => hub.connections() === 0);
});

it("reads as an application, in TLS with a checked certificate", async () => {
  await hub.stop();
  const certificate = issueCertificate("hub.example");
  await open({ certificate });
  const graph = await fakeGraph({ clock });
  try {
    listed.push(graph.place);
    const application = { hub: "logs", address: `sb://${hub.place}`, login: graph.origin, tenant: graph.tenant, client: graph.client, secret: graph.secret };
    await add(application);
    test.start();
    await until(async () => (await test.state()).problem !== null);
    expect((await test.state()).problem).toContain("does not speak TLS that can be trusted (DEPTH_ZERO_SELF_SIGNED_CERT)");
    expect(graph.requests).toHaveLength(0);
    expect(hub.puts).toHaveLength(0);
    // As NODE_EXTRA_CA_CERTS has it, which is read once, when a process starts.
    const connect = tls.connect;
    vi.spyOn(tls, "connect").mockImplementation(((options: tls.ConnectionOptions) => connect({ ...options, ca: certificate.cert })) as typeof tls.connect);
    await until(async () => (await test.state()).problem?.includes("may not read the event hub") === true);
    hub.entra.accepts = (token) => token.startsWith("fake-access-token-");
    happen(2);
    await caughtUp();
    expect(await stored()).toBe(4);
    expect(`${JSON.stringify(await test.state())}${troubles.join("")}`).not.toContain(graph.secret);
  } finally {
    await test.stop();
    await graph.stop();
  }
});

it("speaks to nobody inside the company who is not on the list, and in the open to the emulator alone", async () => {
  await add();
  const place = hub.place;
  hub = { ...hub, place: "127.0.0.1:1" };
  test.start();
  await until(async () => (await test.state()).problem !== null);
  expect((await test.state()).problem).toContain("is not on the public Internet");
  await test.stop();
  hub = { ...hub, place };
  expect(hub.connections()).toBe(0);
  const way = outbound({ allow: [place], timeoutMs: 20_000, maxBytes: 1_000, now: clock.now });
  const unlisted = { ...way, connect: async (...to: Parameters<typeof way.connect>) => ({ ...(await way.connect(...to)), listed: false }) };
  await expect(openHub(hubOf(reach()), unlisted, new AbortController().signal)).rejects.toThrow("would be asked without TLS");
  expect(hub.puts).toHaveLength(0);
});

it("keeps its key sealed, and in no row, log or audit", async () => {
  await add();
  const { rows } = await test.database.pool.query<{ text: string }>("SELECT concat((SELECT json_agg(c) FROM collectors c), (SELECT json_agg(a) FROM audit_log a)) AS text");
  expect(rows[0]!.text).toContain("sb://127.0.0.1/logs ($Default)");
  expect(rows[0]!.text).not.toContain(hub.key);
});

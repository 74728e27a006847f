import { afterEach, beforeEach, expect, it } from "vitest";
import { fakeGoogle, type FakeGoogle, type GoogleActivity } from "@corduroy/testkit";
import { outbound } from "../../../net/index.ts";
import { testCollector } from "../testCollector.ts";
import { backfillCollector } from "./backfillCollector.ts";
import { polled, until } from "./test/polled.ts";

let google: FakeGoogle;
const test = polled(() => [google.place]);
const { clock, troubles, waits } = test;
beforeEach(async () => {
  google = await fakeGoogle({ clock, pageSize: 3 });
});
afterEach(async () => {
  await test.stop();
  await google.stop();
});

let made = 0;
const ago = (minutes: number): Date => new Date(clock.now().getTime() - minutes * 60_000);
/** An activity that happened so many minutes ago. */
const activity = (minutes: number, applicationName = "login"): GoogleActivity => ({
  kind: "admin#reports#activity", id: { time: ago(minutes).toISOString(), uniqueQualifier: String(-(++made)), applicationName, customerId: "C0123" },
  actor: { email: "ines@corp.example", profileId: "1" }, ipAddress: "203.0.113.9", events: [{ type: "login", name: "login_success", parameters: [{ name: "login_type", value: "google_password" }] }],
} as GoogleActivity);
const happen = (count: number, minutes: number): void => void google.activities.push(...Array.from({ length: count }, () => activity(minutes)));
const add = (more: { admin?: string; key?: string; application?: string } = {}): Promise<string> => test.add({ kind: "google-workspace", address: google.origin, admin: google.admin, application: "login", key: google.keyFile, ...more }, ago(30 * 60));
const stored = (count: number): Promise<void> => until(async () => (await test.totals()).stored === count);
const tokens = (): number => google.requests.filter(({ method }) => method === "POST").length;

it("brings all activities once, wherever it is killed, also those that come half a day late, and each application by itself", async () => {
  google.activities.push(activity(20, "admin"));
  happen(4, 27 * 60);
  happen(1, 20);
  await add();
  expect((await test.killedEverywhere()).steps).toEqual(["after answer", "after receipt", "before receipt", "before request"]);
  expect(await test.totals()).toEqual({ stored: 5, duplicate: expect.any(Number) as number, dead: 0 });
  google.activities.push(activity(3), activity(11 * 60));
  await add({ application: "admin" });
  test.start();
  await stored(8);
  expect(troubles).toEqual([]);
});

it("goes on where its token expires between two pages, and where Google is asked too often", async () => {
  happen(12, 20);
  await add();
  let [pages, fetched] = [0, 0];
  test.start(async (step) => {
    if (step !== "after receipt") return;
    if (++pages === 1) google.expireTokens();
    if (pages === 2) {
      fetched = tokens();
      google.throttle(429, { "retry-after": "77" });
    }
    if (pages === 3) google.throttle(403);
  });
  await stored(12);
  expect([waits.includes(77), waits.includes(60), fetched]).toEqual([true, true, 2]);
  expect((await test.state()).problem).toBeNull();
  expect(troubles).toEqual([]);
});

it("fetches an older range beside what is new", async () => {
  happen(4, 20 * 24 * 60);
  happen(2, 10);
  const id = await add();
  test.start();
  await stored(2);
  await backfillCollector({ ...test.database.ctx(), now: clock.now }, { id, since: ago(30 * 24 * 60) });
  await until(async () => (await test.state()).backfill === null);
  expect(await test.totals()).toMatchObject({ stored: 6, dead: 0 });
});

it("says in plain words what is missing", async () => {
  const other = await fakeGoogle({ clock });
  await other.stop();
  const cases: [string, () => void, Parameters<typeof add>[0]?][] = [
    ["domain-wide delegation is not authorised for it", () => (google.delegated = false)],
    ["The Admin SDK API is not enabled in the project of corduroy@corp-logs.iam.gserviceaccount.com (accessNotConfigured).", () => ([google.delegated, google.enabled] = [true, false])],
    ["nobody@corp.example may not read the activities of login (authError). In the Admin console", () => (google.enabled = true), { admin: google.user }],
    ["there is no such user in the Workspace", () => undefined, { admin: "gone@corp.example" }],
    ["its key was deleted or disabled", () => undefined, { key: JSON.stringify({ ...JSON.parse(google.keyFile) as object, private_key: (JSON.parse(other.keyFile) as { private_key: string }).private_key }) }],
    ["Google has no activities of logins (invalid).", () => undefined, { application: "logins" }],
    ["is no list of activities", () => google.fail({ kind: "status", status: 200, body: '{"access_token":"ya29.fake","expires_in":3599}' })],
  ];
  for (const [words, change, more] of cases) {
    change();
    await add(more);
    expect(await test.problem()).toContain(words);
  }
  google.fail();
  const id = await add({ admin: google.user });
  const way = outbound({ allow: [google.place], timeoutMs: 20_000, maxBytes: 1_000_000, now: clock.now });
  const tried = await testCollector(test.database.ctx(), { id }, { box: test.box, outbound: way });
  expect(tried).toMatchObject({ works: false, needs: expect.stringMatching(/its client id 100000000000000000001 with this scope and no other:\nhttps:\/\/www\.googleapis\.com\/auth\/admin\.reports\.audit\.readonly\n/) as string });
  await expect(add({ key: '{"installed":{"client_secret":"hush-hush"}}' })).rejects.toThrow(/^reach\.key is not right: It is not the key file of a service account/);
});

it("keeps its key sealed, and in no row, log or audit", async () => {
  await add();
  const { rows } = await test.database.pool.query<{ text: string }>("SELECT concat((SELECT json_agg(c) FROM collectors c), (SELECT json_agg(a) FROM audit_log a)) AS text");
  expect(rows[0]!.text).toContain("applications/login of corp.example");
  expect(rows[0]!.text).not.toMatch(/PRIVATE KEY|0a1b2c3d4e5f/);
});

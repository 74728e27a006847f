import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { fakeGuardDuty, fakeSts, type FakeGuardDuty, type FakeSts, type GuardDutyFinding } from "@corduroy/testkit";
import { outbound } from "../../../net/index.ts";
import { testCollector } from "../testCollector.ts";
import { backfillCollector } from "./backfillCollector.ts";
import { polled, until } from "./test/polled.ts";

const ROLE = "arn:aws:iam::444455556666:role/corduroy";
let guardduty: FakeGuardDuty;
let sts: FakeSts;
const test = polled(() => [guardduty.place]);
const { clock, troubles, waits } = test;
beforeAll(async () => {
  sts = await fakeSts({ roles: [ROLE] });
});
afterAll(() => sts.stop());
beforeEach(async () => {
  guardduty = await fakeGuardDuty({ pageSize: 3 });
  Object.assign(process.env, { AWS_ENDPOINT_URL_GUARDDUTY: guardduty.origin, AWS_ENDPOINT_URL_STS: sts.endpoint, AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "AKIAFAKEFAKEFAKEFAKE", AWS_SECRET_ACCESS_KEY: "not-a-secret" });
});
afterEach(async () => {
  await test.stop();
  await guardduty.stop();
});

let made = 0;
const ago = (minutes: number): Date => new Date(clock.now().getTime() - minutes * 60_000);
/** A finding that was updated so many minutes ago, with a field that no SDK knows. */
function find(minutes: number): GuardDutyFinding {
  const id = String(++made).padStart(32, "0");
  const finding: GuardDutyFinding = {
    schemaVersion: "2.0", accountId: "111122223333", region: "eu-west-1", partition: "aws", id, arn: `arn:aws:guardduty:eu-west-1:111122223333:detector/${guardduty.detector}/finding/${id}`, type: "Recon:EC2/PortProbeUnprotectedPort",
    resource: { resourceType: "Instance", instanceDetails: { instanceId: "i-0123456789abcdef0" } }, service: { serviceName: "guardduty", detectorId: guardduty.detector, archived: false, count: 1, ofTomorrow: "kept" },
    severity: 2, createdAt: ago(minutes + 5).toISOString(), updatedAt: ago(minutes).toISOString(), title: "A port is probed", description: "A port is probed.",
  };
  guardduty.findings.push(finding);
  return finding;
}
const add = (more: { role?: string; detector?: string } = {}): Promise<string> => test.add({ kind: "guardduty", region: "eu-west-1", detector: guardduty.detector, role: null, ...more }, ago(30 * 60));
const stored = (count: number): Promise<void> => until(async () => (await test.totals()).stored === count);

it("brings all findings once, wherever it is killed, and each time that one goes on", async () => {
  for (const minutes of [27 * 60, 20, 20, 20]) find(minutes);
  await add();
  expect((await test.killedEverywhere()).steps).toEqual(["after answer", "after receipt", "before receipt", "before request"]);
  expect(await test.totals()).toMatchObject({ stored: 4, dead: 0 });
  guardduty.findings[0]!.updatedAt = ago(1).toISOString();
  test.start();
  await stored(5);
  expect(await test.totals()).toMatchObject({ stored: 5, dead: 0 });
  expect(troubles).toEqual([]);
});

it("misses none where findings go on while they are listed", async () => {
  for (let minutes = 27 * 60; minutes < 27 * 60 + 10; minutes++) find(minutes);
  await add();
  let pages = 0;
  test.start(async (step) => {
    // The first that was told of leaves the span, and moves the others up.
    if (step === "after receipt" && ++pages === 1) guardduty.findings.at(-1)!.updatedAt = ago(0).toISOString();
  });
  await stored(11);
  expect(await test.totals()).toMatchObject({ dead: 0 });
});

it("brings findings of one moment page by page, and begins them anew where GuardDuty has forgotten the list", async () => {
  const { updatedAt } = find(20);
  for (let n = 0; n < 6; n++) find(20).updatedAt = updatedAt;
  await add();
  let pages = 0;
  test.start(async (step) => {
    if (step === "after receipt" && ++pages === 1) guardduty.forgetLists();
  });
  await stored(7);
  expect(await test.totals()).toMatchObject({ dead: 0 });
  expect((await test.state()).problem).toBeNull();
});

it("waits where GuardDuty is asked too often, and fetches an older range as a role", async () => {
  find(20 * 24 * 60);
  find(10);
  guardduty.session = sts.token;
  guardduty.throttle();
  const id = await add({ role: ROLE });
  test.start();
  await stored(1);
  expect([waits.includes(60), sts.roles]).toEqual([true, [ROLE]]);
  await backfillCollector({ ...test.database.ctx(), now: clock.now }, { id, since: ago(21 * 24 * 60) });
  await stored(2);
  expect([(await test.state()).problem, troubles]).toEqual([null, []]);
});

it("says in plain words what is missing, and no key", async () => {
  find(27 * 60);
  guardduty.session = sts.token;
  await add();
  expect(await test.problem()).toContain("AWS does not accept these credentials (UnrecognizedClientException).");
  guardduty.session = null;
  await add({ detector: "0000" });
  expect(await test.problem()).toContain("There is no detector 0000 in eu-west-1.");
  guardduty.allowed.delete("GetFindings");
  const id = await add();
  const way = outbound({ allow: [guardduty.place], timeoutMs: 20_000, maxBytes: 1_000_000, now: clock.now });
  const tried = await testCollector(test.database.ctx(), { id }, { box: test.box, outbound: way });
  expect(tried).toMatchObject({ works: false, said: expect.stringContaining("The identity in use needs guardduty:ListFindings and guardduty:GetFindings.") as string });
  expect(tried.needs).toContain('"guardduty:ListFindings",\n        "guardduty:GetFindings"');
  // Its address is no other than Amazon's, or what the environment says: elsewhere in the company it has to be allowed.
  await expect(testCollector(test.database.ctx(), { id }, { box: test.box, outbound: outbound({ allow: [], timeoutMs: 1_000, maxBytes: 1_000, now: clock.now }) })).resolves.toMatchObject({ works: false });
});

import { afterEach, beforeEach, expect, it } from "vitest";
import { fakeOkta, type FakeOkta, type OktaEvent } from "@corduroy/testkit";
import { backfillCollector } from "./backfillCollector.ts";
import { polled, until } from "./test/polled.ts";

let okta: FakeOkta;
const test = polled(() => [okta.place]);
const { clock, troubles, waits } = test;
beforeEach(async () => {
  okta = await fakeOkta({ clock, pageSize: 3 });
});
afterEach(async () => {
  await test.stop();
  await okta.stop();
});

let made = 0;
/** An event that happened so many minutes ago. */
function event(minutesAgo = 0): OktaEvent {
  return {
    uuid: `6f1c2d3e-0a4b-11ef-9c1a-${String(++made).padStart(12, "0")}`, published: new Date(clock.now().getTime() - minutesAgo * 60_000).toISOString(), eventType: "user.session.start", displayMessage: "User login to Okta", severity: "INFO",
    actor: { id: "00u1", type: "User", alternateId: "ines@corp.example", displayName: "Ines" }, outcome: { result: "SUCCESS" },
  };
}
const happen = (count: number, minutesAgo = 0): void => Array.from({ length: count }, () => okta.keep(event(minutesAgo))).forEach(() => undefined);
const add = (since?: Date, token = okta.token): Promise<string> => test.add({ kind: "okta", address: okta.origin, token }, since);
const requests = (): number => okta.requests.length;

it("brings all events once, page by page, and goes on with what is new", async () => {
  happen(7, 60);
  await add();
  test.start();
  await test.caughtUp();
  expect(await test.totals()).toEqual({ stored: 7, duplicate: 0, dead: 0 });
  // It happened before those that are there, and is kept only now: polling tells of it all the same.
  okta.keep(event(90));
  await test.caughtUp();
  expect(await test.totals()).toEqual({ stored: 8, duplicate: 0, dead: 0 });
  expect(await test.state()).toMatchObject({ problem: null, waitingUntil: null, lastSuccessAt: expect.any(Date) as Date });
  expect(troubles).toEqual([]);
  expect(new Set(waits)).toEqual(new Set([30]));
});

it("loses nothing and takes nothing twice, wherever it is killed", async () => {
  happen(8, 60);
  await add();
  expect((await test.killedEverywhere((run) => (run % 3 === 0 ? test.restart() : undefined))).steps).toEqual(["after answer", "after receipt", "before receipt", "before request"]);
  expect(await test.totals()).toEqual({ stored: 8, duplicate: 0, dead: 0 });
});

it("tells by Okta's ids what comes twice, where a page has grown between the kill and the next run", async () => {
  await okta.stop();
  okta = await fakeOkta({ clock });
  happen(2, 60);
  await add();
  const { runs } = await test.killedEverywhere(() => okta.keep(event()));
  test.start();
  await test.caughtUp();
  const { stored, duplicate, dead } = await test.totals();
  expect({ stored, dead }).toEqual({ stored: 2 + runs, dead: 0 });
  expect(duplicate).toBeGreaterThan(0);
});

it("waits as it is told, and that is no problem", async () => {
  happen(4, 60);
  await add();
  okta.allow(1);
  clock.advance(60 - (clock.now().getTime() % 60_000) / 1_000);
  test.start();
  await until(() => waits.length > 0);
  expect(okta.requests.at(-1)!.headers.authorization).toBe(`SSWS ${okta.token}`);
  expect(waits[0]).toBe(60);
  await test.caughtUp();
  expect(await test.totals()).toMatchObject({ stored: 4, duplicate: 0 });
  await test.stop();
  okta.allow(0);
  const before = requests();
  waits.length = 0;
  test.start();
  await until(async () => waits.length > 0 && requests() > before);
  const state = await test.state();
  expect(state.problem).toBeNull();
  expect(troubles).toEqual([]);
  okta.fail({ kind: "status", status: 429, headers: { "retry-after": "86400" } });
  waits.length = 0;
  await until(() => waits.includes(3_600));
  okta.fail();
});

it("says in plain words what is missing", async () => {
  for (const [token, words] of [[okta.weakToken, "Whoever made it needs okta.logs.read"], ["00AnotherTokenAltogether", "Okta does not accept the token"]] as const) {
    const id = await add(undefined, token);
    test.start();
    await until(async () => (await test.state()).problem !== null);
    const { problem } = await test.state();
    expect(problem).toContain(words);
    expect(`${problem}${troubles.join("")}`).not.toContain(token);
    await test.stop();
    await test.database.pool.query("DELETE FROM collectors WHERE id = $1", [id]);
  }
  for (const [fault, words] of [[{ status: 200, body: "<html>" }, "is no System Log"], [{ status: 500, body: "" }, "Okta answered 500."], [{ status: 200, body: "[]", headers: { link: '<https://evil.example/api/v1/logs?after=x>; rel="next"' } }, "did not say where to go on"]] as const) {
    okta.fail({ kind: "status", ...fault });
    await add();
    test.start();
    await until(async () => (await test.state()).problem !== null);
    expect((await test.state()).problem).toContain(words);
    okta.fail();
    await until(async () => (await test.state()).problem === null);
    await test.stop();
    await test.database.pool.query("DELETE FROM collectors");
  }
});

it("asks again from before the last event where Okta has forgotten the place", async () => {
  happen(4, 5);
  await add();
  test.start();
  await test.caughtUp();
  okta.forgetCursors();
  okta.keep(event(2));
  await test.caughtUp();
  await test.caughtUp();
  const { stored, dead } = await test.totals();
  expect([stored, dead]).toEqual([5, 0]);
  expect((await test.state()).problem).toBeNull();
});

it("fetches an older range beside what is new, once it is asked to", async () => {
  happen(5, 3 * 24 * 60);
  clock.advance(26 * 3_600);
  happen(2, 10);
  const id = await add();
  test.start();
  await test.caughtUp();
  expect(await test.totals()).toMatchObject({ stored: 2 });
  await backfillCollector({ ...test.database.ctx(), now: clock.now }, { id, since: new Date(clock.now().getTime() - 7 * 24 * 3_600_000) });
  await until(async () => (await test.state()).backfill === null);
  expect(await test.totals()).toMatchObject({ stored: 7 });
  await test.caughtUp();
  expect((await test.state()).problem).toBeNull();
});

it("keeps its token sealed, and in no row, log or audit", async () => {
  await add();
  const { rows } = await test.database.pool.query<{ text: string }>("SELECT concat((SELECT json_agg(c) FROM collectors c), (SELECT json_agg(a) FROM audit_log a)) AS text");
  expect(rows[0]!.text).toContain(okta.origin);
  expect(rows[0]!.text).not.toContain(okta.token);
});

import { expect, it } from "vitest";
import { closeFinding } from "../findings/index.ts";
import { testDatabase } from "../store/test/index.ts";
import { listDeliveries, listDestinations, setSecurityRoute, setTeamRoute } from "./index.ts";
import { alertDesk, MINUTE, people } from "./test/desk.ts";

const test = testDatabase();
const desk = alertDesk(test);

const timeline = async (finding: string): Promise<unknown[]> => (await desk.ask(`SELECT text FROM finding_events WHERE finding = '${finding}' AND kind = 'alerted' ORDER BY id`)).map(({ text }) => text);
const outcomes = (): Promise<unknown[]> => desk.ask("SELECT kind, destination_name AS at, outcome FROM deliveries ORDER BY at, kind, destination_name");

it("keeps trying a pager that is down for an hour, and does not storm it when it is back", async () => {
  await desk.add("pager");
  await setTeamRoute(desk.ctx, "payments", ["pager"]);
  desk.pager.fail({ kind: "status", status: 503 });
  for (let minute = 0; minute < 60; minute++) {
    if (minute % 3 === 0) await desk.batch(people(1, minute));
    await desk.work();
    await desk.deliver();
    desk.later(MINUTE);
  }
  // One message asks for all that wait: at the first, second, fourth … minute.
  expect(desk.pager.requests.length).toBeLessThan(10);
  desk.pager.fail();
  desk.later(15 * MINUTE);
  await desk.deliver();
  expect(desk.pager.incidents.filter(({ dedupKey }) => dedupKey.startsWith("finding/"))).toHaveLength(10);
  expect(desk.pager.incidents).toHaveLength(11);
  expect(desk.pager.incidents.every(({ events }) => events.length === 1)).toBe(true);
  expect(await desk.ask("SELECT outcome, count(*) FROM deliveries GROUP BY outcome ORDER BY outcome")).toEqual([{ outcome: "delivered", count: 11 }, { outcome: "in digest", count: 10 }]);
});

it("gives up after a day, says so, and tells the security team instead", async () => {
  await desk.add("pager");
  await desk.add("slack");
  await setTeamRoute(desk.ctx, "payments", ["pager"]);
  await setSecurityRoute(desk.ctx, ["slack"]);
  desk.pager.fail({ kind: "close" });
  const { opened } = await desk.batch([{}]);
  await desk.work();
  for (let hour = 0; hour < 24; hour++) {
    desk.later(60 * MINUTE);
    await desk.deliver();
  }
  await desk.work();
  expect(await timeline(opened[0]!.id)).toEqual([expect.stringMatching(/^Gave up telling pager after 24 hours: http:\/\/127.0.0.1:\d+ could not be reached/), "Told slack"]);
  expect(await outcomes()).toEqual([{ kind: "finding", at: "pager", outcome: "gave up" }, { kind: "finding", at: "slack", outcome: "delivered" }]);
  const [{ problem }] = (await listDestinations(desk.ctx)).filter(({ name }) => name === "pager") as unknown as [{ problem: string }];
  expect(problem).toContain("could not be reached");
});

it("waits as long as it is told to", async () => {
  await desk.add("slack");
  await setTeamRoute(desk.ctx, "payments", ["slack"]);
  desk.slack.fail({ kind: "status", status: 429, headers: { "retry-after": "1800" } });
  await desk.batch(people(2));
  await desk.work();
  desk.slack.fail();
  desk.later(29 * MINUTE);
  await desk.deliver();
  expect(desk.slack.requests).toHaveLength(1);
  desk.later(MINUTE);
  await desk.deliver();
  expect(desk.slack.messages).toHaveLength(2);
});

it("makes ten messages and one digest of a thousand findings", async () => {
  await desk.add("slack");
  await setTeamRoute(desk.ctx, "payments", ["slack"]);
  const { opened } = await desk.batch([...people(400).map((each) => ({ ...each, rule: "a" })), ...people(400).map((each) => ({ ...each, rule: "b" })), ...people(200).map((each) => ({ ...each, rule: "c", level: "critical" as const }))]);
  expect(opened).toHaveLength(1000);
  const job = desk.jobs[0]!;
  await desk.work();
  expect(desk.slack.messages).toHaveLength(10);
  // The most urgent first.
  expect(desk.slack.messages.every(({ fallback }) => fallback.shown.includes("Rule c"))).toBe(true);
  desk.later(9 * MINUTE);
  await desk.deliver();
  expect(desk.slack.messages).toHaveLength(10);
  desk.later(MINUTE);
  await desk.deliver();
  expect(desk.slack.messages).toHaveLength(11);
  const digest = desk.slack.messages.at(-1)!;
  expect(digest.fallback.shown).toBe("990 more findings: 190 critical, 800 high");
  expect(digest.texts.map(({ shown }) => shown)).toEqual(expect.arrayContaining(["*Rule a*\n400", "*Rule b*\n400", "*Rule c*\n190"]));
  expect(await desk.ask("SELECT outcome, count(*) FROM deliveries GROUP BY outcome ORDER BY outcome")).toEqual([{ outcome: "delivered", count: 11 }, { outcome: "in digest", count: 990 }]);
  expect(await desk.ask("SELECT text, count(*) FROM finding_events WHERE kind = 'alerted' GROUP BY text ORDER BY text")).toEqual([{ text: "Told slack", count: 10 }, { text: "Told slack, in a digest", count: 990 }]);
  // Pages of the list hold every line once.
  const ids = new Set<string>();
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await listDeliveries(desk.ctx, { limit: 200, ...(cursor !== undefined && { cursor }) });
    for (const { id } of page.items) ids.add(id);
    cursor = page.next;
  }
  expect(ids.size).toBe(1001);
  // The same job once more adds nothing, not even an empty digest.
  desk.jobs.push(job);
  await desk.work();
  expect(await desk.ask("SELECT count(*) FROM deliveries")).toEqual([{ count: 1001 }]);
});

it("sends again what a crash has left unclear, as the same message", async () => {
  await desk.add("pager");
  await setTeamRoute(desk.ctx, "payments", ["pager"]);
  const { opened } = await desk.batch([{}]);
  const { outbound } = desk.setup;
  desk.setup.outbound = {
    ...outbound,
    request: async (request) => {
      await outbound.request(request);
      throw new Error("the process has died");
    },
  };
  await expect(desk.work()).rejects.toThrow("the process has died");
  desk.setup.outbound = outbound;
  await desk.deliver();
  expect(desk.pager.requests).toHaveLength(1);
  desk.later(5 * MINUTE);
  await desk.deliver();
  expect(desk.pager.requests).toHaveLength(2);
  expect(desk.pager.requests[0]!.body).toBe(desk.pager.requests[1]!.body);
  expect(desk.pager.incidents).toMatchObject([{ dedupKey: `finding/${opened[0]!.id}` }]);
  expect(await desk.ask("SELECT outcome, attempts FROM deliveries")).toEqual([{ outcome: "delivered", attempts: 2 }]);
});

it("never sends one message from two processes at once", async () => {
  await desk.add("pager");
  await setTeamRoute(desk.ctx, "payments", ["pager"]);
  await desk.batch(people(8));
  desk.jobs.push(...desk.jobs);
  await Promise.all([desk.work(), desk.work()]);
  await Promise.all(Array.from({ length: 4 }, () => desk.deliver()));
  expect(desk.pager.requests).toHaveLength(8);
  expect(desk.pager.incidents).toHaveLength(8);
});

it("leaves a digest away once all in it is closed", async () => {
  await desk.add("slack");
  await setTeamRoute(desk.ctx, "payments", ["slack"]);
  const { opened } = await desk.batch(people(12));
  await desk.work();
  const kept = new Set((await desk.ask("SELECT finding FROM deliveries WHERE outcome = 'in digest'")).map(({ finding }) => finding));
  for (const { id } of opened.filter((row) => kept.has(row.id))) await closeFinding(desk.ctx, id, { version: 1, as: "resolved", reason: "done" });
  desk.later(10 * MINUTE);
  await desk.deliver();
  expect(desk.slack.messages).toHaveLength(10);
  expect(await desk.ask("SELECT outcome FROM deliveries WHERE kind = 'digest'")).toEqual([{ outcome: "gave up" }]);
});

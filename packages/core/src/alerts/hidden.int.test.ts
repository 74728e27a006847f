import { expect, it } from "vitest";
import { closeFinding, endExpiredSuppressions, endSuppression, expireAcceptances, reopenFinding, suppress } from "../findings/index.ts";
import { inTransaction } from "../store/index.ts";
import { testDatabase } from "../store/test/index.ts";
import { onClosed, onFindings, onHidden, setTeamRoute } from "./index.ts";
import { alertDesk, MINUTE, people } from "./test/desk.ts";

const test = testDatabase();
const desk = alertDesk(test);

const DAY = 24 * 60 * MINUTE;
const timeline = async (finding: string): Promise<unknown[]> => (await desk.ask(`SELECT text FROM finding_events WHERE finding = '${finding}' AND kind = 'alerted' ORDER BY id`)).map(({ text }) => text);

async function hide(rule = "stop-logging"): Promise<string> {
  const { suppression, hidden } = await suppress(desk.ctx, { reason: "known", scope: { rule, entity: null, account: null }, expiresAt: new Date(test.at.getTime() + DAY) });
  await onHidden(desk.ctx, hidden, desk.setup);
  return suppression.id;
}

async function show(suppression: string): Promise<void> {
  await onFindings(desk.ctx, (await endSuppression(desk.ctx, suppression)).shown, desk.setup);
}

async function close(id: string): Promise<void> {
  const [{ version } = { version: 0 }] = (await desk.ask(`SELECT version FROM findings WHERE id = '${id}'`)) as { version: number }[];
  await inTransaction(desk.ctx, async (inside) => {
    await closeFinding(inside, id, { version, as: "resolved", reason: "done" });
    await onClosed(inside, id, desk.setup);
  });
}

async function channel(): Promise<void> {
  await desk.add("slack");
  await setTeamRoute(desk.ctx, "payments", ["slack"]);
}

it("tells of a finding that opened under a suppression once that has ended or expired, and of one that is known not again", async () => {
  await channel();
  await desk.batch([{ rule: "known" }]);
  await desk.work();
  const known = await hide("known");
  const ended = await hide("ended");
  await hide("expires");
  await desk.batch([{ rule: "ended" }, { rule: "expires" }]);
  await desk.work();
  expect(desk.slack.messages).toHaveLength(1);
  await show(ended);
  await show(known);
  await desk.work();
  expect(desk.slack.messages).toHaveLength(2);
  desk.later(DAY);
  await onFindings(desk.ctx, (await endExpiredSuppressions(desk.ctx)).shown, desk.setup);
  await desk.work();
  expect(desk.slack.messages.map(({ fallback }) => fallback.shown)).toEqual(["known", "ended", "expires"].map((rule) => expect.stringContaining(`Rule ${rule}`) as unknown));
});

it("tells of a finding again when its acceptance is over", async () => {
  await channel();
  const { opened } = await desk.batch([{}]);
  await desk.work();
  await closeFinding(desk.ctx, opened[0]!.id, { version: 1, as: "accepted", reason: "Until then.", until: new Date(test.at.getTime() + DAY) });
  desk.later(DAY);
  await onFindings(desk.ctx, (await expireAcceptances(desk.ctx)).shown, desk.setup);
  await desk.work();
  expect(await timeline(opened[0]!.id)).toEqual(["Told slack", "Told slack"]);
});

it("says on the timeline that there was nobody to tell, once an opening", async () => {
  const { opened } = await desk.batch([{}]);
  const job = desk.jobs[0]!;
  await desk.work();
  desk.jobs.push(job);
  await desk.work();
  const nobody = "Nobody to tell: it has no destination, and the security route is empty";
  expect(await timeline(opened[0]!.id)).toEqual([nobody]);
  expect(desk.changed).toContain(opened[0]!.id);
  await channel();
  desk.slack.fail({ kind: "status", status: 404 });
  const { opened: [refused] } = await desk.batch([{ rule: "refused" }]);
  await desk.work();
  expect(await timeline(refused!.id)).toEqual([expect.stringContaining("slack could not be told"), nobody]);
});

it("sends nothing of what was hidden while it waited, and all of it when it is shown again", async () => {
  await channel();
  desk.slack.fail({ kind: "status", status: 503 });
  const { opened } = await desk.batch(people(12));
  await desk.work();
  const suppression = await hide();
  desk.slack.fail();
  desk.later(15 * MINUTE);
  await desk.deliver();
  expect(desk.slack.messages).toHaveLength(0);
  expect(await desk.ask("SELECT kind, outcome FROM deliveries")).toEqual([{ kind: "digest", outcome: "gave up" }]);
  await show(suppression);
  await desk.work();
  desk.later(10 * MINUTE);
  await desk.deliver();
  expect(desk.slack.messages).toHaveLength(11);
  for (const { id } of opened) expect(await timeline(id)).toEqual([expect.stringMatching(/^Told slack/)]);
});

it("says of a digest's findings that somebody was told only where they stood in it", async () => {
  await channel();
  const { opened } = await desk.batch(people(13));
  await desk.work();
  const waiting = (await desk.ask("SELECT finding FROM deliveries WHERE outcome = 'in digest'")).map(({ finding }) => String(finding));
  await close(waiting[0]!);
  desk.later(10 * MINUTE);
  await desk.deliver();
  expect(desk.slack.messages.at(-1)!.fallback.shown).toContain("2 more findings");
  expect(opened).toHaveLength(13);
  expect(await timeline(waiting[0]!)).toEqual([]);
  expect(await timeline(waiting[1]!)).toEqual(["Told slack, in a digest"]);
});

it("ends at PagerDuty what is hidden, and begins anew what nobody took before", async () => {
  await desk.add("pager");
  await setTeamRoute(desk.ctx, "payments", ["pager"]);
  const { opened } = await desk.batch([{}]);
  await desk.work();
  const suppression = await hide();
  await desk.work();
  expect(desk.pager.incidents.map(({ status }) => status)).toEqual(["resolved"]);
  await show(suppression);
  await desk.work();
  expect(desk.pager.incidents).toHaveLength(1);
  // Closed after all of it: nothing is left open, however often that is said.
  await close(opened[0]!.id);
  await desk.work();
  expect(desk.pager.incidents.map(({ status }) => status)).toEqual(["resolved"]);
});

it("ends at PagerDuty what a match hides", async () => {
  await desk.add("pager");
  await setTeamRoute(desk.ctx, "payments", ["pager"]);
  await desk.batch([{}]);
  await desk.work();
  const { hidden } = await suppress(desk.ctx, { reason: "a sandbox", scope: { rule: null, entity: null, account: "444455556666" }, expiresAt: new Date(test.at.getTime() + 10 * MINUTE) });
  expect(hidden).toEqual([]);
  // The finding reaches into the account by this match, and is hidden from then on.
  await desk.batch([{ account: "444455556666" }]);
  await desk.work();
  expect(desk.pager.incidents.map(({ status }) => status)).toEqual(["resolved"]);
});

it("tells again of what was closed by mistake and is opened again", async () => {
  await desk.add("pager");
  await setTeamRoute(desk.ctx, "payments", ["pager"]);
  desk.pager.fail({ kind: "status", status: 503 });
  const { opened: [finding] } = await desk.batch([{}]);
  await desk.work();
  await close(finding!.id);
  desk.pager.fail();
  desk.later(15 * MINUTE);
  await inTransaction(desk.ctx, async (inside) => onFindings(inside, [await reopenFinding(inside, finding!.id, { version: 2, reason: "It was another one." })], desk.setup));
  await desk.work();
  await desk.deliver();
  expect(desk.pager.incidents.at(-1)!.status).toBe("triggered");
});

it("says that it is over before it says that it began again, however long neither arrives", async () => {
  await desk.add("pager");
  await setTeamRoute(desk.ctx, "payments", ["pager"]);
  const { opened } = await desk.batch([{}]);
  await desk.work();
  desk.pager.fail({ kind: "status", status: 503 });
  await close(opened[0]!.id);
  await desk.work();
  desk.later(MINUTE / 2);
  const { reopened } = await desk.batch([{}]);
  expect(reopened).toHaveLength(1);
  for (let minute = 0; minute < 5; minute++) {
    await desk.work();
    await desk.deliver();
    desk.later(MINUTE);
  }
  desk.pager.fail();
  desk.later(15 * MINUTE);
  await desk.deliver();
  expect(desk.pager.incidents.map(({ status }) => status)).toEqual(["resolved", "triggered"]);
});

it("gives a digest with more in it another name than the one that may have arrived", async () => {
  await desk.add("pager");
  await setTeamRoute(desk.ctx, "payments", ["pager"]);
  await desk.batch(people(12));
  await desk.work();
  const { outbound } = desk.setup;
  desk.setup.outbound = { ...outbound, request: async (request) => outbound.request(request).then(() => Promise.reject(new Error("the process has died"))) };
  desk.later(10 * MINUTE);
  await expect(desk.deliver()).rejects.toThrow("the process has died");
  desk.setup.outbound = outbound;
  const digests = (): string[] => desk.pager.incidents.map(({ dedupKey }) => dedupKey).filter((key) => key.startsWith("digest/"));
  // Its claim is over, and nobody has tried again yet.
  desk.later(6 * MINUTE);
  await desk.batch(people(12, 100));
  await desk.work();
  await desk.deliver();
  expect(new Set(digests()).size).toBe(2);
  expect(desk.pager.incidents.findLast(({ dedupKey }) => dedupKey === digests().at(-1))!.events[0]!.payload!["summary"]).toContain("4 more findings");
});

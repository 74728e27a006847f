import { expect, it } from "vitest";
import { closeFinding, suppress } from "../findings/index.ts";
import type { CorduroyError } from "../kernel/index.ts";
import { inTransaction } from "../store/index.ts";
import { testDatabase } from "../store/test/index.ts";
import { addDestination, deliverDue, forgetDeliveries, listDeliveries, listDestinations, onClosed, removeDestination, securityRoute, setSecurityRoute, setTeamRoute, teamRoutes, testDestination } from "./index.ts";
import { alertDesk, MINUTE, OWNED, people } from "./test/desk.ts";

const test = testDatabase();
const desk = alertDesk(test);

const DAY = 24 * 60 * MINUTE;
const timeline = async (finding: string): Promise<unknown[]> => (await desk.ask(`SELECT text FROM finding_events WHERE finding = '${finding}' AND kind = 'alerted' ORDER BY id`)).map(({ text }) => text);

it("tells the team's destinations of a finding once, however often it is asked to", async () => {
  await desk.add("pager");
  await desk.add("slack");
  await setTeamRoute(desk.ctx, "payments", ["pager", "slack"]);
  const { opened } = await desk.batch([{}]);
  const { id } = opened[0]!;
  const job = desk.jobs[0]!;
  await desk.work();
  desk.jobs.push(job, job);
  await desk.work();
  // The next match joins the finding, and is no news.
  await desk.batch([{}]);
  await desk.work();
  expect(desk.pager.incidents).toMatchObject([{ dedupKey: `finding/${id}`, status: "triggered", events: [{ action: "trigger", links: [{ href: `https://corduroy.corp.example/findings/${id}` }] }] }]);
  expect(desk.slack.messages).toHaveLength(1);
  expect(await timeline(id)).toEqual(expect.arrayContaining(["Told pager", "Told slack"]));
  expect(await timeline(id)).toHaveLength(2);
  expect(desk.changed).toEqual([id, id]);
});

it("interrupts nobody for what is not serious, not in production, or hidden", async () => {
  await desk.add("slack");
  await setTeamRoute(desk.ctx, "payments", ["slack"]);
  await desk.batch([{ rule: "low", level: "medium" }]);
  desk.belonging = { ...OWNED, environment: "staging" };
  await desk.batch([{ rule: "staging" }]);
  desk.belonging = OWNED;
  await suppress(desk.ctx, { reason: "known", scope: { rule: "hidden", entity: null, account: null }, expiresAt: new Date(test.at.getTime() + DAY) });
  await desk.batch([{ rule: "hidden" }]);
  expect(desk.jobs).toEqual([]);
  // Hidden after it was opened, and before anybody was told.
  await desk.batch([{ rule: "late" }]);
  await suppress(desk.ctx, { reason: "known", scope: { rule: "late", entity: null, account: null }, expiresAt: new Date(test.at.getTime() + DAY) });
  await desk.work();
  expect(desk.slack.messages).toEqual([]);
  desk.belonging = { ...OWNED, environment: "unknown" };
  await desk.batch([{ rule: "unknown" }]);
  await desk.work();
  expect(desk.slack.messages).toHaveLength(1);
});

it("goes by the team's own route, else the catalog's, else to the security team", async () => {
  await desk.add("pager");
  await desk.add("slack");
  await setSecurityRoute(desk.ctx, ["slack"]);
  expect(await securityRoute(desk.ctx)).toEqual(["slack"]);
  await desk.batch([{ rule: "one" }]);
  await desk.work();
  desk.setup.namedRoutes = (team) => (team === "payments" ? [{ kind: "pagerduty", name: "PAGER" }, { kind: "webhook", name: "slack" }] : []);
  await desk.batch([{ rule: "two" }]);
  await desk.work();
  await setTeamRoute(desk.ctx, "payments", ["slack"]);
  await desk.batch([{ rule: "three" }]);
  await desk.work();
  const told = async (): Promise<unknown> => (await teamRoutes(desk.ctx, ["payments"], desk.setup.namedRoutes)).get("payments");
  expect(await told()).toEqual({ by: "team", destinations: ["slack"] });
  await setTeamRoute(desk.ctx, "payments", []);
  expect(await told()).toEqual({ by: "catalog", destinations: ["pager"] });
  desk.setup.namedRoutes = () => [];
  expect(await told()).toEqual({ by: "security", destinations: ["slack"] });
  desk.belonging = { ...OWNED, team: null };
  await desk.batch([{ rule: "four" }]);
  await desk.work();
  expect(desk.slack.messages.map(({ fallback }) => fallback.shown)).toEqual(["one", "three", "four"].map((rule) => expect.stringContaining(`Rule ${rule}`) as unknown));
  expect(desk.pager.incidents).toHaveLength(1);
});

it("tells the security team where a team's key is refused, and repeats no secret anywhere", async () => {
  const pager = await desk.add("pager");
  await desk.add("slack");
  await setTeamRoute(desk.ctx, "payments", ["pager"]);
  await setSecurityRoute(desk.ctx, ["slack"]);
  desk.pager.fail({ kind: "status", status: 400, body: JSON.stringify({ errors: [`routing_key ${desk.pager.routingKey} is not valid`] }) });
  expect(await testDestination(desk.ctx, pager, desk.setup)).toEqual({ outcome: "rejected", detail: expect.stringContaining("(the routing key) is not valid") as string });
  const { opened } = await desk.batch([{}]);
  await desk.work();
  expect(await timeline(opened[0]!.id)).toEqual([expect.stringContaining("pager could not be told: PagerDuty answered 400"), "Told slack"]);
  const shown = JSON.stringify([await listDestinations(desk.ctx), await listDeliveries(desk.ctx, { limit: 50 }), await desk.ask("SELECT * FROM audit_log"), await desk.ask("SELECT * FROM deliveries"), await desk.ask("SELECT * FROM destinations"), await desk.ask("SELECT * FROM finding_events")]);
  expect(shown).toContain("pager");
  expect(shown).not.toContain(desk.pager.routingKey);
  expect(shown).not.toContain(new URL(desk.slack.url).pathname);
});

it("refuses a destination at a private address, plain HTTP, and what is not complete", async () => {
  const added = (url: string): Promise<unknown> => addDestination(desk.ctx, { name: "bad", reach: { type: "slack", url } }, desk.setup);
  await expect(added("https://169.254.169.254/latest")).rejects.toThrow(/not on the public Internet|private|not public/i);
  await expect(added("http://hooks.slack.com/services/T/B/secret-path")).rejects.toThrow("without TLS");
  const incomplete = addDestination(desk.ctx, { name: "bad", reach: { type: "pagerduty", routing_key: "hunter2" } }, desk.setup);
  await expect(incomplete).rejects.toThrow("reach.routing_key");
  await expect(incomplete.catch((error: unknown) => (error as CorduroyError).message)).resolves.not.toContain("hunter2");
  await expect(addDestination(desk.ctx, { name: "mail", reach: { type: "email", to: ["a@corp.example"] } }, desk.setup)).rejects.toThrow("no mail server");
  await desk.add("slack");
  await expect(desk.add("slack")).rejects.toThrow("destination of this name");
  expect((await listDestinations(desk.ctx)).map(({ name }) => name)).toEqual(["slack"]);
});

it("sends what waited for a destination that was removed where the route leads now", async () => {
  const pager = await desk.add("pager");
  await desk.add("slack");
  await setTeamRoute(desk.ctx, "payments", ["pager"]);
  await setSecurityRoute(desk.ctx, ["slack"]);
  desk.pager.fail({ kind: "status", status: 500 });
  const { opened } = await desk.batch(people(12));
  await desk.work();
  await removeDestination(desk.ctx, pager, desk.setup);
  await desk.work();
  desk.later(30 * MINUTE);
  await desk.deliver();
  expect(desk.pager.requests).toHaveLength(1);
  expect(desk.slack.messages).toHaveLength(11);
  for (const { id } of opened) expect((await timeline(id))[0]).toBe("pager was removed before it was told");
  expect(await desk.ask("SELECT count(*) FROM deliveries WHERE outcome = 'waiting'")).toEqual([{ count: 0 }]);
  await expect(removeDestination(desk.ctx, pager, desk.setup)).rejects.toThrow("no such destination");
});

it("ends at PagerDuty what it has begun there, when the finding is closed", async () => {
  await desk.add("pager");
  await desk.add("slack");
  await setTeamRoute(desk.ctx, "payments", ["pager", "slack"]);
  const { opened } = await desk.batch([{}]);
  const { id } = opened[0]!;
  await desk.work();
  const close = (): Promise<void> =>
    inTransaction(desk.ctx, async (inside) => {
      const [{ version } = { version: 0 }] = (await inside.db.execute(`SELECT version FROM findings WHERE id = '${id}'`)).rows as { version: number }[];
      await closeFinding(inside, id, { version, as: "resolved", reason: "done" });
      await onClosed(inside, id, desk.setup);
    });
  await close();
  await desk.work();
  expect(desk.pager.incidents).toMatchObject([{ status: "resolved" }]);
  expect(desk.slack.messages).toHaveLength(1);
  // It matches again: another opening, which the channel cannot hear of now and need not once it is closed.
  desk.later(MINUTE);
  desk.slack.fail({ kind: "status", status: 503 });
  const { reopened } = await desk.batch([{}]);
  expect(reopened).toHaveLength(1);
  await desk.work();
  expect(desk.pager.incidents.map(({ status }) => status)).toEqual(["resolved", "triggered"]);
  await close();
  await desk.work();
  desk.slack.fail();
  desk.later(DAY);
  await desk.deliver();
  expect(desk.pager.incidents.map(({ status }) => status)).toEqual(["resolved", "resolved"]);
  expect(desk.slack.messages).toHaveLength(1);
});

it("ends a page that is under way only after it can have arrived", async () => {
  await desk.add("pager");
  await setTeamRoute(desk.ctx, "payments", ["pager"]);
  const { opened } = await desk.batch([{}]);
  const { outbound } = desk.setup;
  desk.setup.outbound = { ...outbound, request: async () => Promise.reject(new Error("the process has died")) };
  await expect(desk.work()).rejects.toThrow();
  desk.setup.outbound = outbound;
  await closeFinding(desk.ctx, opened[0]!.id, { version: 1, as: "false_positive", reason: "drill" });
  await onClosed(desk.ctx, opened[0]!.id, desk.setup);
  await desk.work();
  expect(desk.pager.requests).toEqual([]);
  desk.later(5 * MINUTE);
  await desk.deliver();
  expect(desk.pager.requests.map(({ body }) => (JSON.parse(body) as { event_action: string }).event_action)).toEqual(["resolve"]);
});

it("asks the policies for everything, and writes down what was changed", async () => {
  const nobody = test.ctx({ kind: "user", id: "u1", name: "vera", roles: ["viewer"] }, () => false);
  const id = await desk.add("slack");
  const verbs: (() => Promise<unknown>)[] = [
    () => listDestinations(nobody), () => listDeliveries(nobody, { limit: 1 }), () => testDestination(nobody, id, desk.setup), () => removeDestination(nobody, id, desk.setup), () => setSecurityRoute(nobody, []),
    () => setTeamRoute(nobody, "t", []), () => teamRoutes(nobody, ["t"], () => []), () => securityRoute(nobody), () => addDestination(nobody, { name: "x", reach: { type: "slack", url: desk.slack.url } }, desk.setup),
  ];
  for (const verb of verbs) await expect(verb()).rejects.toThrow("You may not do this");
  expect(desk.slack.requests).toEqual([]);
  await setSecurityRoute(desk.ctx, ["slack"]);
  await testDestination(desk.ctx, id, desk.setup);
  await expect(setSecurityRoute(desk.ctx, ["nowhere"])).rejects.toThrow("no destination of this name");
  await removeDestination(desk.ctx, id, desk.setup);
  const rows = await desk.ask(`SELECT detail FROM audit_log WHERE outcome = 'done' AND (resource_id = '${id}' OR resource_id = 'security') ORDER BY id DESC LIMIT 4`);
  expect(rows.map(({ detail }) => Object.keys(detail as object))).toEqual(["removed", "tested", "destinations", "added"].map((what) => expect.arrayContaining([what]) as unknown));
});

it("forgets what was settled long ago, and nothing else", async () => {
  await desk.add("slack");
  await setTeamRoute(desk.ctx, "payments", ["slack"]);
  await desk.batch([{ rule: "old" }]);
  await desk.work();
  desk.later(91 * DAY);
  desk.slack.fail({ kind: "status", status: 503 });
  await desk.batch([{ rule: "new" }]);
  await desk.work();
  await forgetDeliveries(desk.ctx);
  expect(await desk.ask("SELECT title, outcome FROM deliveries")).toEqual([{ title: expect.stringContaining("Rule new") as unknown, outcome: "waiting" }]);
  await deliverDue(desk.ctx, desk.setup);
});

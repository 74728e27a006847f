import { beforeEach, expect, it } from "vitest";
import type { Actor } from "../kernel/index.ts";
import { inTransaction } from "../store/index.ts";
import { testDatabase } from "../store/test/index.ts";
import { closeFinding, endExpiredSuppressions, endSuppression, expireAcceptances, getFinding, listSuppressions, recordMatches, suppress } from "./index.ts";
import { matchOf } from "./test/matches.ts";

const database = testDatabase();
const responder: Actor = { kind: "user", id: "u1", name: "Rana", roles: ["responder"] };
const as = () => database.ctx(responder);
const DAY_MS = 86_400_000;
const inDays = (days: number): Date => new Date(database.at.getTime() + days * DAY_MS);
const days = (count: number): void => void (database.at = inDays(count));
const record = (...matches: ReturnType<typeof matchOf>[]) => recordMatches(database.ctx(), matches, () => ({ team: null, service: null, environment: "unknown", tier: null, unclear: null }));
const matched = (change: Partial<Parameters<typeof matchOf>[0]> = {}) => matchOf({ at: database.at.toISOString(), ...change });
const hide = (scope: Partial<Parameters<typeof suppress>[1]["scope"]>, expiresAt: Date, reason = "Known.") => suppress(as(), { reason, scope: { rule: null, entity: null, account: null, ...scope }, expiresAt });
const hiddenBy = async (id: string): Promise<string | null> => (await getFinding(as(), id)).finding.suppressedBy;

beforeEach(async () => {
  database.at = new Date("2026-11-21T12:00:00Z");
  await database.pool.query("TRUNCATE findings, finding_events, suppressions");
});

it("a suppression that ends leaves hidden what another one hides, whichever came first", async () => {
  const { opened: [dana, erik] } = await record(matched(), matched({ user: "erik" }));
  await hide({ rule: "r1" }, inDays(1), "A day.");
  const { suppression: week, hidden } = await hide({ entity: dana!.entityKey }, inDays(7), "A week.");
  expect(hidden).toEqual([]);
  days(1);
  const { changed, shown } = await endExpiredSuppressions(database.ctx());
  expect(changed.toSorted()).toEqual([dana!.id, erik!.id].toSorted());
  expect(shown).toMatchObject([{ id: erik!.id, suppressedBy: null }]);
  expect(await hiddenBy(dana!.id)).toBe(week.id);
  expect((await getFinding(as(), dana!.id)).timeline.map(({ text }) => text)).toEqual([expect.any(String), "Hidden: A day.", "Hidden: A week."]);
  expect((await endSuppression(as(), week.id)).shown).toMatchObject([{ id: dana!.id }]);
  expect(await hiddenBy(dana!.id)).toBeNull();
});

it("a suppression that is made while another one ends hides what that one hid", async () => {
  const { opened: [dana] } = await record(matched());
  const { suppression: first } = await hide({ rule: "r1" }, inDays(1));
  const waiting = async (): Promise<void> => {
    for (let found = 0; found === 0; ) found = (await database.pool.query("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")).rows.length;
  };
  let second: ReturnType<typeof hide> | undefined;
  await inTransaction(as(), async (inside) => {
    await endSuppression(inside, first.id);
    second = hide({ entity: dana!.entityKey }, inDays(7));
    await Promise.race([second, waiting()]);
  });
  await second;
  expect(await hiddenBy(dana!.id)).not.toBeNull();
});

it("what an expired suppression hid is shown by the schedule, which hears of it, and not in silence by the next match", async () => {
  const { opened: [dana] } = await record(matched());
  await hide({ rule: "r1" }, inDays(1));
  days(1);
  await record(matched());
  expect(await hiddenBy(dana!.id)).not.toBeNull();
  expect((await endExpiredSuppressions(database.ctx())).shown).toMatchObject([{ id: dana!.id, count: 2 }]);
  expect(await listSuppressions(as(), "live")).toEqual([]);
  expect(await listSuppressions(as(), "past")).toMatchObject([{ reason: "Known.", endedAt: database.at, expiresAt: database.at, hidden: 1 }]);
});

it("lists what held once, the last to end first", async () => {
  await hide({ rule: "r1" }, inDays(1), "Expires.");
  const { suppression } = await hide({ rule: "r2" }, inDays(9), "Is ended.");
  await hide({ rule: "r3" }, inDays(9), "Holds.");
  days(2);
  await endSuppression(as(), suppression.id);
  expect((await listSuppressions(as(), "past")).map(({ reason }) => reason)).toEqual(["Is ended.", "Expires."]);
  await endExpiredSuppressions(database.ctx());
  expect((await listSuppressions(as(), "past")).map(({ reason, endedAt }) => [reason, endedAt])).toEqual([["Is ended.", database.at], ["Expires.", inDays(-1)]]);
  expect((await listSuppressions(as(), "live")).map(({ reason }) => reason)).toEqual(["Holds."]);
});

it("hides what is active in an account, and nothing that is closed or elsewhere", async () => {
  const { opened } = await record(matched(), matched({ user: "erik" }), matched({ user: "ole", account: "999988887777" }));
  const [dana, erik] = opened;
  await closeFinding(as(), erik!.id, { version: 1, as: "resolved", reason: "done" });
  expect((await hide({ account: "111122223333" }, inDays(1))).hidden).toEqual([dana!.id]);
  expect((await hide({ account: "__proto__" }, inDays(1))).hidden).toEqual([]);
});

it("an acceptance that ends under a suppression brings the finding back hidden", async () => {
  const { opened: [dana] } = await record(matched());
  await closeFinding(as(), dana!.id, { version: 1, as: "accepted", reason: "Known.", until: inDays(2) });
  await hide({ rule: "r1" }, inDays(7));
  days(2);
  expect(await expireAcceptances(database.ctx())).toEqual({ changed: [dana!.id], shown: [] });
  expect(await hiddenBy(dana!.id)).not.toBeNull();
});

it("the audit says why, and how many findings came and went", async () => {
  await record(matched());
  const { suppression } = await hide({ rule: "r1" }, inDays(1), "The scanner.");
  await endSuppression(as(), suppression.id);
  const { rows } = await database.pool.query("SELECT detail FROM audit_log WHERE resource_id = $1 ORDER BY id", [suppression.id]);
  expect(rows).toMatchObject([{ detail: { reason: "The scanner.", hidden: 1 } }, { detail: { ended: true, shown: 1 } }]);
});

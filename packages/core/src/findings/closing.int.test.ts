import { beforeEach, expect, it } from "vitest";
import { Conflict, Invalid, type Actor } from "../kernel/index.ts";
import { testDatabase } from "../store/test/index.ts";
import { closeFinding, getFinding, recordMatches, reopenFinding } from "./index.ts";
import { matchOf } from "./test/matches.ts";

const database = testDatabase();
const responder: Actor = { kind: "user", id: "u1", name: "Rana", roles: ["responder"] };
const as = () => database.ctx(responder);
const DAY_MS = 86_400_000;
const inDays = (days: number): Date => new Date(database.at.getTime() + days * DAY_MS);
const finding = async (id: string) => (await getFinding(as(), id)).finding;

beforeEach(async () => {
  database.at = new Date("2026-11-21T12:00:00Z");
  await database.pool.query("TRUNCATE findings, finding_events, suppressions");
});

async function opened(...users: string[]): Promise<string[]> {
  const { opened: rows } = await recordMatches(database.ctx(), users.map((user) => matchOf({ at: "2026-11-21T12:00:00.000Z", user })), () => ({ team: null, service: null, environment: "unknown", tier: null, unclear: null }));
  return users.map((user) => rows.find(({ entityName }) => entityName === user)!.id);
}

it("is for what is open: neither closes twice nor extends an acceptance", async () => {
  const [id] = (await opened("dana")) as [string];
  await closeFinding(as(), id, { version: 1, as: "accepted", reason: "Known.", until: inDays(1) });
  await expect(closeFinding(as(), id, { version: 2, as: "accepted", reason: "Longer.", until: inDays(300) })).rejects.toThrow("closed already, as accepted");
  await expect(closeFinding(as(), id, { version: 2, as: "resolved", reason: "done" })).rejects.toThrow(Conflict);
  expect(await finding(id)).toMatchObject({ state: "accepted", acceptedUntil: inDays(1), version: 2 });
});

it("leaves open what others are duplicates of", async () => {
  const [dana, erik, ole] = (await opened("dana", "erik", "ole")) as [string, string, string];
  await closeFinding(as(), dana, { version: 1, as: "duplicate", reason: "Same.", of: erik });
  await expect(closeFinding(as(), erik, { version: 1, as: "duplicate", reason: "Same.", of: dana })).rejects.toThrow("is closed itself, as duplicate");
  await closeFinding(as(), erik, { version: 1, as: "resolved", reason: "done" });
  await expect(closeFinding(as(), ole, { version: 1, as: "duplicate", reason: "Same.", of: erik })).rejects.toThrow(Invalid);
});

it("leaves one of two open that are closed as duplicates of each other at the same time", async () => {
  for (let round = 0; round < 5; round++) {
    const [one, two] = (await opened(`a${round}`, `b${round}`)) as [string, string];
    const ends = await Promise.allSettled([closeFinding(as(), one, { version: 1, as: "duplicate", reason: "x", of: two }), closeFinding(as(), two, { version: 1, as: "duplicate", reason: "x", of: one })]);
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(ends.find((end) => end.status === "rejected")).toMatchObject({ reason: expect.any(Invalid) as unknown });
  }
});

it("says until when and of what, on the timeline and in the audit", async () => {
  const [dana, erik] = (await opened("audited", "erik")) as [string, string];
  await closeFinding(as(), dana, { version: 1, as: "accepted", reason: "Known.", until: new Date("2026-12-01T00:00:00Z") });
  await reopenFinding(as(), dana, { version: 2, reason: "It is not." });
  await closeFinding(as(), dana, { version: 3, as: "duplicate", reason: "Same key.", of: erik });
  expect((await getFinding(as(), dana)).timeline.map(({ text }) => text).slice(1)).toEqual(["open → accepted until 2026-12-01: Known.", "accepted → open: It is not.", `open → duplicate of ${erik}: Same key.`]);
  const { rows } = await database.pool.query("SELECT detail->'changes'->0 AS change FROM audit_log WHERE resource_id = $1 ORDER BY id", [dana]);
  expect(rows.map(({ change }) => change as unknown)).toEqual([{ kind: "state", from: "open", to: "accepted", until: "2026-12-01T00:00:00.000Z" }, { kind: "state", from: "accepted", to: "open" }, { kind: "state", from: "open", to: "duplicate", of: erik }]);
});

it("an opening by hand gives it the days that a new one has", async () => {
  const [id] = (await opened("dana")) as [string];
  await closeFinding(as(), id, { version: 1, as: "resolved", reason: "done" });
  database.at = inDays(40);
  expect((await reopenFinding(as(), id, { version: 2, reason: "No." })).dueAt).toEqual(inDays(3));
});

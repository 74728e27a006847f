import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { Conflict, Forbidden, Invalid, NotFound, type Actor } from "../kernel/index.ts";
import { testDatabase } from "../store/test/index.ts";
import { changeFinding, closeFinding, commentOn, countFindings, endExpiredSuppressions, endSuppression, expireAcceptances, getFinding, listFindings, recordMatches, reopenFinding, suppress, whatNeedsDecision, type Belonging } from "./index.ts";
import { stateOf } from "./state.ts";
import { matchOf } from "./test/matches.ts";
import { cutWindows } from "./window.ts";

const database = testDatabase();
const NOBODYS: Belonging = { team: null, service: null, environment: "unknown", tier: null, unclear: null };
const responder: Actor = { kind: "user", id: "u1", name: "Rana", roles: ["responder"] };
const as = (actor: Actor = responder) => database.ctx(actor);
const record = (...matches: ReturnType<typeof matchOf>[]) => recordMatches(database.ctx(), matches, () => NOBODYS);
const hours = (count: number): void => void (database.at = new Date(database.at.getTime() + count * 3_600_000));
const only = async (state: "active" | "all" | "closed" = "all", suppressed: "no" | "all" = "all") => (await listFindings(as(), { state, suppressed }, { limit: 200 })).items;
const timeline = async (id: string): Promise<string[]> => (await getFinding(as(), id)).timeline.map(({ kind }) => kind);

beforeEach(async () => {
  database.at = new Date("2026-11-21T12:00:00Z");
  await database.pool.query("TRUNCATE findings, finding_events, suppressions; DELETE FROM users; INSERT INTO users (id, email, name, roles, created_at) VALUES ('u1', 'rana@example.com', 'Rana', '{responder}', now()), ('u2', 'ole@example.com', 'Ole', '{responder}', now())");
});

/** One finding, opened now. */
async function opened(change: Partial<Parameters<typeof matchOf>[0]> = {}) {
  const { opened: [finding] } = await record(matchOf({ at: "2026-11-21T12:00:00.000Z", ...change }));
  return finding!;
}

describe("matches", () => {
  it("join the finding of their rule and entity within the window, and open a new one after a silence", async () => {
    await record(matchOf({ at: "2026-11-18T09:10:00.000Z" }), matchOf({ at: "2026-11-18T09:10:00.000Z", user: "erik" }));
    await record(matchOf({ at: "2026-11-19T09:00:00.000Z", count: 4 }));
    await record(matchOf({ at: "2026-11-18T02:00:00.000Z" }));
    expect((await only()).map(({ entityName, count }) => [entityName, count]).toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))).toEqual([["dana", 6], ["erik", 1]]);
    const { opened: later } = await record(matchOf({ at: "2026-11-20T10:00:00.000Z" }));
    expect(later).toHaveLength(1);
    expect(await only()).toHaveLength(3);
  });

  it("are one row a finding and batch, however many they are", async () => {
    const many = Array.from({ length: 500 }, (_, n) => matchOf({ at: `2026-11-18T09:${String(n % 60).padStart(2, "0")}:00.000Z`, user: `user-${n % 5}` }));
    await record(...many);
    const found = await only();
    expect(found.map(({ count, version }) => [count, version])).toEqual(Array.from({ length: 5 }, () => [100, 1]));
  });

  it("of a crowd under one rule become one finding about many", async () => {
    const crowd = Array.from({ length: 520 }, (_, n) => matchOf({ at: "2026-11-21T11:00:00.000Z", user: `user-${n}` }));
    await record(...crowd);
    await record(...crowd.map(({ rule, group, source }) => ({ rule, group: { ...group, entity: { ...group.entity, key: `${group.entity.key}-more` } }, source })));
    const { rows } = await database.pool.query<{ many: number; count: number }>("SELECT count(*) FILTER (WHERE entity_kind = 'many')::int AS many, count(*) AS count FROM findings");
    expect(rows).toEqual([{ many: 1, count: 501 }]);
  });

  it("after a resolution reopen the finding as a regression, whenever they come", async () => {
    const finding = await opened();
    await closeFinding(as(), finding.id, { version: 1, as: "resolved", reason: "Key is gone." });
    hours(24 * 90);
    const { reopened, opened: none } = await record(matchOf({ at: "2027-02-19T12:00:00.000Z" }));
    expect(none).toEqual([]);
    expect(reopened).toMatchObject([{ id: finding.id, state: "open", news: ["regression"] }]);
    expect(await timeline(finding.id)).toEqual(["opened", "state", "regression"]);
    expect(stateOf((await getFinding(as(), finding.id)).timeline)).toBe("open");
  });

  it("under an acceptance are counted in silence until it ends, then they bring it back", async () => {
    const finding = await opened();
    await closeFinding(as(), finding.id, { version: 1, as: "accepted", reason: "Known.", until: new Date("2026-12-01T00:00:00Z") });
    hours(48);
    expect((await record(matchOf({ at: "2026-11-23T12:00:00.000Z" }))).reopened).toEqual([]);
    expect(await only("closed")).toMatchObject([{ id: finding.id, state: "accepted", count: 2 }]);
    hours(24 * 20);
    expect(await expireAcceptances(database.ctx())).toMatchObject({ changed: [finding.id], shown: [{ id: finding.id, openedAt: database.at }] });
    expect(await only("active")).toMatchObject([{ id: finding.id, state: "open", news: ["acceptance over"] }]);
  });

  it("that bring something new say so, also while nobody wants to hear of them", async () => {
    const finding = await opened({ level: "medium" });
    await suppress(as(), { reason: "A test.", scope: { rule: "r1", entity: null, account: null }, expiresAt: new Date("2026-12-01T00:00:00Z") });
    await record(matchOf({ at: "2026-11-21T12:30:00.000Z", address: "203.0.113.99", level: "medium" }));
    expect(await timeline(finding.id)).toEqual(["opened", "suppressed"]);
    await record(matchOf({ at: "2026-11-21T13:30:00.000Z", address: "198.51.100.7" }));
    const { finding: now } = await getFinding(as(), finding.id);
    expect(now.news).toEqual(["new network 198.51.100.0/24", "higher level high"]);
    expect(now.suppressedBy).not.toBeNull();
  });

  it("of several windows in one batch are a finding each, with all that belongs to it", async () => {
    const known = await opened();
    await record(...["2026-11-21T13:00:00.000Z", "2026-11-26T10:00:00.000Z", "2026-11-26T11:00:00.000Z", "2026-12-10T00:00:00.000Z"].map((at) => matchOf({ at, count: 2 })));
    const found = await only();
    expect(found.map(({ count, firstSeen }) => `${firstSeen.toISOString().slice(0, 10)} ${count}`).sort()).toEqual(["2026-11-21 3", "2026-11-26 4", "2026-12-10 2"]);
    for (const { id } of found) expect(await timeline(id)).toEqual(["opened"]);
    expect((await getFinding(as(), known.id)).finding.count).toBe(3);
  });

  it("that are late join the finding of their time, whatever came after it, and change nothing that was decided", async () => {
    const old = await opened({ at: "2026-11-10T10:20:00.000Z" });
    await closeFinding(as(), old.id, { version: 1, as: "false_positive", reason: "A test." });
    const later = await opened({ at: "2026-11-14T10:00:00.000Z" });
    const { opened: none, reopened } = await record(matchOf({ at: "2026-11-10T10:40:00.000Z" }), matchOf({ at: "2026-11-10T23:40:00.000Z" }));
    expect([none, reopened]).toEqual([[], []]);
    const { finding } = await getFinding(as(), old.id);
    expect(finding).toMatchObject({ state: "false_positive", count: 3, version: 2 });
    expect(finding.evidence.samples).toHaveLength(3);
    expect((await getFinding(as(), later.id)).finding.count).toBe(1);
  });

  it("that happened before a resolution do not undo it, be they late or years old", async () => {
    const finding = await opened();
    hours(3);
    await closeFinding(as(), finding.id, { version: 1, as: "resolved", reason: "Key is gone." });
    const late = await record(matchOf({ at: "2026-11-21T14:59:59.000Z" }));
    expect([late.opened, late.reopened]).toEqual([[], []]);
    expect((await getFinding(as(), finding.id)).finding).toMatchObject({ state: "resolved", count: 2 });
    const archive = await record(matchOf({ at: "2025-01-01T12:00:00.000Z" }));
    expect(archive.reopened).toEqual([]);
    expect(archive.opened).toHaveLength(1);
    const { reopened } = await record(matchOf({ at: "2026-11-21T15:00:01.000Z" }));
    expect(reopened).toMatchObject([{ id: finding.id, state: "open" }]);
  });

  it("that are only counted are no other version, so that whoever decides meanwhile is not sent back", async () => {
    const finding = await opened();
    await record(matchOf({ at: "2026-11-21T12:10:00.000Z" }));
    await changeFinding(as(), finding.id, { version: 1, owner: "u1" });
    await record(matchOf({ at: "2026-11-21T12:20:00.000Z", address: "198.51.100.7" }));
    await expect(changeFinding(as(), finding.id, { version: 2, owner: "u2" })).rejects.toThrow(Conflict);
  });

  it("whose texts no database takes are stored without what it refuses", async () => {
    const match = matchOf({ at: "2026-11-21T12:00:00.000Z", user: "da\0na", address: "\uD800" });
    match.group.samples[0]!.raw = "a\0b";
    const { opened: [finding] } = await record(match);
    expect(finding).toMatchObject({ entityName: "da\uFFFDna", evidence: { samples: [{ raw: "a\uFFFDb" }] } });
    await record(match);
    expect((await only()).map(({ count }) => count)).toEqual([2]);
  });

  it("come to the same findings as windows cut from all of them at once, however they are spread over batches", async () => {
    const START = Date.parse("2026-09-01T00:00:00Z");
    const drawn = fc.array(fc.record({ hour: fc.nat(24 * 40), user: fc.constantFrom("dana", "erik"), cut: fc.boolean() }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(drawn, async (given) => {
        await database.pool.query("TRUNCATE findings, finding_events");
        const inTime = given.toSorted((a, b) => a.hour - b.hour).map(({ hour, user, cut }) => ({ cut, user, match: matchOf({ user, at: new Date(START + hour * 3_600_000).toISOString() }) }));
        const batches: ReturnType<typeof matchOf>[][] = [[]];
        for (const { cut, match } of inTime) (cut ? batches[batches.push([]) - 1]! : batches.at(-1)!).push(match);
        for (const batch of batches) await record(...batch);
        const expected = ["dana", "erik"].flatMap((name) => {
          const groups = new Map<string, number>();
          for (const { user, match } of inTime) if (user === name) groups.set(match.group.hour, (groups.get(match.group.hour) ?? 0) + 1);
          const one = matchOf({ at: "2026-09-01T00:00:00.000Z" }).group;
          return cutWindows([...groups].map(([hour, count]) => ({ ...one, rule: 0, hour, count }))).map((window) => [name, window[0]!.hour, window.reduce((sum, { count }) => sum + count, 0)]);
        });
        const found = (await only()).map(({ entityName, windowStart, count }) => [entityName, windowStart.toISOString(), count]);
        expect(found.map(String).sort()).toEqual(expected.map(String).sort());
      }),
      { numRuns: 40 },
    );
  });

  it("do not depend on how they were spread over batches", async () => {
    const matches = Array.from({ length: 40 }, (_, n) => matchOf({ at: `2026-11-18T${String(n % 20).padStart(2, "0")}:00:00.000Z`, user: `user-${n % 3}`, address: `203.0.113.${n}` }));
    await record(...matches);
    const atOnce = (await only()).map(({ entityName, count, firstSeen, lastSeen }) => ({ entityName, count, firstSeen, lastSeen }));
    await database.pool.query("TRUNCATE findings, finding_events");
    for (const match of matches) await record(match);
    expect((await only()).map(({ entityName, count, firstSeen, lastSeen }) => ({ entityName, count, firstSeen, lastSeen })).sort((a, b) => (a.entityName < b.entityName ? -1 : 1))).toEqual(atOnce.sort((a, b) => (a.entityName < b.entityName ? -1 : 1)));
  });
});

describe("people", () => {
  it("change a finding step by step, and every step is a line of its timeline and of the audit", async () => {
    const { id } = await opened({ user: "audited" });
    const taken = await changeFinding(as(), id, { version: 1, state: "in_progress", owner: "u2", priority: "p1", labels: ["key-leak"], dueAt: new Date("2026-11-22T00:00:00Z"), addLink: { url: "https://example.com/1", title: "Ticket 1" } });
    await commentOn(as(), id, "Asked Dana.");
    expect(taken).toMatchObject({ version: 2, owner: "u2", priority: "p1", state: "in_progress", labels: ["key-leak"] });
    expect(await timeline(id)).toEqual(["opened", "state", "owner", "priority", "due", "labels", "link", "comment"]);
    const { rows } = await database.pool.query("SELECT action, actor_name, detail->'changes' AS changes FROM audit_log WHERE resource_id = $1 ORDER BY id", [id]);
    expect(rows).toMatchObject([{ action: "findings.triage", actor_name: "Rana", changes: expect.arrayContaining([{ kind: "owner", from: null, to: "u2" }, { kind: "link", url: "https://example.com/1" }]) as unknown }, { action: "findings.comment", changes: [{ kind: "comment" }] }]);
    expect(JSON.stringify(rows)).not.toContain("Asked Dana");
  });

  it("who change it at the same time do not undo each other: one is told who was faster", async () => {
    const { id } = await opened();
    const both = await Promise.allSettled([changeFinding(as(), id, { version: 1, owner: "u1" }), changeFinding(as({ ...responder, id: "u2", name: "Ole" }), id, { version: 1, owner: "u2" })]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(both.find((each) => each.status === "rejected")).toMatchObject({ reason: expect.any(Conflict) as unknown });
    expect(await timeline(id)).toEqual(["opened", "owner"]);
  });

  it("close with a disposition, a reason, and whatever else it takes", async () => {
    const { id } = await opened();
    const other = await opened({ user: "erik" });
    await expect(closeFinding(as(), id, { version: 1, as: "accepted", reason: "x" })).rejects.toThrow(Invalid);
    await expect(closeFinding(as(), id, { version: 1, as: "duplicate", reason: "x" })).rejects.toThrow(Invalid);
    await expect(closeFinding(as(), id, { version: 1, as: "duplicate", reason: "x", of: id })).rejects.toThrow(Invalid);
    await expect(closeFinding(as(), id, { version: 1, as: "duplicate", reason: "x", of: "0000" })).rejects.toThrow(Invalid);
    expect(await closeFinding(as(), id, { version: 1, as: "duplicate", reason: "Same key.", of: other.id })).toMatchObject({ state: "duplicate", duplicateOf: other.id });
    await expect(changeFinding(as(), id, { version: 2, state: "triaged" })).rejects.toThrow(Conflict);
    expect((await getFinding(as(), other.id)).related.map((line) => line.id)).toEqual([id]);
    expect(await reopenFinding(as(), id, { version: 2, reason: "It is not." })).toMatchObject({ state: "open", duplicateOf: null });
    await expect(reopenFinding(as(), id, { version: 3, reason: "again" })).rejects.toThrow(Conflict);
  });

  it("are refused without a right, and for what is not there", async () => {
    const { id } = await opened();
    const refused = database.ctx(responder, () => false);
    for (const verb of [() => changeFinding(refused, id, { version: 1, owner: "u1" }), () => commentOn(refused, id, "x"), () => closeFinding(refused, id, { version: 1, as: "resolved", reason: "x" }), () => listFindings(refused, { state: "all", suppressed: "all" }, { limit: 1 }), () => getFinding(refused, id), () => whatNeedsDecision(refused), () => countFindings(refused, { state: "all", suppressed: "all" }), () => suppress(refused, { reason: "x", scope: { rule: "r1", entity: null, account: null }, expiresAt: new Date("2026-12-01T00:00:00Z") })])
      await expect(verb()).rejects.toThrow(Forbidden);
    await expect(getFinding(as(), "0000")).rejects.toThrow(NotFound);
    await expect(changeFinding(as(), id, { version: 1, owner: "nobody" })).rejects.toThrow(Invalid);
    expect(await timeline(id)).toEqual(["opened"]);
  });

  it("hide what they know, with a reason and an end, and see it again", async () => {
    const dana = await opened();
    const erik = await opened({ user: "erik" });
    const inAYear = new Date("2027-11-20T00:00:00Z");
    await expect(suppress(as(), { reason: "all", scope: { rule: null, entity: null, account: null }, expiresAt: inAYear })).rejects.toThrow(Invalid);
    await expect(suppress(as(), { reason: "for ever", scope: { rule: "r1", entity: null, account: null }, expiresAt: new Date("2028-11-20T00:00:00Z") })).rejects.toThrow(Invalid);
    const { suppression: one } = await suppress(as(), { reason: "Scanner.", scope: { rule: "r1", entity: dana.entityKey, account: null }, expiresAt: inAYear });
    expect((await only("active", "no")).map(({ id }) => id)).toEqual([erik.id]);
    await record(matchOf({ at: "2026-11-21T12:40:00.000Z", count: 7 }));
    expect((await database.pool.query("SELECT hidden FROM suppressions")).rows).toEqual([{ hidden: 7 }]);
    await endSuppression(as(), one.id);
    expect(await only("active", "no")).toHaveLength(2);
    await expect(endSuppression(as(), one.id)).rejects.toThrow(NotFound);
    await suppress(as(), { reason: "A day.", scope: { rule: null, entity: null, account: "111122223333" }, expiresAt: new Date("2026-11-22T12:00:00Z") });
    expect(await only("active", "no")).toEqual([]);
    hours(25);
    await endExpiredSuppressions(database.ctx());
    expect(await only("active", "no")).toHaveLength(2);
  });

  it("page through a list without losing or repeating a line", async () => {
    await record(...Array.from({ length: 25 }, (_, n) => matchOf({ at: "2026-11-21T11:00:00.000Z", user: `user-${n}`, level: (["low", "high", "critical"] as const)[n % 3]!, rule: `r${n % 4}` })));
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const { items, next } = await listFindings(as(), { state: "active", suppressed: "no" }, { limit: 4, ...(cursor !== undefined && { cursor }) });
      seen.push(...items.map(({ id }) => id));
      if (next === null) break;
      cursor = next;
    }
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
    expect(seen).toEqual((await only()).map(({ id }) => id));
    await expect(listFindings(as(), { state: "active", suppressed: "no" }, { limit: 4, cursor: "bm9uZQ" })).rejects.toThrow(Invalid);
  });

  it("find by words, without wildcards of their own", async () => {
    await opened({ user: "100%_sure" });
    await opened({ user: "erik" });
    for (const [q, count] of [["100%_SURE", 1], ["%", 1], ["rule erik", 1], ["_", 1], ["nothing", 0]] as const) expect((await listFindings(as(), { state: "all", suppressed: "all", q }, { limit: 10 })).items, q).toHaveLength(count);
  });
});

it("what is overdue is found, and counted beside the other choices", async () => {
  const critical = await opened({ user: "erik", level: "critical" });
  await opened({ user: "dana" });
  const low = await opened({ user: "low", level: "low" });
  await closeFinding(as(), (await opened({ user: "done", level: "critical" })).id, { version: 1, as: "resolved", reason: "done" });
  await suppress(as(), { reason: "Known.", scope: { rule: null, entity: low.entityKey, account: null }, expiresAt: new Date("2026-12-20T00:00:00Z") });
  hours(30);
  const overdue = { state: "all", suppressed: "no", due: "overdue" } as const;
  expect((await listFindings(as(), overdue, { limit: 10 })).items.map(({ id }) => id)).toEqual([critical.id]);
  expect(await countFindings(as(), { state: "active", suppressed: "no" })).toMatchObject({ states: { open: 2, resolved: 1 }, levels: { critical: 1, high: 1, low: 0 }, overdue: 1 });
  expect(await countFindings(as(), { state: "all", suppressed: "all", q: "low" })).toMatchObject({ states: { open: 1, resolved: 0 }, levels: { critical: 0, low: 1 }, overdue: 0 });
});

it("what one person or key did is one thing to decide, and a break-in comes before a single finding of its priority", async () => {
  const step = (rule: string, tactic: string, user: string, key: string, minute: number) => {
    const match = matchOf({ rule, user, at: `2026-11-21T12:${String(minute).padStart(2, "0")}:00.000Z` });
    match.rule.tags = [`attack.${tactic}`];
    match.group.tallies.access_keys[key] = 1;
    if (rule === "stay") match.group.tallies.resources["helper"] = 1;
    return match;
  };
  await record(step("look", "discovery", "ci", "AKIA1", 1), step("copy", "exfiltration", "ci", "AKIA1", 40), step("stay", "persistence", "deployer", "AKIA1", 20), step("other", "impact", "erik", "AKIA2", 50), step("return", "impact", "helper", "AKIA3", 30));
  const { items } = await whatNeedsDecision(as());
  expect(items.map(({ finding, together }) => [finding.ruleId, together.map(({ ruleId }) => ruleId)])).toEqual([["copy", ["look", "stay", "return"]], ["other", []]]);
  expect(items[0]!.why).toBe("4 findings about 3 identities within 39 min, over 4 tactics; P2: high; nobody has taken it");
});

it("what needs a decision comes in the order of need, with its reason", async () => {
  await opened({ user: "low", level: "low" });
  const high = await opened({ user: "high" });
  const back = await opened({ user: "back", level: "medium" });
  await closeFinding(as(), back.id, { version: 1, as: "resolved", reason: "done" });
  await record(matchOf({ at: "2026-11-21T12:30:00.000Z", user: "back", level: "medium" }));
  await changeFinding(as(), high.id, { version: 1, owner: "u1" });
  const { items, counts } = await whatNeedsDecision(as());
  expect(items.map(({ finding, why }) => [finding.entityName, why])).toEqual([["back", "it came back after it was resolved; P3: medium"], ["high", "P2: high; it is yours"]]);
  expect(counts).toEqual({ active: 3, unowned: 2, overdue: 0, mine: 1 });
});

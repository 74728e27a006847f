import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { FindingFilter } from "@corduroy/contract";
import type { Actor } from "../kernel/index.ts";
import type { DbCtx } from "../store/index.ts";
import { testDatabase } from "../store/test/index.ts";
import {
  activeByOwner, changeFinding, closeFinding, commentOn, countFindings, findingLines, getFinding, lineFor, listFindings, listViews, recordMatches, reopenFinding, ruleRecords, saveView, whatNeedsDecision,
} from "./index.ts";
import { matchOf } from "./test/matches.ts";

const database = testDatabase();
const SOURCES = ["aws.cloudtrail", "github.audit", "okta.system"] as const;
const OTHER = "0".repeat(16);
const person: Actor = { kind: "user", id: "u1", name: "Devi", roles: ["developer"] };
const everybody = (): DbCtx => database.ctx(person);
/** Somebody who is given these sources alone. */
const given = (...sources: readonly string[]): DbCtx => database.ctx(person, (_, action, { id }) => action !== "events.read" || sources.includes(id));
const record = (...matches: ReturnType<typeof matchOf>[]) => recordMatches(database.ctx(), matches, ({ entity }) => ({ team: entity.name === "u0" ? "payments" : null, service: null, environment: "unknown", tier: null, unclear: null }));
const empty = () => database.pool.query("DELETE FROM findings; DELETE FROM finding_events; DELETE FROM saved_views");
const EVERYTHING = FindingFilter.parse({ state: "all", suppressed: "all" });

beforeEach(async () => {
  database.at = new Date("2026-11-21T12:00:00Z");
  await empty();
});

/** All that verbs say of findings to somebody. */
async function told(ctx: DbCtx, ids: readonly string[]): Promise<unknown> {
  const one = (id: string) => getFinding(ctx, id).then(({ finding, timeline, related }) => ({ finding, related, timeline: timeline.map(({ text, detail }) => ({ text, detail })) }), (error: Error) => error.message);
  const pages = [await listFindings(ctx, EVERYTHING, { limit: 2 })];
  for (let next = pages[0]!.next; next !== null; next = pages.at(-1)!.next) pages.push(await listFindings(ctx, EVERYTHING, { cursor: next, limit: 2 }));
  return {
    list: pages.map(({ items }) => items),
    filtered: await Promise.all([{ rule: "r0" }, { entity: "user:111122223333:u0" }, { q: "u1" }, { team: "payments" }].map(async (filter) => (await listFindings(ctx, FindingFilter.parse(filter), { limit: 200 })).items)),
    counts: [await countFindings(ctx, EVERYTHING), await countFindings(ctx, FindingFilter.parse({ rule: "r1" }))],
    now: await whatNeedsDecision(ctx),
    each: await Promise.all(ids.map(one)),
    live: (await findingLines(ctx.db, ids)).flatMap((line) => lineFor(ctx, line) ?? []),
    owners: await activeByOwner(ctx),
    rules: await ruleRecords(ctx),
  };
}

const match = fc.record({ rule: fc.constantFrom("r0", "r1"), user: fc.constantFrom("u0", "u1", "u2"), source: fc.constantFrom(...SOURCES, null), minute: fc.nat(50), batch: fc.nat(2) });
type Drawn = typeof match extends fc.Arbitrary<infer T> ? T : never;
const cellOf = ({ rule, user }: Drawn): string => `${rule} ${user}`;

async function play(drawn: readonly Drawn[]): Promise<void> {
  await empty();
  for (const batch of [0, 1, 2]) await record(...drawn.filter((each) => each.batch === batch).map(({ minute, ...each }) => matchOf({ ...each, at: `2026-11-21T11:${String(minute).padStart(2, "0")}:00.000Z` })));
}

it("who is given some sources is told of findings what anybody is told where there are no others", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(match, { minLength: 1, maxLength: 20 }), fc.subarray([...SOURCES], { maxLength: 2 }), async (drawn, sources) => {
      await play(drawn);
      const ids = (await listFindings(everybody(), EVERYTHING, { limit: 200 })).items.map(({ id }) => id).toSorted();
      const asked = await told(given(...sources), [...ids, OTHER]);
      // A finding is as though it never was when any of its matches is of another source.
      const hidden = new Set(drawn.filter(({ source }) => source === null || !sources.includes(source)).map(cellOf));
      await play(drawn.filter((each) => !hidden.has(cellOf(each))));
      expect(asked).toEqual(await told(everybody(), [...ids, OTHER]));
    }),
    { numRuns: 4 },
  );
});

describe("a finding of another source", () => {
  async function two(): Promise<[mine: string, other: string]> {
    const { opened } = await record(matchOf({ at: "2026-11-21T11:00:00.000Z", source: "github.audit", user: "u1" }), matchOf({ at: "2026-11-21T11:00:00.000Z", user: "u2" }));
    return opened.toSorted((a, b) => (a.entityName < b.entityName ? -1 : 1)).map(({ id }) => id) as [string, string];
  }

  it("is changed by nobody who may not know of it: each verb answers as though it were not there", async () => {
    const [mine, other] = await two();
    const ctx = given("github.audit");
    const verbs: ((id: string) => Promise<unknown>)[] = [
      (id) => changeFinding(ctx, id, { version: 7, state: "triaged" }), (id) => commentOn(ctx, id, "I look."), (id) => closeFinding(ctx, id, { version: 1, as: "resolved", reason: "Done." }), (id) => reopenFinding(ctx, id, { version: 1, reason: "Again." }),
      (id) => closeFinding(ctx, mine, { version: 1, as: "duplicate", reason: "The same.", of: id }),
    ];
    const said = (id: string) => Promise.all(verbs.map((verb) => verb(id).then(() => "done", (error: Error) => `${error.name} ${error.message}`)));
    const before = (await getFinding(everybody(), other)).finding;
    expect(await said(other)).toEqual(await said(OTHER));
    expect((await getFinding(everybody(), other)).finding).toEqual(before);
    expect((await changeFinding(ctx, mine, { version: 1, state: "triaged" })).state).toBe("triaged");
  });

  it("is not named where one is its duplicate", async () => {
    const [mine, other] = await two();
    await closeFinding(everybody(), mine, { version: 1, as: "duplicate", reason: "The same.", of: other });
    const whole = await getFinding(given("github.audit"), mine);
    expect(JSON.stringify(whole)).not.toContain(other);
    expect(whole).toMatchObject({ finding: { state: "duplicate", duplicateOf: null }, timeline: [{}, { text: "open → duplicate: The same." }] });
    await expect(closeFinding(given("github.audit"), mine, { version: 1, as: "resolved", reason: "Done." })).rejects.toThrow("Somebody else was faster: Devi (open → duplicate: The same.).");
    expect((await getFinding(everybody(), mine)).finding.duplicateOf).toBe(other);
  });

  it("is told of by no filter that others share", async () => {
    const by = database.ctx({ ...person, id: "u2" });
    await saveView(by, { name: "dana", filter: { ...EVERYTHING, entity: "user:111122223333:dana" }, shared: true });
    await saveView(by, { name: "mine", filter: { ...EVERYTHING, owner: "me" }, shared: true });
    await saveView(everybody(), { name: "own", filter: { ...EVERYTHING, entity: "user:1:x" }, shared: false });
    expect((await listViews(given("github.audit"))).map(({ name }) => name)).toEqual(["mine", "own"]);
    expect((await listViews(everybody())).map(({ name }) => name)).toEqual(["dana", "mine", "own"]);
  });

  it("takes one that was known away when its match joins it", async () => {
    const [mine] = await two();
    await record(matchOf({ at: "2026-11-21T11:30:00.000Z", source: "okta.system", user: "u1" }));
    await expect(getFinding(given("github.audit"), mine)).rejects.toThrow("There is no such finding.");
    expect((await getFinding(given("github.audit", "okta.system"), mine)).finding).toMatchObject({ count: 2, sources: ["github.audit", "okta.system"] });
  });
});

it("a finding from before sources were kept is for those who are given all", async () => {
  const { opened: [finding] } = await record(matchOf({ at: "2026-11-21T11:00:00.000Z" }));
  await database.pool.query("UPDATE findings SET sources = NULL");
  await record(matchOf({ at: "2026-11-21T11:10:00.000Z" }));
  await expect(getFinding(given("aws.cloudtrail"), finding!.id)).rejects.toThrow("There is no such finding.");
  expect((await getFinding(everybody(), finding!.id)).finding.count).toBe(2);
});

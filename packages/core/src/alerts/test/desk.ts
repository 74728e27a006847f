import { afterEach, beforeAll, beforeEach } from "vitest";
import { fakePagerDuty, fakeSlack, type FakePagerDuty, type FakeSlack } from "@corduroy/testkit";
import { emptyTally, recordMatches, TALLIED, type Belonging, type Entity, type Level, type Recorded, type Tallied, type Tally } from "../../findings/index.ts";
import { SecretBox } from "../../identity/index.ts";
import { outbound, type Outbound } from "../../net/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import type { TestDatabase } from "../../store/test/index.ts";
import { addDestination, deliverDue, onRecorded, type AlertSetup } from "../index.ts";
import { routeFindings } from "../routeFindings.ts";
import { ROUTE } from "../schemas.ts";

export const MINUTE = 60_000;
export const OWNED: Belonging = { team: "payments", service: "checkout", environment: "production", tier: "2", unclear: null };

/** What one finding is made of; the rest is the same for all. */
export interface Happening {
  rule?: string;
  level?: Level;
  entity?: Entity;
  account?: string;
}

/** What the tests of a file have of alerting; its members are there from `beforeEach` on. Nothing happens by itself: jobs are done by `work`. */
export interface Desk {
  ctx: DbCtx;
  setup: AlertSetup;
  pager: FakePagerDuty;
  slack: FakeSlack;
  /** Whose everything is. */
  belonging: Belonging;
  /** Jobs that were asked for and are not done. */
  jobs: { queue: string; data: object }[];
  changed: string[];
  /** Lets the clock go on. */
  later(ms: number): void;
  /** Adds the pager (`pager`) or the channel (`slack`) and gives its id. */
  add(name: "pager" | "slack"): Promise<string>;
  /** A batch with these matches, in one transaction with its jobs. */
  batch(happenings: readonly Happening[]): Promise<Recorded>;
  /** Does every job that was asked for, and those that follow. */
  work(): Promise<void>;
  /** As the schedule does. */
  deliver(): Promise<void>;
  /** Rows of the database. */
  ask(sql: string): Promise<Record<string, unknown>[]>;
}

export function alertDesk(test: TestDatabase): Desk {
  const desk = { jobs: [] as Desk["jobs"], changed: [] as string[] } as Desk;
  const start = new Date("2026-11-21T12:00:00Z");
  beforeAll(() => {
    desk.ask = async (sql) => (await test.pool.query(sql)).rows as Record<string, unknown>[];
  });
  beforeEach(async () => {
    test.at = start;
    [desk.pager, desk.slack] = [await fakePagerDuty(), await fakeSlack()];
    desk.ctx = test.ctx();
    desk.jobs.length = desk.changed.length = 0;
    desk.belonging = OWNED;
    desk.setup = {
      box: new SecretBox(Buffer.alloc(32, 7)), outbound: wayTo(desk, () => test.at), mail: null, publicUrl: "https://corduroy.corp.example", belongs: () => desk.belonging, namedRoutes: () => [],
      jobs: { send: async (_ctx, queue, data) => void desk.jobs.push({ queue, data: JSON.parse(JSON.stringify(data)) as object }) }, onChanged: (ids) => void desk.changed.push(...ids),
    };
  });
  afterEach(async () => {
    await Promise.all([desk.pager.stop(), desk.slack.stop()]);
    await test.pool.query("TRUNCATE destinations, alert_routes, deliveries, findings, finding_events, suppressions");
  });
  desk.later = (ms) => void (test.at = new Date(test.at.getTime() + ms));
  desk.add = async (name) => (await addDestination(desk.ctx, { name, reach: name === "pager" ? { type: "pagerduty", routing_key: desk.pager.routingKey, endpoint: desk.pager.endpoint } : { type: "slack", url: desk.slack.url } }, desk.setup)).id;
  desk.batch = (happenings) =>
    inTransaction(desk.ctx, async (inside) => {
      const recorded = await recordMatches(inside, happenings.map((each) => matchOf(each, test.at)), desk.setup.belongs);
      await onRecorded(inside, recorded, desk.setup);
      return recorded;
    });
  desk.deliver = () => deliverDue(desk.ctx, desk.setup);
  desk.work = async () => {
    for (let job = desk.jobs.shift(); job; job = desk.jobs.shift()) await (job.queue === ROUTE ? routeFindings(desk.ctx, job.data, desk.setup) : desk.deliver());
  };
  return desk;
}

function wayTo({ pager, slack }: Pick<Desk, "pager" | "slack">, now: () => Date): Outbound {
  return outbound({ allow: [pager.place, slack.place], timeoutMs: 20_000, maxBytes: 16_384, now });
}

function matchOf({ rule = "stop-logging", level = "high", entity = { kind: "user", key: "user:dana", name: "dana" }, account = "111122223333" }: Happening, at: Date): Parameters<typeof recordMatches>[1][number] {
  const tallies = Object.fromEntries(TALLIED.map((field) => [field, emptyTally()])) as Record<Tallied, Tally>;
  tallies.accounts[account] = 1;
  const time = at.toISOString();
  const hour = new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000).toISOString();
  return { rule: { id: rule, title: `Rule ${rule}`, level, tags: [], description: "What it looks for.", falsepositives: [], references: [], check: ["Look."], respond: [] }, group: { entity, hour, count: 1, first: time, last: time, tallies, samples: [] }, source: "aws.cloudtrail" };
}

/** So many different people. */
export function people(count: number, from = 0): Happening[] {
  return Array.from({ length: count }, (_, n) => ({ entity: { kind: "user", key: `user:u${from + n}`, name: `u${from + n}` } }));
}

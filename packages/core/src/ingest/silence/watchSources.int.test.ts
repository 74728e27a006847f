import { beforeEach, describe, expect, it } from "vitest";
import { closeFinding, type Belonging } from "../../findings/index.ts";
import { listAudit } from "../../identity/index.ts";
import { testDatabase } from "../../store/test/index.ts";
import { watchSources, type SourceWatch } from "./watchSources.ts";

const test = testDatabase();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Saturday. */
const NOW = new Date("2026-11-21T12:00:00Z");
const NOBODY: Belonging = { team: null, service: null, environment: "unknown", tier: null, unclear: null };

const changed: string[] = [];
const opened: string[] = [];
const closed: string[] = [];
let watch: SourceWatch;
beforeEach(async () => {
  await test.pool.query("TRUNCATE findings, finding_events, intake_hours, collectors, lake_batches, suppressions");
  test.at = NOW;
  for (const list of [changed, opened, closed]) list.length = 0;
  watch = {
    belongs: () => NOBODY, onFindings: async (_ctx, recorded) => void opened.push(...[...recorded.opened, ...recorded.reopened].map(({ title }) => title)), onClosed: async (_ctx, finding) => void closed.push(finding), onChanged: (ids) => void changed.push(...ids), isBehind: () => false,
    runningSince: new Date(NOW.getTime() - DAY),
  };
});

const run = (change: Partial<SourceWatch> = {}): Promise<void> => watchSources(test.ctx({ kind: "system", name: "watch-sources" }), { ...watch, ...change });
const later = (ms: number): void => void (test.at = new Date(test.at.getTime() + ms));
const found = async (): Promise<Record<string, unknown>[]> => (await test.pool.query("SELECT id, title, state, level, count, entity_kind, entity_key, first_seen, last_seen, version, rule FROM findings ORDER BY title")).rows as Record<string, unknown>[];
const states = async (): Promise<unknown[]> => (await found()).map(({ title, state, count }) => [title, state, count]);

/** The source speaks in the hours before a moment, as often as it is said, up to the moment itself. */
async function spoke(source: string, until: Date, { days = 21, everyMinutes = 1, speaks = () => true }: { days?: number; everyMinutes?: number; speaks?: (time: Date) => boolean } = {}): Promise<void> {
  const last = new Map<number, number>();
  for (let time = until.getTime(); time > until.getTime() - days * DAY; time -= everyMinutes * MINUTE) if (speaks(new Date(time)) && !last.has(Math.floor(time / HOUR))) last.set(Math.floor(time / HOUR), time);
  const rows = [...last].map(([hour, time]) => ({ source, hour: new Date(hour * HOUR), last: new Date(time) }));
  await test.pool.query("INSERT INTO intake_hours (source, hour, read, stored, duplicate, dead, bytes, last_received_at, lag_ms) SELECT source, hour, 1, 1, 0, 0, 1, last, 1000 FROM jsonb_to_recordset($1) AS r (source text, hour timestamptz, last timestamptz) ON CONFLICT (source, hour) DO UPDATE SET last_received_at = excluded.last_received_at", [JSON.stringify(rows)]);
}

/** Batches of the last three hours before a moment, as they stand in the manifest. */
async function batches(source: string, until: Date, everyMinutes: number): Promise<void> {
  await test.pool.query(
    `INSERT INTO lake_batches (id, at, counts, objects, paths) SELECT $1 || i, to_char($2::timestamptz AT TIME ZONE 'UTC' - make_interval(mins => i * $3), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '{"read":1,"stored":1,"duplicate":0,"dead":0}', '[]', jsonb_build_array('events/source=' || $1 || '/day=2026-11-21/p.parquet') FROM generate_series(0, 180 / $3) i`,
    [source, until, everyMinutes],
  );
}

describe("a source that goes quiet", () => {
  it("is a finding, kept up to date once an hour while it lasts, and resolved when the source speaks again", async () => {
    const last = new Date(NOW.getTime() - 5 * HOUR);
    await spoke("okta.system", last);
    await run();
    expect(await found()).toMatchObject([{ title: "A source went quiet: okta.system", state: "open", level: "high", count: 1, entity_kind: "resource", entity_key: "source:okta.system", first_seen: last, last_seen: NOW, version: 1, rule: { id: "corduroy.source-quiet" } }]);
    expect(opened).toEqual(["A source went quiet: okta.system"]);
    expect(changed).toHaveLength(1);

    later(5 * MINUTE);
    await run();
    expect(changed).toHaveLength(1);
    later(HOUR);
    await run();
    expect(await found()).toMatchObject([{ count: 1, version: 1, first_seen: last, last_seen: test.at }]);
    expect(opened).toHaveLength(1);

    later(10 * DAY);
    await run();
    expect(await states()).toEqual([["A source went quiet: okta.system", "open", 1]]);

    await spoke("okta.system", test.at, { days: 0.01 });
    later(5 * MINUTE);
    await run();
    expect(await states()).toEqual([["A source went quiet: okta.system", "resolved", 1]]);
    expect(closed).toEqual([(await found())[0]!["id"]]);
    const { rows } = await test.pool.query("SELECT actor_name, text FROM finding_events WHERE kind = 'state'");
    expect(rows).toEqual([{ actor_name: "watch-sources", text: "open → resolved: It speaks again: events came at 2026-12-01 13:05 UTC." }]);
    expect((await listAudit(test.ctx(), { action: "findings.close" })).items).toMatchObject([{ actor: { name: "watch-sources" } }]);
    await run();
    expect(closed).toHaveLength(1);
  });

  it("is opened again by the next silence of the same day, which counts", async () => {
    await spoke("okta.system", new Date(NOW.getTime() - 4 * HOUR));
    await run();
    await spoke("okta.system", test.at, { days: 0.01 });
    await run();
    later(4 * HOUR);
    await run();
    expect(await states()).toEqual([["A source went quiet: okta.system, 2 times", "open", 2]]);
    expect(opened).toHaveLength(2);
  });

  it("tens of minutes after the last of its batches, where these come every minute; not where they come every quarter of an hour", async () => {
    const last = new Date(NOW.getTime() - 30 * MINUTE);
    for (const [source, minutes] of [["aws.cloudtrail", 1], ["okta.system", 15]] as const) {
      await spoke(source, last);
      await batches(source, last, minutes);
      await batches(`${source}.other`, NOW, 3);
    }
    await run();
    expect(await states()).toEqual([["A source went quiet: aws.cloudtrail", "open", 1]]);
    // Later its hours alone are looked at; that is no reason to take anything back.
    await spoke("aws.cloudtrail", new Date(NOW.getTime() - 10 * HOUR), { days: 1 });
    await run();
    expect(await states()).toEqual([["A source went quiet: aws.cloudtrail", "open", 1]]);
  });

  it("is brought up again an hour after somebody has resolved it and it is not over; accepted, or as no trouble, it is left alone", async () => {
    await spoke("okta.system", new Date(NOW.getTime() - 5 * HOUR));
    await run();
    const close = async (as: "resolved" | "false_positive"): Promise<void> => {
      const [finding] = await found();
      await closeFinding(test.ctx(), String(finding!["id"]), { version: Number(finding!["version"]), as, reason: "We know." });
    };
    await close("resolved");
    later(50 * MINUTE);
    await run();
    expect(await states()).toEqual([["A source went quiet: okta.system", "resolved", 1]]);
    later(20 * MINUTE);
    await run();
    expect(await states()).toEqual([["A source went quiet: okta.system", "open", 1]]);
    expect(opened).toHaveLength(2);
    await close("false_positive");
    later(2 * DAY);
    await run();
    expect(await states()).toEqual([["A source went quiet: okta.system", "false_positive", 1]]);
    expect(opened).toHaveLength(2);
  });

  it("is none at the weekend for a source of working days, nor where too little is known", async () => {
    const speaks = (time: Date): boolean => time.getUTCDay() >= 1 && time.getUTCDay() <= 5 && time.getUTCHours() >= 8 && time.getUTCHours() < 18;
    await spoke("github.audit", new Date("2026-11-20T17:55:00Z"), { everyMinutes: 5, speaks });
    await spoke("auth0.logs", new Date(NOW.getTime() - 20 * HOUR), { days: 2 });
    await run();
    expect(await found()).toEqual([]);
    test.at = new Date("2026-11-23T15:00:00Z");
    await run();
    expect(await states()).toEqual([["A source went quiet: github.audit", "open", 1]]);
  });

  it("is none while the silence may be ours: after the start, and while what was received waits", async () => {
    await spoke("okta.system", new Date(NOW.getTime() - 5 * HOUR));
    await run({ runningSince: new Date(NOW.getTime() - 50 * MINUTE) });
    await run({ isBehind: () => true });
    expect(await found()).toEqual([]);
  });
});

describe("a collector that fails", () => {
  const collector = (change: { problem?: string | null; success?: Date | null; paused?: boolean }) =>
    test.pool.query(
      `INSERT INTO collectors (id, source, kind, url, paused, problem, last_success_at, created_at) VALUES ('c1', 'okta.system', 'sqs', 'https://sqs.example.com/111122223333/trail', $1, $2, $3, '2026-11-01')
       ON CONFLICT (id) DO UPDATE SET paused = excluded.paused, problem = excluded.problem, last_success_at = excluded.last_success_at`,
      [change.paused ?? false, change.problem ?? null, change.success ?? null],
    );
  const TITLE = "A collector fails: okta.system from https://sqs.example.com/111122223333/trail";

  it("says so, and its source is not called quiet", async () => {
    const success = new Date(NOW.getTime() - 5 * HOUR);
    await spoke("okta.system", success);
    await collector({ problem: "The queue may not be read.", success });
    await run();
    expect(await states()).toEqual([[TITLE, "open", 1]]);
    expect((await found())[0]!["rule"]).toMatchObject({ description: expect.stringMatching(/says why\. The queue may not be read\.$/) as string });

    await collector({ success: test.at });
    later(5 * MINUTE);
    await run();
    expect(await states()).toEqual([[TITLE, "resolved", 1], ["A source went quiet: okta.system", "open", 1]]);
  });

  it("is given an hour, and is over when it is paused or removed", async () => {
    await collector({ problem: "Wait.", success: new Date(NOW.getTime() - 50 * MINUTE) });
    await run();
    expect(await found()).toEqual([]);
    later(20 * MINUTE);
    await run();
    expect(await states()).toEqual([[TITLE, "open", 1]]);
    await collector({ problem: "Wait.", paused: true });
    await run();
    expect(await states()).toEqual([[TITLE, "resolved", 1]]);
    await collector({ problem: "Wait.", success: new Date(NOW.getTime() - 50 * MINUTE) });
    later(2 * HOUR);
    await run();
    expect(await states()).toEqual([[TITLE, "open", 1]]);
    await test.pool.query("DELETE FROM collectors");
    await run();
    expect(await states()).toEqual([[TITLE, "resolved", 1]]);
  });
});

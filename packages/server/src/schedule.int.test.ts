import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished, vi } from "vitest";
import type { AlertSetup } from "@corduroy/core/alerts";
import { audit, headsFolder, listAudit } from "@corduroy/core/identity";
import { LakeCheck, startIngest } from "@corduroy/core/ingest";
import { openJobs } from "@corduroy/core/jobs";
import { testDatabase } from "@corduroy/core/store/test";
import { startSchedule, tasksOf } from "./schedule.ts";

const test = testDatabase();

it("does everything that it lists, and seals the audit where it is told to", async () => {
  const heads = mkdtempSync(join(tmpdir(), "corduroy-heads-"));
  onTestFinished(() => rmSync(heads, { recursive: true }));
  await audit(test.ctx(), { action: "findings.triage", resource: { type: "Finding", id: "f1" } });
  await test.pool.query("INSERT INTO receipts (sender, source, key, id, bytes, at) VALUES ('t', 's', 'old', 'r1', 1, '2026-11-01'), ('t', 's', 'new', 'r2', 1, '2026-11-20')");
  const ingest = await startIngest({ ...test.ctx(), now: () => test.at }, {
    folder: heads, rules: [], workerEntry: fileURLToPath(new URL("../../cli/dist/worker.mjs", import.meta.url)), workers: 1, onFindings: async () => undefined, onTrouble: () => undefined,
    belongs: () => ({ team: null, service: null, environment: "unknown", tier: null, unclear: null }),
  });
  onTestFinished(() => ingest.close());
  const published = join(heads, "heads");
  mkdirSync(published);
  const check = new LakeCheck(ingest.lake, () => undefined, new AbortController().signal);
  const tasks = tasksOf({ sealing: { key: generateKeyPairSync("ed25519").privateKey, publish: headsFolder(published) }, alerts: {} as AlertSetup, onChanged: () => undefined, upkeep: ingest.upkeep, check, receiver: ingest.receiver, watch: { isBehind: () => false, runningSince: test.at } });
  expect(new Set(tasks.map(({ name }) => name)).size).toBe(tasks.length);
  for (const { run } of tasks) await run(test.ctx());
  expect(check.last?.checked).toMatchObject({ parts: 0, problems: [] });
  // What changed nothing leaves no row, but that somebody looked is worth one.
  expect((await listAudit(test.ctx(), { action: "lake.maintain" })).items).toMatchObject([{ actor: { name: "test" }, detail: { verb: "check", parts: 0, problems: 0 } }]);
  expect(readdirSync(published)).toEqual(["head-000000000001.json"]);
  expect((await test.pool.query("SELECT key FROM receipts")).rows).toEqual([{ key: "new" }]);
});

it.each(["end-suppressions", "expire-acceptances"])("tells browsers and teams of what comes back by %s", async (name) => {
  await test.pool.query("TRUNCATE findings, finding_events, suppressions");
  const finding = { id: "f1", state: name === "expire-acceptances" ? "accepted" : "open", suppressed: name === "end-suppressions" ? "s1" : null };
  if (finding.suppressed !== null) await test.pool.query("INSERT INTO suppressions (id, reason, rule, expires_at, created_at, created_by_kind, created_by_id, created_by_name) VALUES ('s1', 'Known.', 'r1', $1, $1, 'user', 'u1', 'Rana')", [new Date(test.at.getTime() - 1)]);
  await test.pool.query(
    `INSERT INTO findings (id, rule_id, rule, entity_kind, entity_key, entity_name, title, level, count, first_seen, last_seen, window_start, evidence, state, priority, priority_why, environment, accepted_until, suppressed_by, opened_at, changed_at)
     VALUES ($1, 'r1', '{}', 'user', 'user:dana', 'dana', 'A finding', 'high', 1, $4, $4, $4, '{"tallies":{"accounts":{}},"hours":{},"samples":[]}', $2, 'p2', 'high', 'production', $4, $3, $4, $4)`,
    [finding.id, finding.state, finding.suppressed, test.at],
  );
  const [jobs, changed] = [[] as unknown[], [] as string[]];
  const alerts = { jobs: { send: async (_ctx, queue, data) => void jobs.push([queue, data]) } } as Pick<AlertSetup, "jobs"> as AlertSetup;
  const task = tasksOf({ sealing: {} as Parameters<typeof tasksOf>[0]["sealing"], alerts, onChanged: (ids) => void changed.push(...ids), upkeep: {} as Parameters<typeof tasksOf>[0]["upkeep"], check: {} as LakeCheck, receiver: {} as Parameters<typeof tasksOf>[0]["receiver"], watch: {} as Parameters<typeof tasksOf>[0]["watch"] }).find((each) => each.name === name)!;
  await task.run(test.ctx());
  expect(changed).toEqual(["f1"]);
  expect(jobs).toEqual([["alerts.route", { findings: [{ id: "f1", openedAt: test.at }], to: "team" }]]);
});

it("tells teams and browsers of a source that went quiet", async () => {
  await test.pool.query("TRUNCATE findings, finding_events, suppressions");
  await test.pool.query("INSERT INTO intake_hours (source, hour, read, stored, duplicate, dead, bytes, last_received_at, lag_ms) SELECT 'okta.system', hour, 1, 1, 0, 0, 1, hour + interval '59 minutes', 1000 FROM generate_series($1::timestamptz - interval '9 days', $1::timestamptz - interval '6 hours', interval '1 hour') AS hour", [test.at]);
  const [jobs, changed] = [[] as unknown[], [] as string[]];
  const alerts = { belongs: () => ({ team: "security", service: null, environment: "production", tier: null, unclear: null }), jobs: { send: async (_ctx, queue, data) => void jobs.push([queue, data]) } } as Pick<AlertSetup, "jobs" | "belongs"> as AlertSetup;
  const watch = { isBehind: () => false, runningSince: new Date(test.at.getTime() - 86_400_000) };
  const task = tasksOf({ sealing: {} as Parameters<typeof tasksOf>[0]["sealing"], alerts, onChanged: (ids) => void changed.push(...ids), upkeep: {} as Parameters<typeof tasksOf>[0]["upkeep"], check: {} as LakeCheck, receiver: {} as Parameters<typeof tasksOf>[0]["receiver"], watch }).find(({ name }) => name === "watch-sources")!;
  await task.run(test.ctx());
  expect((await test.pool.query("SELECT id, team, title FROM findings")).rows).toEqual([{ id: changed[0], team: "security", title: "A source went quiet: okta.system" }]);
  expect(jobs).toEqual([["alerts.route", { findings: [{ id: changed[0], openedAt: test.at }], to: "team" }]]);
});

it("does each task as itself", async () => {
  const jobs = await openJobs(test, { onTrouble: () => undefined });
  onTestFinished(() => jobs.close());
  const actors: unknown[] = [];
  await startSchedule(test.ctx(), jobs, [{ name: "tick", cron: "* * * * * *", run: async ({ actor }) => void actors.push(actor) }]);
  await vi.waitFor(() => expect(actors[0]).toEqual({ kind: "system", name: "tick" }), { timeout: 30_000 });
});

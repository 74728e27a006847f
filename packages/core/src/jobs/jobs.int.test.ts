import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it, vi } from "vitest";
import { Unavailable } from "../kernel/index.ts";
import { inTransaction, openDatabase, startPostgres, type Database } from "../store/index.ts";
import { testDatabase } from "../store/test/index.ts";
import { openJobs, type Jobs } from "./index.ts";
import { runId } from "./runId.ts";

const test = testDatabase();
const LONG = { timeout: 60_000, interval: 20 };
const troubles: string[] = [];
const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
  troubles.length = 0;
});

async function opened(database: Database = test): Promise<Jobs> {
  const jobs = await openJobs(database, { onTrouble: (text) => troubles.push(text) });
  ending.push(() => jobs.close());
  return jobs;
}
const ask = async (sql: string): Promise<Record<string, unknown>[]> => (await test.pool.query(sql)).rows as Record<string, unknown>[];
/** What waits for its next try is due now. */
const hurry = (queue: string): Promise<unknown> => test.pool.query("UPDATE pgboss.job SET start_after = now() - interval '1 second' WHERE name = $1 AND state = 'retry'", [queue]);

it("sets one database up from several processes at once, and does not twice", async () => {
  await test.pool.query("DROP SCHEMA IF EXISTS pgboss CASCADE");
  const several = await Promise.all(Array.from({ length: 4 }, () => opened()));
  await Promise.all(several.map((jobs) => jobs.work("together", async () => undefined)));
  expect(await ask("SELECT name FROM pgboss.queue ORDER BY name")).toEqual([{ name: "dead" }, { name: "together" }]);
});

it("does a job exactly if the change it follows from was committed", async () => {
  const jobs = await opened();
  const done: unknown[] = [];
  await jobs.work("outbox", async (data) => void done.push(data));
  const undone = inTransaction(test.ctx(), async (inside) => {
    await jobs.send(inside, "outbox", { n: 1 });
    throw new Error("rolled back");
  });
  await expect(undone).rejects.toThrow("rolled back");
  await inTransaction(test.ctx(), async (inside) => {
    await jobs.send(inside, "outbox", { n: 2 });
    expect(await ask("SELECT count(*) FROM pgboss.job WHERE name = 'outbox'")).toEqual([{ count: 0 }]);
  });
  await vi.waitFor(() => expect(done).toEqual([{ n: 2 }]), LONG);
  await expect(jobs.send(test.ctx(), "nobody", {})).rejects.toThrow("Nobody has ever worked");
});

it("tries again what failed, and keeps what keeps failing", async () => {
  const jobs = await opened();
  let tries = 0;
  await jobs.work("weak", async () => {
    if (++tries !== 2) throw new Unavailable("Not now.");
  });
  await jobs.send(test.ctx(), "weak", { n: 1 });
  await vi.waitFor(async () => expect(await ask("SELECT state, retry_count FROM pgboss.job WHERE name = 'weak'")).toEqual([{ state: "retry", retry_count: 0 }]), LONG);
  await hurry("weak");
  await vi.waitFor(async () => expect(await ask("SELECT state FROM pgboss.job WHERE name = 'weak'")).toEqual([{ state: "completed" }]), LONG);
  await jobs.send(test.ctx(), "weak", { n: 2 });
  await vi.waitFor(async () => expect(await ask("SELECT retry_count FROM pgboss.job WHERE name = 'weak' AND state = 'retry'")).toHaveLength(1), LONG);
  await test.pool.query("UPDATE pgboss.job SET retry_count = 9 WHERE name = 'weak' AND state = 'retry'");
  await hurry("weak");
  await vi.waitFor(async () => expect(await ask("SELECT data, output FROM pgboss.job WHERE name = 'dead'")).toEqual([{ data: { n: 2 }, output: { error: "Not now." } }]), LONG);
  expect(troubles).toEqual(Array.from({ length: 3 }, () => "A job of weak failed: Not now."));
});

it("gives the job of a worker that was killed to another", async () => {
  const root = fileURLToPath(new URL("../../../..", import.meta.url));
  const child = spawn(process.execPath, ["tools/run-ts.mjs", "packages/core/src/jobs/test/killedWorker.ts", JSON.stringify(test.address), "crash"], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const first = await opened();
  await vi.waitFor(() => first.send(test.ctx(), "crash", { n: 7 }), LONG);
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  expect(JSON.parse(said.toString("utf8"))).toEqual({ n: 7 });
  child.kill("SIGKILL");
  await once(child, "exit");
  // Two minutes without a sign.
  await test.pool.query("UPDATE pgboss.job SET started_on = now() - interval '2 minutes' WHERE name = 'crash'");
  const done: unknown[] = [];
  await (await opened()).work("crash", async (data) => void done.push(data));
  await vi.waitFor(async () => expect(await ask("SELECT 1 FROM pgboss.job WHERE name = 'crash' AND state = 'retry'")).toHaveLength(1), LONG);
  await hurry("crash");
  await vi.waitFor(() => expect(done).toEqual([{ n: 7 }]), LONG);
});

it("runs a schedule once a time and one run at a time, whatever the number of processes", async () => {
  const several = [await opened(), await opened()];
  const runs: string[] = [];
  let running = 0;
  let most = 0;
  const handler = async (): Promise<void> => {
    most = Math.max(most, ++running);
    await test.pool.query("SELECT pg_sleep(1.2)");
    runs.push("done");
    running--;
  };
  for (const jobs of several) await jobs.schedule("beat", "* * * * * *", handler);
  await vi.waitFor(() => expect(runs.length).toBeGreaterThanOrEqual(3), LONG);
  expect(most).toBe(1);
  const [counts] = await ask("SELECT count(*) AS jobs, count(DISTINCT date_trunc('second', created_on)) AS times FROM pgboss.job WHERE name = 'schedule.beat'");
  expect(counts!["jobs"]).toBe(counts!["times"]);
  await expect(several[0]!.schedule("wrong", "every day", handler)).rejects.toThrow(TypeError);
});

it("goes on with a schedule after the clock was set back to times that it has had", async () => {
  const jobs = await opened();
  const runs: string[] = [];
  await jobs.schedule("again", "* * * * * *", async () => void runs.push("done"));
  await vi.waitFor(() => expect(runs.length).toBeGreaterThan(0), LONG);
  // As an hour that is over leaves it behind: each time has had its run.
  const from = Date.now();
  const had = Array.from({ length: 3_600 }, (_, second) => new Date(from + second * 1_000)).map((time) => ({ id: runId("schedule.again", time), time: time.toISOString() }));
  await test.pool.query("INSERT INTO pgboss.job (id, name, data, state) SELECT id::uuid, 'schedule.again', jsonb_build_object('time', time), 'completed' FROM unnest($1::text[], $2::text[]) AS had(id, time) ON CONFLICT DO NOTHING", [had.map(({ id }) => id), had.map(({ time }) => time)]);
  const before = runs.length;
  await vi.waitFor(() => expect(runs.length).toBeGreaterThan(before + 1), LONG);
});

it("goes on after the clock was set back while a run waited, or was killed, and with what waits for another try", async () => {
  const first = await opened();
  for (const name of ["waiting", "killed"]) await first.schedule(name, "0 0 1 1 *", async () => undefined);
  await first.work("tries", async () => undefined);
  await first.close();
  // As the clock leaves it behind that was a day further.
  await test.pool.query(`INSERT INTO pgboss.job (name, policy, state, start_after, started_on) VALUES
    ('schedule.waiting', 'stately', 'created', now() + interval '1 day', NULL), ('schedule.killed', 'stately', 'active', now() + interval '1 day', now() + interval '1 day')`);
  await test.pool.query(`INSERT INTO pgboss.job (name, state, data, start_after, expire_in) VALUES
    ('tries', 'retry', '{"n":1}', now() + interval '1 day', '60 s'), ('tries', 'retry', '{"n":2}', now() + interval '34 minutes', '60 s')`);
  const jobs = await opened();
  const runs = { waiting: 0, killed: 0, tries: [] as unknown[] };
  for (const name of ["waiting", "killed"] as const) await jobs.schedule(name, "* * * * * *", async () => void runs[name]++);
  await jobs.work("tries", async (data) => void runs.tries.push(data));
  await vi.waitFor(() => expect(runs.waiting).toBeGreaterThan(1), LONG);
  await vi.waitFor(() => expect(runs.tries).toEqual([{ n: 1 }]), LONG);
  await vi.waitFor(async () => expect(await ask("SELECT 1 FROM pgboss.job WHERE name = 'schedule.killed' AND started_on > now()")).toEqual([]), LONG);
  // An hour without a sign.
  await test.pool.query("UPDATE pgboss.job SET started_on = now() - interval '1 hour' WHERE name = 'schedule.killed' AND state = 'active'");
  await opened();
  await vi.waitFor(() => expect(runs.killed).toBeGreaterThan(1), LONG);
});

it("goes on by itself after the database was away", async () => {
  const folder = mkdtempSync(join(tmpdir(), "corduroy-pg-"));
  chmodSync(folder, 0o711);
  ending.push(async () => rmSync(folder, { recursive: true, force: true }));
  const server = await startPostgres({ folder: join(folder, "postgres"), passwordFile: join(folder, "password"), sync: false });
  ending.push(() => server.stop());
  const database = openDatabase({ ...server.address, database: "postgres" });
  ending.push(() => database.close());
  const jobs = await opened(database);
  const done: unknown[] = [];
  let killed = false;
  await jobs.work("hiccup", async (data) => {
    done.push(data);
    if (killed) return;
    killed = true;
    process.kill(server.pid()!, "SIGKILL");
    // It is gone when the job is done: that can be noted only when it is back.
    await vi.waitFor(() => expect(database.pool.query("SELECT 1")).rejects.toThrow(), { ...LONG, interval: 0 });
  });
  const ctx = { ...test.ctx(), db: database.db };
  await jobs.send(ctx, "hiccup", { n: 1 });
  await vi.waitFor(() => expect(killed).toBe(true), LONG);
  await vi.waitFor(() => jobs.send(ctx, "hiccup", { n: 2 }), LONG);
  await vi.waitFor(() => expect(done).toEqual([{ n: 1 }, { n: 2 }]), LONG);
  await vi.waitFor(async () => expect((await database.pool.query("SELECT state FROM pgboss.job WHERE name = 'hiccup'")).rows).toEqual([{ state: "completed" }, { state: "completed" }]), LONG);
});

it("ends the job at hand before it closes", async () => {
  const jobs = await openJobs(test, { onTrouble: (text) => troubles.push(text) });
  let finish!: () => void;
  const begun = new Promise<void>((begin) => {
    void jobs.work("closing", () => new Promise<void>((resolve) => {
      finish = resolve;
      begin();
    })).then(() => jobs.send(test.ctx(), "closing", {}));
  });
  await begun;
  const closed = jobs.close();
  finish();
  await closed;
  expect(await ask("SELECT state FROM pgboss.job WHERE name = 'closing'")).toEqual([{ state: "completed" }]);
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Invalid, NotFound, Unavailable } from "../kernel/index.ts";
import { openLake, readLake } from "../lake/index.ts";
import { query, type QueryOptions } from "./query.ts";
import { ANALYTIC } from "./test/analytic.ts";
import { isAlive } from "./test/is-alive.ts";
import { EVERYTHING } from "./sight.ts";
import { makeSampleLake, sampleViews } from "./test/sample-lake.ts";

const childEntry = new URL("../../../cli/dist/query-child.mjs", import.meta.url);
/** A request that keeps a child busy. */
const endless = { folder: "/", sql: "select count(*) from range(10000000000000)", views: [], sight: EVERYTHING, format: "csv", maxRows: null, width: 80, forTerminal: false, mayStayRoot: true, limits: { seconds: 600, memoryMb: 256, temporaryMb: 64, threads: 1 } };
let home: string;
let lake: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "corduroy-query-test-"));
  lake = join(home, "lake");
  await makeSampleLake(lake);
});
afterAll(() => rm(home, { recursive: true, force: true }));

async function ask(sql: string, changes: Partial<QueryOptions> = {}, folder = lake): Promise<{ output: string; rows: number; more: boolean }> {
  const output = new PassThrough();
  const written = text(output);
  try {
    const end = await query(await readLake(folder), sql, { childEntry, views: sampleViews, sight: EVERYTHING, format: "ndjson", output, maxRows: null, width: 80, forTerminal: false, mayStayRoot: true, ...changes });
    return { output: await (output.end(), written), ...end };
  } finally {
    output.end();
  }
}

describe("analytic queries", () => {
  it("all answer as they should", async () => {
    const wrong: unknown[] = [];
    let next = 0;
    const worker = async () => {
      for (let item = ANALYTIC[next++]; item !== undefined; item = ANALYTIC[next++]) {
        const [sql, answer] = item;
        try {
          const { output } = await ask(sql);
          const rows = output.split("\n").filter(Boolean).map((line) => JSON.parse(line) as unknown);
          if (answer !== null) expect(rows).toEqual(answer);
        } catch (error) {
          wrong.push({ sql, error });
        }
      }
    };
    await Promise.all([worker(), worker()]);
    expect(wrong).toEqual([]);
  });
});

describe("a query", () => {
  it("writes a table as wide as the terminal", async () => {
    const { output } = await ask("select event_uid, operation, raw_data, 1 as one from events order by time", { format: "table", width: 60, maxRows: 2 });
    expect(output.split("\n")).toEqual([
      "event_uid     operation  raw_data                        one",
      "────────────  ─────────  ──────────────────────────────  ───",
      '2026-11-17-0  GetObject  {"requestParameters": {"bucke…    1',
      '2026-11-17-1  PutObject  {"requestParameters": {"bucke…    1',
      "",
      "2 rows, and more",
      "",
    ]);
  });

  it("stops at the row limit and says so", async () => {
    expect(await ask("select operation from events", { maxRows: 7 })).toMatchObject({ rows: 7, more: true });
    expect(await ask("select operation from signals s join events e using (time)", { maxRows: 100_000 })).toMatchObject({ more: false });
    expect(await ask("select 1", { maxRows: 0 })).toMatchObject({ rows: 0, more: true });
  });

  it("writes lines that state the kind of each column, also without a row", async () => {
    const sql = "select count(*) n, max(time) t, max(time)::timestamptz z, max(time)::date d, any_value(raw_data->'$.requestParameters.bucketName') j, [1] l, 'x' x, true b from events where operation = 'AssumeRole'";
    const { output } = await ask(`${sql} group by all`, { format: "lines" });
    const types = ["number", "time", "time", "time", "json", "json", "text", "text"];
    const columns = ["n", "t", "z", "d", "j", "l", "x", "b"].map((name, index) => ({ name, type: types[index] }));
    expect(output.split("\n").filter(Boolean).map((line) => JSON.parse(line) as unknown)).toEqual([
      { columns },
      { row: [333, "2026-11-19T00:02:00Z", "2026-11-19T00:02:00Z", "2026-11-19", expect.stringMatching(/^b\d$/) as unknown, [1], "x", true] },
    ]);
    expect(await ask(`select * from (${sql} group by all) where n < 0`, { format: "lines" })).toMatchObject({ rows: 0, output: `${JSON.stringify({ columns })}\n` });
  });

  it("is ended by its signal, before and while it runs", async () => {
    const sql = "select range from range(10000000000)";
    await expect(ask(sql, { signal: AbortSignal.abort() })).rejects.toThrow("The query was cancelled.");
    const ending = new AbortController();
    const output = new Writable({ write: (_, __, done) => (ending.abort(), done()) });
    await expect(ask(sql, { signal: ending.signal, output })).rejects.toThrow("The query was cancelled.");
    expect(output.destroyed).toBe(false);
  });

  it("streams rows without gathering them", async () => {
    let bytes = 0;
    const output = new Writable({ write: (chunk: Buffer, _, done) => ((bytes += chunk.length), done()) });
    const before = process.memoryUsage.rss();
    const { rows } = await ask("select range as n, 'a text of some length, so that it counts' as t from range(500000)", { output, format: "csv", limits: { memoryMb: 128 } });
    expect(rows).toBe(500_000);
    expect(bytes).toBeGreaterThan(24_000_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000);
  });

  it("ends quietly when its reader has had enough", async () => {
    const output = new Writable({ write: (_, __, done) => done() });
    output.once("pipe", () => setImmediate(() => output.destroy()));
    expect(await ask("select * from range(1000000000)", { output })).toMatchObject({ more: true });
  });

  it("says which column was meant, without a path of ours", async () => {
    const attempt = ask("select opertion\nfrom events");
    await expect(attempt).rejects.toThrow(Invalid);
    await expect(attempt).rejects.toMatchObject({ hint: expect.stringMatching(/^Did you mean operation/) as unknown });
    await expect(attempt).rejects.toThrow(/LINE 1: select opertion\n {8}/);
    const failing = ask("select error(raw_data) from events");
    await expect(failing).rejects.toThrow(/requestParameters/);
    await expect(ask("select * from event")).rejects.toMatchObject({ message: expect.stringContaining("There is no table event.") as unknown, hint: expect.stringContaining("Did you mean events?") as unknown });
  });

  it("never passes part of an answer off as the whole: a failure in the middle is an error, with its reason", async () => {
    const bad = "case when range = 1000000 then 'x' else '1' end";
    await expect(ask(`select ${bad}::int from range(2000000); -- and so on`)).rejects.toThrow(/^Conversion Error: Could not convert string 'x' to INT32/);
    await expect(ask(`from range(2000000) select error('boom ' || range) where range = 1000000 or range < 10 order by range % 10`)).rejects.toThrow(/boom/);
    await expect(ask(`select range, repeat('x', case when range = 900000 then 4000000000 else 1 end) from range(1000000)`, { limits: { memoryMb: 256 } })).rejects.toThrow(Unavailable);
    expect(await ask(`select ${bad}::int from range(2000000)`, { maxRows: 5 })).toMatchObject({ rows: 5, more: true });
  });

  it("shows control characters in messages instead of sending them", async () => {
    await expect(ask("select error('\u001b[31mred')")).rejects.toThrow("\\u{1B}[31mred");
  });

  it("reads an empty lake: views have their columns and no rows", async () => {
    const empty = join(home, "empty");
    await (await openLake(empty, { create: true })).close();
    expect(await ask("select count(*) n, max(time) t from events", {}, empty)).toMatchObject({ output: '{"n":0,"t":null}\n' });
    expect(await ask("select request from aws_cloudtrail", { format: "json" }, empty)).toMatchObject({ output: "[]\n", rows: 0 });
    await expect(ask("select 1", {}, join(home, "nothing"))).rejects.toThrow(NotFound);
  });

  it("says so when a part is gone", async () => {
    const damaged = join(home, "damaged");
    await makeSampleLake(damaged);
    await rm(join(damaged, "signals"), { recursive: true });
    await expect(ask("select * from signals", {}, damaged)).rejects.toThrow(/signals\/day=2026-11-18\//);
    await expect(ask("select * from signals", {}, damaged)).rejects.not.toThrow(home);
    expect(await ask("select count(*) n from events", {}, damaged)).toMatchObject({ output: '{"n":1003}\n' });
  });

  it.runIf(process.getuid?.() === 0 && process.platform === "linux").each([
    ["a user without rights", 0o755, 65_533],
    ["root", 0o700, 0],
  ])("started by root, runs as %s where the folder has mode %i", async (_, mode, user) => {
    const folder = await mkdtemp(join(tmpdir(), "corduroy-modes-"));
    const temporary = join(folder, "temporary");
    await mkdir(temporary);
    await chmod(folder, mode);
    const child = spawn(process.execPath, [fileURLToPath(childEntry)], { stdio: ["pipe", "ignore", "inherit", "ipc"] });
    child.stdin?.end(JSON.stringify({ ...endless, folder, temporary }));
    await once(child, "message");
    const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
    for (const kind of ["Uid", "Gid"]) expect(status).toMatch(new RegExp(`^${kind}:(\\s+${user}){4}$`, "m"));
    child.kill("SIGKILL");
    await once(child, "exit");
    await rm(folder, { recursive: true, force: true });
  });

  it.runIf(process.getuid?.() === 0 && process.platform !== "win32")("of a service cannot reach what root alone may read, and runs as a user without rights or not at all", async () => {
    const data = await mkdtemp(join(tmpdir(), "corduroy-data-"));
    await makeSampleLake(join(data, "lake"));
    await mkdir(join(data, "secrets"), { mode: 0o700 });
    await writeFile(join(data, "secrets", "key"), "a key");
    await chmod(data, 0o711);
    expect(await ask("select count(*) n from events", { mayStayRoot: false }, join(data, "lake"))).toMatchObject({ output: '{"n":1003}\n' });
    await symlink(join(data, "secrets", "key"), join(data, "lake", "key.parquet"));
    const part = { ...(await readLake(join(data, "lake"))).parts[0]!, path: "key.parquet" };
    const attempt = query({ folder: join(data, "lake"), parts: [part] }, "select 1", { childEntry, views: sampleViews, sight: EVERYTHING, format: "csv", output: new PassThrough(), maxRows: null, width: 80, forTerminal: false, mayStayRoot: false });
    await expect(attempt).rejects.toThrow("cannot be read by the user without rights");
    await rm(data, { recursive: true });
  });

  it("leaves no temporary folder", async () => {
    const folder = join(home, "temporary");
    await mkdir(folder);
    vi.stubEnv("TMPDIR", folder);
    await ask("select 1");
    await expect(ask("select x")).rejects.toThrow(Invalid);
    expect(await readdir(folder)).toEqual([]);
    vi.unstubAllEnvs();
  });

  it.each(["full", "gone"])("dies with its parent, its temporary folder being %s", async (state) => {
    const temporary = join(home, state);
    await mkdir(join(temporary, "of the engine"), { recursive: true });
    const program = `
      const { spawn } = require("node:child_process");
      const request = ${JSON.stringify({ ...endless, temporary })};
      const child = spawn(process.execPath, [${JSON.stringify(fileURLToPath(childEntry))}], { stdio: ["pipe", "ignore", "ignore", "ipc"] });
      child.stdin.end(JSON.stringify(request));
      child.once("message", () => console.log(child.pid));`;
    const parent = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const child = Number(line.toString());
    expect(isAlive(child)).toBe(true);
    if (state === "gone") await rm(temporary, { recursive: true });
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await expect.poll(() => isAlive(child), { timeout: 30_000 }).toBe(false);
    if (state === "full") expect(await readdir(temporary)).toEqual([]);
  });
});

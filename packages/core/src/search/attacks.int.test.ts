import { cp, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CorduroyError, Forbidden, Invalid, Unavailable } from "../kernel/index.ts";
import { readLake } from "../lake/index.ts";
import { startClock } from "./clock.ts";
import { explainFailure } from "./failure.ts";
import type { QueryRequest } from "./protocol.ts";
import { query, type QueryOptions } from "./query.ts";
import { runQuery } from "./run-query.ts";
import { openSandbox } from "./sandbox.ts";
import { createView, type FilledView } from "./views.ts";
import { BOMBS, HARMFUL, SENSELESS } from "./test/attacks.ts";
import { EVERYTHING } from "./sight.ts";
import { makeSampleLake, sampleViews } from "./test/sample-lake.ts";

const childEntry = new URL("../../../cli/dist/query-child.mjs", import.meta.url);
const limits = { seconds: 2, memoryMb: 256, temporaryMb: 64, threads: 1 };
const SECRET = "a secret outside the lake";
let home: string;
let lake: string;
let request: QueryRequest;
let filesBefore: string[];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "corduroy-attacks-"));
  lake = join(home, "lake");
  await makeSampleLake(lake);
  await writeFile(join(home, "secret.csv"), `${SECRET}\n`);
  const temporary = join(home, "temporary");
  await mkdir(temporary);
  const { folder } = await readLake(lake);
  request = { folder, temporary, sql: "", views: await viewsOf(lake), sight: EVERYTHING, format: "ndjson", maxRows: null, width: 80, forTerminal: false, mayStayRoot: true, limits };
  filesBefore = await files();
});
afterAll(() => rm(home, { recursive: true, force: true }));

async function files(): Promise<string[]> {
  return (await readdir(home, { recursive: true })).toSorted();
}

async function viewsOf(place: string): Promise<FilledView[]> {
  const { folder, parts } = await readLake(place);
  return sampleViews.map((view) => ({ ...view, files: parts.filter(({ kind, source }) => kind === view.kind && (view.source === null || source === view.source)).map(({ path, first, last }) => ({ path: join(folder, path), first, last })) }));
}

const filledIn = (sql: string, place = home) => sql.replaceAll("FILE", join(place, "secret.csv")).replaceAll("LAKE", join(place, "lake"));
const shown = (sql: string) => (sql.length > 100 ? `${sql.slice(0, 60)}… (${sql.length} characters)` : JSON.stringify(sql));

/** Runs a statement as the child does, in this process. */
async function runHere(sql: string): Promise<string> {
  const output = new PassThrough({ highWaterMark: 100_000_000 });
  const clock = startClock(60, () => undefined);
  await runQuery({ ...request, sql: filledIn(sql) }, output, clock.timed);
  return String(output.read() ?? "");
}

/** What stands in the engine that nobody has locked, so that statements find something. */
const BEFORE = ["CREATE SEQUENCE s", "CREATE TABLE notes (a VARCHAR)", "PREPARE p AS SELECT 1", "SET VARIABLE x = 1", "SET VARIABLE secret = 'FILE'"];

/** Runs a statement as an engine does that nobody has locked, on a copy of everything. */
async function runUnprotected(sql: string): Promise<void> {
  const copy = await realpath(await mkdtemp(join(tmpdir(), "corduroy-unprotected-")));
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1", memory_limit: "256MB", temp_directory: join(copy, "temporary"), autoinstall_known_extensions: "false" })).connect();
  try {
    await cp(home, copy, { recursive: true });
    await connection.run(filledIn("EXPORT DATABASE 'LAKE/exported'", copy));
    for (const view of await viewsOf(join(copy, "lake"))) await createView(connection, view, EVERYTHING);
    for (const statement of [...BEFORE, sql]) await (await connection.run(filledIn(statement, copy))).getRows();
  } finally {
    connection.closeSync();
    await rm(copy, { recursive: true });
  }
}

describe("hostile statements", () => {
  it.each(HARMFUL.map((sql) => [shown(sql), sql]))("would work without the sandbox: %s", async (_, sql) => {
    await expect(runUnprotected(sql)).resolves.toBeUndefined();
  });

  it.each([...HARMFUL, ...SENSELESS].map((sql) => [shown(sql), sql]))("refuses %s", async (_, sql) => {
    const error: unknown = await runHere(sql).then((text) => `it ran: ${text.slice(0, 200)}`, (reason: unknown) => reason);
    const news = error instanceof Error ? explainFailure(error, request, false) : undefined;
    expect(error).toBeInstanceOf(CorduroyError);
    expect(error instanceof Forbidden || error instanceof Invalid).toBe(true);
    expect(news?.message).toMatch(/\w.{10,}/);
    expect(news?.message).not.toContain(SECRET);
    expect(await files()).toEqual(filesBefore);
  });

  it("cannot open a file outside the lake even if the check of the statement let it through", async () => {
    const { connection } = await openSandbox({ ...request, sql: "select 1" }, (_, work) => work());
    const attempts = ["FROM read_text('FILE')", "FROM 'FILE'", "FROM glob('/etc/*')", "COPY (SELECT 1) TO 'FILE'", "ATTACH 'FILE.db'", "LOAD httpfs", "SET enable_external_access = true", "SET memory_limit = '1TB'"];
    for (const sql of attempts) await expect(connection.run(filledIn(sql)), sql).rejects.toThrow(/permission|disabled|locked|external|cannot/i);
    expect(await files()).toEqual(filesBefore);
  });
});

describe("statements that want too much", () => {
  const options: QueryOptions = { childEntry, views: sampleViews, sight: EVERYTHING, format: "ndjson", output: new PassThrough(), maxRows: null, width: 80, forTerminal: false, mayStayRoot: true, limits };

  it.each(BOMBS.map(({ small }) => small))("answers %s", async (small) => {
    await expect(runUnprotected(small)).resolves.toBeUndefined();
    expect(await runHere(small)).not.toBe("");
  });

  it.each(BOMBS.map(({ large }) => large))("stops %s", async (sql) => {
    const error: unknown = await query(await readLake(lake), sql, { ...options, limits: { ...limits, seconds: 1 }, output: new PassThrough().resume() }).then((end) => end, (reason: unknown) => reason);
    expect(error instanceof Unavailable || error instanceof Invalid, String(error)).toBe(true);
    expect(String(error)).toMatch(/stopped|string of size|too large|more than/i);
    expect(await files()).toEqual(filesBefore);
  });

  it("refuses through the child as well, and says where", async () => {
    const attempt = query(await readLake(lake), filledIn("select *\nfrom read_text('FILE')"), options);
    await expect(attempt).rejects.toThrow(Forbidden);
    await expect(attempt).rejects.toThrow("LINE 2: from read_text(");
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { testDatabase } from "../store/test/index.ts";
import { digestOf } from "./digest.ts";
import { currentParts } from "./postgres-manifest.ts";
import { openServiceLake } from "./service-lake.ts";
import { batches, intents, parts } from "./tables.ts";
import { bundleProgram } from "./test/bundle.ts";
import { seededRandom } from "./test/seeded-random.ts";
import { temporaryFolders } from "./test/temporary-folder.ts";
import { rowsOf } from "./test/text-parts.ts";

const STEP = Number(process.env["CORDUROY_KILL_STEP"] ?? 25);
const SEED = Number(process.env["CORDUROY_KILL_SEED"] ?? Date.now() % 1_000_000);
const newFolder = temporaryFolders();
const database = testDatabase();
let program: string;

beforeAll(async () => {
  program = await bundleProgram(await newFolder(), new URL("test/service-writer.ts", import.meta.url), { "node:fs/promises": new URL("test/dying-files.ts", import.meta.url) });
});

/** Runs a service until it ends, in whichever way. */
async function run(lake: string, first: number, count: number, dieAt: { file?: number; query?: number; line?: number }): Promise<{ acknowledged: string[]; killed: boolean }> {
  const env = { ...process.env, DIE_AT: String(dieAt.file ?? Infinity), DIE_AT_QUERY: String(dieAt.query ?? Infinity) };
  const child = spawn(process.execPath, [program, JSON.stringify(database.address), lake, String(first), String(count)], { env, stdio: ["ignore", "pipe", "pipe"] });
  const acknowledged: string[] = [];
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  createInterface({ input: child.stdout }).on("line", (line) => {
    acknowledged.push(line);
    if (acknowledged.length === dieAt.line) child.kill("SIGKILL");
  });
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  const connected = sql`SELECT 1 FROM pg_stat_activity WHERE application_name = 'service-writer'`;
  while ((await database.db.execute(connected)).rows.length > 0) await new Promise(setImmediate);
  expect(complaint).toBe("");
  return { acknowledged, killed: signal === "SIGKILL" };
}

/** What must hold once the next one has opened the lake. */
async function checkRecovered(folder: string, acknowledged: readonly string[]): Promise<void> {
  const lake = await openServiceLake(database.ctx(), folder);
  const current = await currentParts(database.db);
  const rows = (await rowsOf(lake.folder, current)).filter((row) => !row.startsWith("old"));
  const committed = new Set((await database.db.select({ id: batches.id }).from(batches)).map(({ id }) => id).filter((id) => id.startsWith("batch-")));
  expect(acknowledged.filter((id) => !committed.has(id)), "acknowledged and lost").toEqual([]);
  expect(rows, "each row of each batch once").toEqual([...committed].flatMap((id) => [`${id}/0`, `${id}/1`, `${id}/2`]).toSorted());
  for (const { path, bytes, digest } of current) expect([path, (await stat(join(lake.folder, path))).size, await digestOf(join(lake.folder, path))]).toEqual([path, bytes, digest]);
  const known = (await database.db.select({ path: parts.path }).from(parts)).map(({ path }) => path);
  expect((await filesBelow(lake.folder)).filter((path) => path.endsWith(".parquet") && !known.includes(path)), "orphans").toEqual([]);
  expect(await readdir(lake.staging)).toEqual([]);
  expect(await database.db.select().from(intents)).toEqual([]);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

async function newLake(): Promise<string> {
  for (const table of [batches, intents, parts]) await database.db.delete(table);
  return join(await newFolder(), "lake");
}

describe("a service that is killed while it commits, compacts and retires", () => {
  it.each(["file", "query"] as const)("at any one %s operation loses nothing, shows nothing twice and leaves nothing half done", async (kind) => {
    let point = 1 + (SEED % STEP);
    for (let killed = true; killed; point += STEP) {
      const lake = await newLake();
      const first = await run(lake, 0, 10, { [kind]: point });
      // The one that cleans up after it dies as well, a little later.
      const second = await run(lake, 100, 10, { [kind]: Math.ceil(point / 3) });
      await checkRecovered(lake, [...first.acknowledged, ...second.acknowledged]).catch((error: unknown) => {
        throw new Error(`killed before ${kind} operation ${point} (seed ${SEED})`, { cause: error });
      });
      ({ killed } = first);
    }
    expect(point).toBeGreaterThan(100);
  });

  it(`at random moments, again and again (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    const lake = await newLake();
    const acknowledged: string[] = [];
    for (let round = 0; round < 12; round++) {
      const { acknowledged: more } = await run(lake, round * 1_000, 25, { line: 1 + Math.floor(random() * 25) });
      acknowledged.push(...more);
      await checkRecovered(lake, acknowledged);
    }
    expect(acknowledged.length).toBeGreaterThan(12);
  });
});

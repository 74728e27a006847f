import { access, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { Conflict } from "../kernel/index.ts";
import { inTransaction, type DbCtx } from "../store/index.ts";
import { testDatabase } from "../store/test/index.ts";
import { currentParts, openPostgresManifest, type ServiceManifest } from "./postgres-manifest.ts";
import { replaceParts } from "./store.ts";
import { batches, intents, objects, parts } from "./tables.ts";
import { beginWithFiles, committedBatches, manifestConformance, type OpenedManifest } from "./test/manifest-conformance.ts";
import { temporaryFolders } from "./test/temporary-folder.ts";

const newFolder = temporaryFolders();
const database = testDatabase();

async function open(lake: string): Promise<OpenedManifest & { manifest: ServiceManifest }> {
  return {
    manifest: await openPostgresManifest(database.ctx(), lake),
    putFile: async (path, content) => {
      await mkdir(dirname(join(lake, path)), { recursive: true });
      await writeFile(join(lake, path), content);
    },
    hasFile: (path) => access(join(lake, path)).then(() => true, () => false),
  };
}

async function newLake(): Promise<string> {
  for (const table of [batches, intents, objects, parts]) await database.db.delete(table);
  return newFolder();
}

manifestConformance("PostgreSQL", async () => {
  const folder = await newLake();
  return { open: () => open(folder) };
});

const pathsNow = async (): Promise<string[]> => (await currentParts(database.db)).map(({ path }) => path);

async function failing({ db }: DbCtx): Promise<void> {
  await db.delete(batches);
  throw new Error("a finding is wrong");
}

it("commits what goes along in the same transaction, or nothing", async () => {
  const opened = await open(await newLake());
  const batch = await beginWithFiles(opened);
  await expect(opened.manifest.commitWith(batch, failing)).rejects.toThrow("a finding is wrong");
  expect(await committedBatches(opened.manifest)).toEqual([]);
  await opened.manifest.commitWith(batch, async ({ db }) => void (await db.insert(intents).values({ id: "along", paths: [], begunAt: new Date() })));
  expect(await opened.manifest.committed(batch.id)).toBe(true);
  expect(await database.db.select().from(intents)).toMatchObject([{ id: "along" }]);
});

it("replaces parts at once, keeps their files for whoever reads them, and removes them later", async () => {
  const folder = await newLake();
  const opened = await open(folder);
  const [first, second] = [await beginWithFiles(opened), await beginWithFiles(opened)];
  for (const batch of [first, second]) await opened.manifest.commit(batch);
  const old = [first, second].flatMap((batch) => batch.parts.map(({ path }) => path));
  const compacted = await beginWithFiles(opened);
  await opened.manifest.commitWith(compacted, async () => undefined, old);
  expect(await pathsNow()).toEqual(compacted.parts.map(({ path }) => path));
  for (const path of old) expect(await opened.hasFile(path)).toBe(true);
  expect(await opened.manifest.removeReplaced(database.at)).toBe(0);
  expect(await opened.manifest.removeReplaced(new Date(database.at.getTime() + 1))).toBe(2);
  for (const path of old) expect(await opened.hasFile(path)).toBe(false);
  expect(await opened.hasFile(compacted.parts[0]!.path)).toBe(true);
});

it("of two batches that replace the same part one is refused", async () => {
  const opened = await open(await newLake());
  const first = await beginWithFiles(opened);
  await opened.manifest.commit(first);
  const old = first.parts.map(({ path }) => path);
  const rivals = [await beginWithFiles(opened), await beginWithFiles(opened)];
  const outcomes = await Promise.allSettled(rivals.map((batch) => opened.manifest.commitWith(batch, async () => undefined, old)));
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({ reason: expect.any(Conflict) as unknown });
  expect(await pathsNow()).toHaveLength(1);
});

it("opens beside a commit of a dead service that is still on its way, and takes it for committed", async () => {
  const folder = await newLake();
  const opened = await open(folder);
  const batch = await beginWithFiles(opened);
  let next = Promise.resolve<unknown>(null);
  await opened.manifest.commitWith(batch, async ({ db }) => {
    next = open(folder);
    // It has come to where it waits for this transaction.
    while ((await db.execute<{ waiting: number }>(sql`SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`)).rows[0]!.waiting === 0);
  });
  await next;
  expect(await pathsNow()).toEqual(batch.parts.map(({ path }) => path));
  expect(await opened.hasFile(batch.parts[0]!.path)).toBe(true);
});

it("many that take the same parts out at once neither wait for each other for ever nor do it twice", async () => {
  await newLake();
  const paths = Array.from({ length: 6_000 }, (_, index) => `events/${index}`);
  const about = { batch: "b", kind: "events", source: "s", day: "2026-11-18", rows: 1, bytes: 1, first: null, last: null } as const;
  await database.db.insert(parts).values(paths.map((path) => ({ ...about, path })));
  const orders = Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? paths : paths.toReversed()));
  const taken = await Promise.all(orders.map((order) => inTransaction(database.ctx(), ({ db }) => replaceParts(db, order, database.at))));
  expect(taken.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, 0, 0, 6_000]);
});

it("adds up how far each version of an object was read", async () => {
  const opened = await open(await newLake());
  const ranges = [[1, 10, false], [11, 20, false], [21, 25, true]] as const;
  for (const [from, to, done] of ranges) {
    const batch = await beginWithFiles(opened, []);
    await opened.manifest.commit({ ...batch, objects: [{ location: "s3://b/k", version: "v1", bytes: 9, from, to, complete: to, done }] });
  }
  expect(await database.db.select().from(objects)).toEqual([{ location: "s3://b/k", version: "v1", bytes: 9, upTo: 25, complete: 25, done: true }]);
});

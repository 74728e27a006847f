import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { Conflict, Invalid, NotFound, Unavailable } from "../kernel/index.ts";
import { newBatchId, openLake, readLake, type Lake } from "./index.ts";
import { temporaryFolders } from "./test/temporary-folder.ts";

const steps: string[] = [];
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return {
    ...real,
    rename: async (from: string, to: string) => (await real.rename(from, to), void steps.push(`rename ${plain(from)} ${plain(to)}`)),
    link: async (from: string, to: string) => (await real.link(from, to), void steps.push(`link ${plain(from)} ${plain(to)}`)),
    open: async (path: string, flags: string) => {
      const file = await real.open(path, flags);
      const sync = file.sync.bind(file);
      file.sync = async () => (await sync(), void steps.push(`sync ${plain(path)}`));
      return file;
    },
  };
});

/** A path relative to the lake, without what differs each time. */
function plain(path: unknown): string {
  return String(path).replace(/^.*\/lake(?=\/|$)/, "").replaceAll(/[0-9TZ]+-[0-9a-f]{16}/g, "ID").replace(/\.[0-9a-f]{12}\.tmp$/, ".tmp");
}

const newFolder = temporaryFolders();
const opened: Lake[] = [];
const open = async (folder: string) => {
  const lake = await openLake(folder, { create: true });
  opened.push(lake);
  return lake;
};
afterEach(async () => {
  for (const lake of opened.splice(0)) await lake.close();
});

async function commitOne(lake: Lake, content = "rows"): Promise<string> {
  const path = lake.newPartPath("events", "aws.cloudtrail", "2026-11-18");
  const id = newBatchId(new Date());
  await lake.manifest.begin(id, [path]);
  await writeFile(join(lake.staging, "part"), content);
  await lake.finishPart(join(lake.staging, "part"), path);
  const part = { kind: "events", path, source: "aws.cloudtrail", day: "2026-11-18", rows: 1, bytes: content.length, first: null, last: null } as const;
  await lake.manifest.commit({ id, at: new Date().toISOString(), parts: [part], objects: [], counts: { read: 1, stored: 1, duplicate: 0, dead: 0 } });
  return path;
}

it("keeps what was committed for readers and for the next writer", async () => {
  const folder = join(await newFolder(), "new", "lake");
  const lake = await open(folder);
  expect((await readLake(folder)).parts).toEqual([]);
  const path = await commitOne(lake);
  const snapshot = await readLake(folder);
  expect(snapshot).toMatchObject({ folder: lake.folder, parts: [{ path, bytes: 4 }] });
  expect(await readFile(join(folder, path), "utf8")).toBe("rows");
  await lake.close();
  const again = await open(folder);
  await commitOne(again);
  expect((await readLake(folder)).parts.map((part) => part.path)).toContain(path);
  expect((await readLake(folder)).parts).toHaveLength(2);
});

it("brings everything to the disk in the right order", async () => {
  const folder = join(await newFolder(), "lake");
  const lake = await open(folder);
  steps.length = 0;
  await commitOne(lake);
  expect(steps).toEqual([
    // The intent, before any file of the batch is there.
    "sync /manifest/intents/ID.json.tmp",
    "link /manifest/intents/ID.json.tmp /manifest/intents/ID.json",
    "sync /manifest/intents",
    // The part: its content, the new folders, its name.
    "sync /staging/part",
    "sync ",
    "sync /events",
    "sync /events/source=aws.cloudtrail",
    "rename /staging/part /events/source=aws.cloudtrail/day=2026-11-18/ID.parquet",
    "sync /events/source=aws.cloudtrail/day=2026-11-18",
    // The commit.
    "sync /manifest/00000001.json.tmp",
    "link /manifest/00000001.json.tmp /manifest/00000001.json",
    "sync /manifest",
    // The intent is gone.
    "sync /manifest/intents",
  ]);
});

it("lets one writer in, and names it to the other", async () => {
  const folder = await newFolder();
  const lake = await open(folder);
  await expect(openLake(folder, { create: true })).rejects.toThrow(Conflict);
  await expect(openLake(folder, { create: false })).rejects.toThrow("in this process already");
  await lake.close();
  await (await openLake(folder, { create: false })).close();
});

it("takes the lock over from a dead process, not from one it cannot judge", async () => {
  const folder = await newFolder();
  await (await openLake(folder, { create: true })).close();
  const write = async (number: number, change: object) => {
    const before = JSON.parse(await readFile(join(folder, "lock", "00000001.json"), "utf8")) as object;
    await writeFile(join(folder, "lock", `${String(number).padStart(8, "0")}.json`), JSON.stringify({ ...before, released: false, ...change }));
  };
  await write(2, { pid: 4_194_303 });
  await (await openLake(folder, { create: false })).close();
  await write(4, process.platform === "linux" ? { start: "1" } : { pid: 4_194_303 });
  await (await openLake(folder, { create: false })).close();
  await write(6, { place: "elsewhere pid:[1]", pid: 7 });
  const attempt = openLake(folder, { create: false });
  await expect(attempt).rejects.toThrow(/process 7 on another machine or container \(elsewhere\)/);
  await expect(attempt).rejects.toMatchObject({ hint: expect.stringContaining("00000006.json") as unknown });
  await writeFile(join(folder, "lock", "00000007.json"), "{");
  await expect(openLake(folder, { create: false })).rejects.toThrow(Conflict);
});

it("refuses what is not a lake, and a lake of a newer kind", async () => {
  const folder = await newFolder();
  await expect(openLake(join(folder, "missing"), { create: false })).rejects.toThrow(NotFound);
  await expect(readLake(folder)).rejects.toThrow(NotFound);
  await writeFile(join(folder, "holiday.jpg"), "");
  await expect(openLake(folder, { create: true })).rejects.toThrow(Conflict);
  await expect(readLake(join(folder, "holiday.jpg"))).rejects.toThrow(NotFound);
  expect(await readdir(folder)).toEqual(["holiday.jpg"]);
  const newer = await newFolder();
  await writeFile(join(newer, "lake.json"), '{"format":"corduroy-lake","version":2}');
  await expect(openLake(newer, { create: true })).rejects.toThrow(Unavailable);
  await expect(readLake(newer)).rejects.toThrow("version 2");
  await writeFile(join(newer, "lake.json"), "null");
  await expect(readLake(newer)).rejects.toThrow(NotFound);
});

it("says which manifest entry is missing, damaged, or leads out of the lake", async () => {
  const folder = await newFolder();
  const lake = await open(folder);
  await commitOne(lake);
  const log = join(folder, "manifest");
  const good = await readFile(join(log, "00000001.json"), "utf8");
  await writeFile(join(log, "00000003.json"), good);
  await expect(readLake(folder)).rejects.toThrow("00000002.json is missing");
  for (const bad of ["", "{}", "[]", "null", '{"commit":{}}', good.replace(/"events\/[^"]*"/, '"../../etc/passwd"')]) {
    await writeFile(join(log, "00000002.json"), bad);
    await expect(readLake(folder), bad).rejects.toThrow("00000002.json is not a manifest entry");
  }
});

it("empties its staging folder, and puts parts in their place only", async () => {
  const folder = await newFolder();
  const lake = await open(folder);
  await mkdir(join(lake.staging, "deep"));
  await writeFile(join(lake.staging, "deep", "half"), "");
  await expect(lake.finishPart(join(lake.staging, "deep", "half"), "../out.parquet")).rejects.toThrow(Invalid);
  for (const [source, day] of [["../x", "2026-11-18"], ["a/b", "2026-11-18"], ["", "2026-11-18"], ["a", "today"], ["a", "../2026-11-18"]] as const) {
    expect(() => lake.newPartPath("events", source, day)).toThrow(Invalid);
  }
  await lake.close();
  const link = join(await newFolder(), "link");
  await symlink(folder, link);
  const again = await open(link);
  expect(again.folder).toBe(lake.folder);
  expect(await readdir(again.staging)).toEqual([]);
  expect(again.newPartPath("dead", "", "2026-11-18")).toMatch(/^dead\/[\w-]+\.parquet$/);
});

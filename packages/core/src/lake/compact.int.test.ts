import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { Conflict, Invalid } from "../kernel/index.ts";
import { testDatabase } from "../store/test/index.ts";
import { compact, type Compacted, type MergeOrder } from "./compact.ts";
import type { Part } from "./manifest.ts";
import { currentParts } from "./postgres-manifest.ts";
import { applyRetention, removeReplaced } from "./retention.ts";
import { openServiceLake, type ServiceLake } from "./service-lake.ts";
import { batches, intents, objects, parts } from "./tables.ts";
import { temporaryFolders } from "./test/temporary-folder.ts";
import { commitText, mergeText, rowsOf, type TextPart } from "./test/text-parts.ts";

const newFolder = temporaryFolders();
const database = testDatabase();
let lake: ServiceLake;

beforeEach(async () => {
  for (const table of [batches, intents, objects, parts]) await database.db.delete(table);
  database.at = new Date("2026-11-21T12:00:00Z");
  lake = await openServiceLake(database.ctx(), await newFolder());
});

const now = (): Promise<Part[]> => currentParts(database.db);
const run = (merge = mergeText, onReplaced: (part: Part, replaced: readonly Part[]) => void = () => undefined): Promise<Compacted> => compact(database.ctx(), lake, { merge, onReplaced });

/** Commits so many small parts, each as a batch. */
async function fill(count: number, part: Omit<TextPart, "rows"> = {}): Promise<void> {
  for (let number = 0; number < count; number++) await commitText(database.ctx(), lake, [{ rows: [`${part.source ?? part.kind ?? ""}-${number}-a`, `${number}-b`], ...part }]);
}

async function files(): Promise<string[]> {
  const found = await readdir(lake.folder, { recursive: true, withFileTypes: true });
  return found.flatMap((entry) => (entry.isFile() && entry.name.endsWith(".parquet") ? [join(entry.parentPath, entry.name).slice(lake.folder.length + 1)] : [])).toSorted();
}

describe("compact", () => {
  it("puts one part in the place of many, of each kind, source and day, and changes nothing else", async () => {
    for (const part of [{}, { source: "generic.json" }, { day: "2026-11-19" }, { kind: "signals" }, { kind: "dead" }] as const) await fill(9, part);
    const before = { rows: await rowsOf(lake.folder, await now()), counts: (await database.db.select().from(batches)).map(({ counts }) => counts) };
    const seen: Part[][] = [];
    expect(await run(mergeText, (part, replaced) => void seen.push([part, ...replaced]))).toMatchObject({ merges: 5, replaced: 45, failed: [] });
    const after = await now();
    expect(after.map(({ kind, source, day, rows }) => `${kind} ${source} ${day} ${rows}`).toSorted()).toEqual([
      "dead aws.cloudtrail 2026-11-18 18", "events aws.cloudtrail 2026-11-18 18", "events aws.cloudtrail 2026-11-19 18", "events generic.json 2026-11-18 18", "signals  2026-11-18 18",
    ]);
    expect(await rowsOf(lake.folder, after)).toEqual(before.rows);
    expect(seen.map(([part]) => part).toSorted((a, b) => (a!.path < b!.path ? -1 : 1))).toEqual(after.toSorted((a, b) => (a.path < b.path ? -1 : 1)));
    expect(seen.every((each) => each.length === 10)).toBe(true);
    const counts = (await database.db.select().from(batches)).map((batch) => batch.counts);
    expect(counts.slice(0, 45)).toEqual(before.counts);
    expect(counts.slice(45)).toEqual(Array.from({ length: 5 }, () => ({ read: 0, stored: 0, duplicate: 0, dead: 0 })));
    expect(await run()).toMatchObject({ merges: 0 });
    expect(await files()).toHaveLength(50);
    database.at = new Date(database.at.getTime() + 600_001);
    expect(await removeReplaced(database.ctx(), lake)).toBe(45);
    expect(await files()).toEqual(after.map(({ path }) => path).toSorted());
  });

  it("leaves nothing of a merge that fails or loses rows, says why, and goes on with the rest", async () => {
    await fill(8);
    await fill(8, { day: "2026-11-19" });
    const before = await now();
    await fill(8, { day: "2026-11-20" });
    const failing = async (order: MergeOrder) => {
      const merged = await mergeText(order);
      if (order.metadata["corduroy"]!.includes("2026-11-20")) return merged;
      if (order.metadata["corduroy"]!.includes("2026-11-18")) throw new Error("disk on fire");
      return { ...merged, rows: merged.rows - 1 };
    };
    const { failed, merges } = await run(failing);
    expect(merges).toBe(1);
    expect(failed.map(({ reason }) => reason)).toEqual(["disk on fire", "8 parts of 2026-11-19 should have 16 rows together, and have 15."]);
    expect((await now()).filter(({ day }) => day !== "2026-11-20")).toEqual(before);
    expect((await files()).filter((path) => !path.includes("2026-11-20"))).toEqual(before.map(({ path }) => path).toSorted());
    expect(await readdir(lake.staging)).toEqual([]);
    expect(await database.db.select().from(intents)).toEqual([]);
  });

  it("beside another one neither loses a row nor shows one twice", async () => {
    await fill(40);
    const rows = await rowsOf(lake.folder, await now());
    const both = await Promise.all([run(), run()]);
    expect(both.flatMap(({ failed }) => failed)).toEqual([]);
    expect(both.reduce((sum, { merges }) => sum + merges, 0)).toBe(1);
    expect(await rowsOf(lake.folder, await now())).toEqual(rows);
    expect(await database.db.select().from(intents)).toEqual([]);
  });

  it("gives way to a retention that comes in the middle", async () => {
    await fill(8, { day: "2026-11-01" });
    const merge = async (order: MergeOrder) => {
      expect(await applyRetention(database.ctx(), { days: 10, sources: {} })).toHaveLength(8);
      return mergeText(order);
    };
    expect(await run(merge)).toEqual({ merges: 0, replaced: 0, bytes: 0, failed: [] });
    expect(await now()).toEqual([]);
    expect(await files()).toHaveLength(8);
  });

  it("knows that it has replaced parts although the database went away just then", async () => {
    await fill(8);
    const { commitWith } = lake.manifest;
    const told: Part[] = [];
    const manifest = {
      ...lake.manifest,
      commitWith: async (...given: Parameters<typeof commitWith>) => {
        await commitWith(...given);
        throw Object.assign(new Error("Connection terminated unexpectedly"), { code: "08006" });
      },
    };
    expect(await compact(database.ctx(), { ...lake, manifest }, { merge: mergeText, onReplaced: (part) => void told.push(part) })).toMatchObject({ merges: 1, failed: [] });
    expect(await now()).toEqual(told);
  });

  it("puts off the merges that had better wait, and does the others", async () => {
    await fill(8);
    await fill(12, { day: "2026-11-19" });
    const postpone = (parts: number): boolean => parts < 10;
    expect(await compact(database.ctx(), lake, { merge: mergeText, onReplaced: () => undefined, postpone })).toMatchObject({ merges: 1, replaced: 12, failed: [] });
    expect(await run()).toMatchObject({ merges: 1, replaced: 8 });
  });

  it("ends when it is told to", async () => {
    await fill(8);
    await fill(8, { day: "2026-11-19" });
    const ending = new AbortController();
    const merge = (order: MergeOrder) => (ending.abort(), mergeText(order));
    expect(await compact(database.ctx(), lake, { merge, onReplaced: () => undefined, signal: ending.signal })).toMatchObject({ merges: 1 });
    expect(await now()).toHaveLength(9);
  });
});

describe("applyRetention", () => {
  it("takes out what is wholly older than its source is kept, and signals with the source that is kept longest", async () => {
    const days = ["2026-11-18", "2026-11-19", "2026-11-20"];
    for (const day of days) {
      for (const part of [{ source: "aws.cloudtrail" }, { source: "generic.json" }, { kind: "signals" }, { kind: "dead", source: "generic.json" }] as const) await commitText(database.ctx(), lake, [{ ...part, rows: ["x"], day }]);
    }
    database.at = new Date("2026-11-21T00:00:00Z");
    const kept = async (): Promise<string[]> => (await now()).map(({ kind, source, day }) => `${kind} ${source} ${day.slice(-2)}`).toSorted();
    await applyRetention(database.ctx(), { days: 1, sources: { "aws.cloudtrail": 2 } });
    expect(await kept()).toEqual(["dead generic.json 20", "events aws.cloudtrail 19", "events aws.cloudtrail 20", "events generic.json 20", "signals  19", "signals  20"]);
    database.at = new Date("2026-11-21T23:59:59Z");
    expect(await applyRetention(database.ctx(), { days: 1, sources: { "aws.cloudtrail": 2 } })).toEqual([]);
    await expect(applyRetention(database.ctx(), { days: 0, sources: {} })).rejects.toThrow(Invalid);
  });

  it("keeps signals no longer than the sources that are named, once everything in the lake is of one of them", async () => {
    for (const part of [{ source: "aws.cloudtrail" }, { kind: "signals" }] as const) await commitText(database.ctx(), lake, [{ ...part, rows: ["x"], day: "2026-11-18" }]);
    database.at = new Date("2026-11-21T00:00:00Z");
    const retire = async (sources: Record<string, number>): Promise<string[]> => (await applyRetention(database.ctx(), { days: 36_500, sources })).map(({ kind }) => kind);
    expect(await retire({ "generic.json": 1 })).toEqual([]);
    expect(await retire({ "aws.cloudtrail": 30, "generic.json": 1 })).toEqual([]);
    expect(await retire({ "aws.cloudtrail": 1, "generic.json": 1 })).toEqual(["events", "signals"]);
  });

  it("of two at once, and with compactions beside, none waits for ever", async () => {
    await fill(30, { day: "2026-11-01" });
    await fill(30);
    const retention = { days: 10, sources: {} };
    const all = await Promise.allSettled([run(), applyRetention(database.ctx(), retention), run(), applyRetention(database.ctx(), retention), applyRetention(database.ctx(), retention)]);
    expect(all.filter(({ status }) => status === "rejected")).toEqual([]);
    const left = await now();
    expect(await rowsOf(lake.folder, left.filter(({ day }) => day === "2026-11-18"))).toHaveLength(60);
    await applyRetention(database.ctx(), retention);
    expect((await now()).every(({ day }) => day === "2026-11-18")).toBe(true);
  });

  it("is refused where a part was replaced twice", async () => {
    const [part] = await commitText(database.ctx(), lake, [{ rows: ["x"] }]);
    const path = lake.newPartPath("events", "aws.cloudtrail", "2026-11-18");
    await lake.manifest.begin("b", [path]);
    const batch = { id: "b", at: "", parts: [], objects: [], counts: { read: 0, stored: 0, duplicate: 0, dead: 0 } };
    await expect(lake.manifest.commitWith(batch, async () => undefined, [part!.path, path])).rejects.toThrow(Conflict);
    expect(await now()).toEqual([part]);
  });
});

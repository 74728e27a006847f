import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { testDatabase } from "../store/test/index.ts";
import { checkParts, type Checked } from "./check-parts.ts";
import { compact } from "./compact.ts";
import { openServiceLake, type ServiceLake } from "./service-lake.ts";
import { batches, intents, parts } from "./tables.ts";
import { temporaryFolders } from "./test/temporary-folder.ts";
import { commitText, mergeText } from "./test/text-parts.ts";

const newFolder = temporaryFolders();
const database = testDatabase();
let lake: ServiceLake;

beforeEach(async () => {
  for (const table of [batches, intents, parts]) await database.db.delete(table);
  database.at = new Date("2026-11-21T12:00:00Z");
  lake = await openServiceLake(database.ctx(), await newFolder());
});

const check = (onProgress: Parameters<typeof checkParts>[2] = () => undefined, signal?: AbortSignal): Promise<Checked> => checkParts(database.ctx(), lake, onProgress, signal);

it("finds nothing wrong with a lake as it was written, whose parts are being replaced", async () => {
  for (let number = 0; number < 8; number++) await commitText(database.ctx(), lake, [{ rows: ["a", "b"] }, { kind: "signals", rows: ["c"] }]);
  await compact(database.ctx(), lake, { merge: mergeText, onReplaced: () => undefined });
  await lake.manifest.begin("under-way", ["dead/under-way.parquet"]);
  await mkdir(join(lake.folder, "dead"), { recursive: true });
  await writeFile(join(lake.folder, "dead/under-way.parquet"), "");
  const told: { parts: number; bytes: number }[] = [];
  expect(await check((progress) => void told.push(progress))).toEqual({ parts: 2, bytes: 48, problems: [], unlisted: 0 });
  expect(told.at(-1)).toEqual({ parts: 2, bytes: 48 });
});

it("tells what is missing, cut off, changed, unreadable, or of nobody", async () => {
  const [missing, cut, changed, folder] = await commitText(database.ctx(), lake, [{ rows: ["a"] }, { rows: ["b"] }, { rows: ["c"] }, { rows: ["d"] }, { rows: ["good"] }]);
  const at = (part: { path: string } | undefined): string => join(lake.folder, part!.path);
  await rm(at(missing));
  await appendFile(at(cut), "more");
  await writeFile(at(changed), "C\n");
  await rm(at(folder));
  await mkdir(at(folder));
  await writeFile(join(lake.folder, "events/holiday.jpg"), "");
  const { parts: count, problems } = await check();
  expect(count).toBe(5);
  const what = new Map(problems.map((problem) => [problem.path, problem.what]));
  expect(what.get(missing!.path)).toBe("The file is missing.");
  expect(what.get(cut!.path)).toBe("The file should have 2 bytes and has 6.");
  expect(what.get(changed!.path)).toBe("The content of the file has changed since it was written.");
  expect(what.get(folder!.path)).toMatch(/^The file /);
  expect(what.get("events/holiday.jpg")).toBe("No batch names this file.");
  expect(what.size).toBe(5);
  for (const { hint } of problems) expect(hint).toMatch(/\w{4}/);
  expect(await readFile(join(lake.folder, "events/holiday.jpg"), "utf8")).toBe("");
});

it("does not take for missing what is replaced and removed while it looks", async () => {
  for (let number = 0; number < 8; number++) await commitText(database.ctx(), lake, [{ rows: ["a"] }]);
  let merged = false;
  // All eight parts are in one page, which was read before the first of them is told.
  const checked = await check(async () => {
    if (merged) return;
    merged = true;
    await compact(database.ctx(), lake, { merge: mergeText, onReplaced: () => undefined });
    await lake.manifest.removeReplaced(new Date(database.at.getTime() + 1));
  });
  expect(checked.problems).toEqual([]);
  expect(await database.db.select().from(parts)).toHaveLength(1);
});

it("ends when it is told to", async () => {
  await commitText(database.ctx(), lake, [{ rows: ["a"] }, { rows: ["b"] }]);
  await database.db.update(parts).set({ digest: null });
  const ending = new AbortController();
  let told = 0;
  const attempt = check(() => {
    told++;
    ending.abort(new Error("enough"));
  }, ending.signal);
  await expect(attempt).rejects.toThrow("enough");
  expect(told).toBe(1);
});

it("lists a thousand problems and counts the rest", async () => {
  const rows = Array.from({ length: 1_100 }, (_, index) => ({ path: `dead/${index}.parquet`, batch: "b", kind: "dead", source: "s", day: "2026-11-18", rows: 1, bytes: 1, first: null, last: null }) as const);
  await database.db.insert(parts).values(rows);
  expect(await check()).toMatchObject({ parts: 1_100, problems: { length: 1_000 }, unlisted: 100 });
});

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { inWorkFolder } from "./workFolder.ts";

let work: string;
beforeEach(() => void (work = mkdtempSync(join(tmpdir(), "corduroy-work-"))));
afterEach(() => rmSync(work, { recursive: true, force: true }));

it("is gone when the work has ended, however it ends", async () => {
  expect(await inWorkFolder(work, async (folder) => (writeFileSync(join(folder, "dump"), ""), readdirSync(folder)))).toEqual(["dump"]);
  await expect(inWorkFolder(work, () => Promise.reject(new Error("full")))).rejects.toThrow("full");
  expect(readdirSync(work)).toEqual([]);
});

it("removes what a killed backup has left, and nothing of one that is at work", async () => {
  mkdirSync(join(work, "worker-0"));
  await inWorkFolder(work, async (first) => {
    writeFileSync(join(first, "dump"), "");
    // As a killed one leaves them: of this version, and of one before.
    const killed = join(work, "backup-9b0a36a2-0000-4000-8000-000000000000");
    for (const folder of [killed, `${killed}.lock`, join(work, "backup-AbC123")]) mkdirSync(folder);
    const [own] = readdirSync(`${first}.lock`).filter((name) => name.endsWith(".json"));
    const holder = JSON.parse(readFileSync(join(`${first}.lock`, own!), "utf8")) as object;
    writeFileSync(join(`${killed}.lock`, own!), JSON.stringify({ ...holder, start: "1", boot: "an earlier boot" }));
    await inWorkFolder(work, async (second) => {
      expect(readdirSync(work).filter((name) => !name.endsWith(".lock")).map((name) => join(work, name)).toSorted()).toEqual([first, second, join(work, "worker-0")].toSorted());
    });
    expect(existsSync(join(first, "dump"))).toBe(true);
  });
  expect(readdirSync(work)).toEqual(["worker-0"]);
});

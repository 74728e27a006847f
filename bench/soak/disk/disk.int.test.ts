import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Random } from "../../service/random.ts";
import { Disk } from "./disk.ts";
import { allNamesBut, chance, cutPower, NAMES_FIRST, WORST } from "./powerCut.ts";

let folder: string;
let data: string;
let disk: Disk;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "corduroy-disk-"));
  data = join(folder, "data");
  mkdirSync(data);
  disk = new Disk(data, folder);
  disk.settle();
});
afterEach(() => rmSync(folder, { recursive: true }));

const PRELUDE = `import { fdatasyncSync, writeFileSync, openSync, fsyncSync, closeSync, appendFileSync, renameSync, unlinkSync, mkdirSync } from "node:fs"; import { open, writeFile } from "node:fs/promises";
process.chdir(process.env.DISK_ROOT);
const syncFolder = async (path) => { const it = await open(path); await it.sync(); await it.close(); };\n`;
/** Runs a program that stands on the disk, to its end. */
function run(code: string): void {
  execFileSync(process.execPath, ["--input-type=module", "-e", PRELUDE + code], { env: { ...process.env, ...disk.environment() } });
}
const left = (): Record<string, string> => Object.fromEntries(readdirSync(data).sort().map((name) => [name, readFileSync(join(data, name), "latin1")]));

describe("after a power cut", () => {
  it("what was synced is there, by each way of syncing it", () => {
    run(`
      const a = await open("a", "w"); await a.writeFile("one"); await a.sync(); await a.close();
      const b = await open("b", "w"); await b.writeFile("two"); await b.datasync(); await b.close();
      const c = openSync("c", "w"); writeFileSync(c, "three"); fsyncSync(c); closeSync(c);
      const d = openSync("d", "w"); writeFileSync(d, "four"); fdatasyncSync(d); closeSync(d);
      writeFileSync("e", "five", { flush: true });
      await writeFile("f", "six", { flush: true });
      await syncFolder(".");`);
    cutPower(disk, WORST, new Random(1));
    expect(left()).toEqual({ a: "one", b: "two", c: "three", d: "four", e: "five", f: "six" });
  });

  it("a name whose folder was not synced is gone, and one that was taken away is back", () => {
    run(`
      for (const name of ["kept", "removed", "moved"]) writeFileSync(name, name, { flush: true });
      await syncFolder(".");
      writeFileSync("new", "new", { flush: true });
      unlinkSync("removed");
      renameSync("moved", "elsewhere");`);
    cutPower(disk, WORST, new Random(1));
    expect(left()).toEqual({ kept: "kept", moved: "moved", removed: "removed" });
  });

  it("what was appended after the last sync is cut, in part there, or garbage, and nothing before it is touched", () => {
    run(`writeFileSync("a", "0123456789", { flush: true }); await syncFolder("."); appendFileSync("a", "abcdefghij");`);
    const random = new Random(7);
    const ends = new Set<string>();
    for (let round = 0; round < 40; round++) {
      writeFileSync(join(data, "a"), "0123456789abcdefghij");
      const durable = disk.durable();
      const once = Object.assign(Object.create(disk) as Disk, { durable: () => durable, settle: () => undefined });
      cutPower(once, chance(random), random);
      expect(left()["a"]).toMatch(/^0123456789/);
      ends.add(left()["a"]!.slice(10));
    }
    expect(ends).toContain("");
    expect(ends).toContain("abcdefghij");
    expect(ends).toContain("\0".repeat(10));
    expect(ends.size).toBeGreaterThan(6);
  });

  it("names may be on the disk before their content", () => {
    run(`writeFileSync("a", "content");`);
    cutPower(disk, NAMES_FIRST, new Random(1));
    expect(left()["a"]).toHaveLength(7);
    expect(left()["a"]).not.toBe("content");
  });

  it("chosen names are lost, with all that is below them", () => {
    run(`mkdirSync("x/y", { recursive: true }); writeFileSync("x/y/deep", ""); writeFileSync("z", "");`);
    cutPower(disk, allNamesBut("x"), new Random(1));
    expect(readdirSync(data, { recursive: true })).toEqual(["z"]);
  });

  it("what is left is durable from then on", () => {
    run(`writeFileSync("a", "content");`);
    cutPower(disk, allNamesBut(), new Random(1));
    cutPower(disk, WORST, new Random(1));
    expect(left()).toEqual({ a: "content" });
  });
});

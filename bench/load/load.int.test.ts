import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "load-"));
afterAll(() => rmSync(folder, { recursive: true }));

function load(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["tools/run-ts.mjs", "bench/load/load.ts", ...args], { cwd: root, encoding: "utf8" });
}

// What it counts is tested, never how fast it was.
describe.skipIf(process.platform !== "linux")("npm run load", () => {
  it("sends a little, counts it in the lake, sees its probes, and writes the page", { timeout: 600_000 }, () => {
    const out = join(folder, "RESULTS.md");
    const { status, stdout, stderr } = load("--seconds", "5", "--rate", "1000", "--batch", "500", "--idle", "1", "--out", out);
    expect(stderr).not.toContain("Error");
    expect(status).toBe(0);
    const page = readFileSync(out, "utf8");
    expect(stdout).toBe(page);
    expect(page).toMatch(/\| events acknowledged +\| 5,000 /);
    expect(page).toMatch(/\| of these in the lake +\| 5,000 +\| all +\| kept /);
    expect(page).toMatch(/\| there twice +\| 0 +\| none +\| kept /);
    expect(page).toMatch(/\| probes without a finding +\| 0 /);
    expect(page).toMatch(/\| - workers +\| [1-9]\d* MB, /);
    expect(page).not.toMatch(/NaN|undefined/);
  });

  it("explains itself, and stays within bounds", () => {
    expect(load("--help").stdout).toContain("--rate N");
    const wrong = load("--seconds", "86400");
    expect(wrong.stderr).toContain("--seconds wants a whole number from 1 to 3600");
    expect(wrong.status).toBe(2);
  });
});

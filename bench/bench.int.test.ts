import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

function bench(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["tools/run-ts.mjs", "bench/bench.ts", ...args], { cwd: root, encoding: "utf8" });
}

describe("npm run bench", () => {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  // It checks its own counts: the scan must read what the estate wrote, and the lake must hold what the scan says.
  it("runs every part on a little data and writes the page", { timeout: 600_000 }, () => {
    const out = join(folder, "RESULTS.md");
    const { status, stdout, stderr } = bench("--events", "3000", "--rounds", "1", "--out", out);
    expect(stderr).not.toContain("Error");
    expect(status).toBe(0);
    const page = readFileSync(out, "utf8");
    expect(stdout).toBe(page);
    expect(page.match(/^## .*/gm)).toEqual(["## Speed", "## Text", "## Cost of rules", "## By size", "## Memory"]);
    expect(page).toMatch(/\| part of the raw limit +\| \d+\.\d\d +\| >= 0\.65/);
    expect(page).toMatch(/\| 3,000 rules +\| \d+\.\d\dx, /);
    expect(page).not.toMatch(/NaN|undefined/);
    if (process.platform === "linux") expect(page).toMatch(/\| peak memory, one NDJSON file +\| [1-9]\d+ MB /);
  });

  it("explains itself, and refuses what it does not know", () => {
    expect(bench("--help").stdout).toContain("--events N");
    const wrong = bench("--events", "many");
    expect(wrong.stderr).toContain("--events wants a whole number above 0");
    expect(wrong.status).toBe(2);
  });
});

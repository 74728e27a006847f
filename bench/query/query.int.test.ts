import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "bench-query-"));
afterAll(() => rmSync(folder, { recursive: true }));

// What it asks and counts is tested, never how fast it was.
it.skipIf(process.platform !== "linux")("npm run bench:query makes days, asks, and gets what another engine counts", { timeout: 600_000 }, () => {
  const out = join(folder, "RESULTS.md");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["tools/run-ts.mjs", "bench/query/query.ts", "--events", "20000", "--days", "4", "--each", "3", "--out", out], { cwd: root, encoding: "utf8" });
  expect(stderr).not.toContain("Error");
  expect(status).toBe(0);
  const page = readFileSync(out, "utf8");
  expect(stdout).toBe(page);
  expect(page).toContain("- size: 20,000 events in 4 days, 3 questions of a kind");
  for (const question of ["one access key", "one identity", "count by operation"]) expect(page).toMatch(new RegExp(`\\| ${question}[^|]*\\| p50 \\d`));
  expect(page).not.toMatch(/NaN|undefined/);
});

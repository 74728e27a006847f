import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { programOf } from "./programs.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const migrations = join(root, "packages/core/src/store/migrations");

it("the migrations make exactly the tables that the rooms describe", () => {
  // Below the checkout: drizzle-kit takes every path for one from here.
  mkdirSync(join(root, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(root, ".cache/migrations-"));
  try {
    cpSync(migrations, folder, { recursive: true });
    const { stdout, stderr } = spawnSync(process.execPath, [programOf(root, "drizzle-kit"), "generate", "--dialect", "postgresql", "--schema", "./packages/core/src/*/tables.ts", "--out", relative(root, folder)], { cwd: root, encoding: "utf8" });
    expect(`${stdout}${stderr}`).toContain("No schema changes");
    expect(readdirSync(folder)).toEqual(readdirSync(migrations));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

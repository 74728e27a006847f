// node tools/with-deps.mjs PROGRAM [ARGUMENTS]: installs what is missing, then runs a program of node_modules (vitest, tsc, ...).
// npm scripts go through here because they must work on a fresh clone, where node_modules/.bin does not exist yet.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { requireNode } from "../packages/cli/bin/node-version.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { programOf } from "./programs.mjs";

requireNode();
const root = fileURLToPath(new URL("..", import.meta.url));
const [name = "", ...args] = process.argv.slice(2);
try {
  ensureDependencies(root);
  const result = spawnSync(process.execPath, [programOf(root, name), ...args], { cwd: root, stdio: "inherit" });
  process.exitCode = result.status ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}

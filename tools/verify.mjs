// npm run verify: everything that can be known about a change in under a minute. Two checks at a time; a check's output is shown when it fails.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { requireNode } from "../packages/cli/bin/node-version.mjs";
import { checksNamed } from "./checks.mjs";
import { ensureDependencies } from "./dependencies.mjs";

requireNode();
const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * @param {import("./checks.mjs").Check} check
 * @returns {Promise<boolean>} whether it passed
 */
function run({ name, command }) {
  const started = performance.now();
  const child = spawn(process.execPath, command, { cwd: root, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? "1" : "0" } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  return new Promise((resolve) => {
    child.on("close", (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${code === 0 ? "ok  " : "FAIL"} ${name.padEnd(12)} ${seconds.padStart(5)} s`);
      if (code !== 0) console.log(output.trimEnd());
      resolve(code === 0);
    });
  });
}

try {
  ensureDependencies(root);
  const waiting = checksNamed(root, ["quick tests", "types", "types of web", "lint", "rooms", "unused code"]);
  let failed = 0;
  const lane = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) if (!(await run(check))) failed++;
  };
  await Promise.all([lane(), lane()]);
  console.log(failed === 0 ? "verify: all good" : `verify: ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}

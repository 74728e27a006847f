// npm run test:samples: only the test files that read a folder of real logs, which the environment names. Without it those tests skip themselves.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const samples = process.env["CORDUROY_SAMPLES"];
if (samples === undefined || samples === "") {
  console.error("test:samples: set CORDUROY_SAMPLES to the folder of real logs, for example\n  CORDUROY_SAMPLES=/data/logs npm run test:samples");
  process.exit(2);
}
const files = ["packages", "tools", "bench"]
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)))
  .filter((path) => path.endsWith(".test.ts") && !path.includes("node_modules") && readFileSync(join(root, path), "utf8").includes("CORDUROY_SAMPLES"));
const result = spawnSync(process.execPath, [join(root, "tools/with-deps.mjs"), "vitest", "run", ...files], { cwd: root, stdio: "inherit" });
process.exitCode = result.status ?? 1;

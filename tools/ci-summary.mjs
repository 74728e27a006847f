// node tools/ci-summary.mjs FOLDER: adds up vitest's JSON reports (*.json) and the outcome of the other steps (*.status, an exit code each)
// that .ci/run left in a folder, names what failed, and closes with one plain line.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { summarise } from "./ci-results.mjs";

const folder = process.argv[2] ?? ".";
const files = readdirSync(folder).toSorted().map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
const { lines, ok } = summarise(files);
for (const line of lines) console.log(line);
process.exitCode = ok ? 0 : 1;

import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";

/** A program of its own that lists its arguments, so that it can be another user, and its memory is its own. */
const PROGRAM = `
import { listInputs } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
let files = 0;
let ordered = true;
let before = "";
const others = [];
for await (const item of listInputs(process.argv.slice(2))) {
  if (!("kind" in item)) { others.push(item); continue; }
  files++;
  ordered &&= item.location > before;
  before = item.location;
}
console.log(JSON.stringify({ files, ordered, others, rss: process.memoryUsage().rss }));
`;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "corduroy-inputs-"));
  chmodSync(root, 0o755);
  buildSync({
    stdin: { contents: PROGRAM, resolveDir: import.meta.dirname },
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["@aws-sdk/*"],
    outfile: join(root, "list.mjs"),
    banner: { js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);' },
  });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Outcome {
  files: number;
  ordered: boolean;
  others: { location: string; reason: string }[];
  rss: number;
}

function list(inputs: string[]): Outcome {
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, "list.mjs"), ...inputs], { encoding: "utf8", cwd: root, ...user });
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Outcome;
}

it("names files that may not be read, and goes on", () => {
  mkdirSync(join(root, "mixed"));
  writeFileSync(join(root, "mixed/a.json"), "{}");
  writeFileSync(join(root, "mixed/locked.json"), "{}", { mode: 0 });
  const { files, others } = list(["mixed", "mixed/locked.json"]);
  expect(files).toBe(1);
  expect(others).toEqual([
    { location: "mixed/locked.json", reason: expect.stringContaining("You may not read this file") },
    { location: "mixed/locked.json", reason: expect.stringContaining("You may not read this file") },
  ]);
});

it("lists 5,000 files of one folder, each once, in order and in little memory", () => {
  const folder = join(root, "many");
  mkdirSync(folder);
  for (let at = 0; at < 5_000; at++) writeFileSync(join(folder, `${at}.json`), "");
  const { files, ordered, others, rss } = list(["many"]);
  expect({ files, ordered, others }).toEqual({ files: 5_000, ordered: true, others: [] });
  expect(rss).toBeLessThan(150 * 2 ** 20);
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readLake } from "../lake/index.ts";
import { query } from "./query.ts";
import { SpareQueryProcess } from "./spare.ts";
import { isAlive } from "./test/is-alive.ts";
import { EVERYTHING } from "./sight.ts";
import { makeSampleLake, sampleViews } from "./test/sample-lake.ts";

const entry = fileURLToPath(new URL("../../../cli/dist/query-child.mjs", import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "corduroy-spare-"));
  await makeSampleLake(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function ask(sql: string, spare: SpareQueryProcess): Promise<string> {
  const output = new PassThrough();
  const printed = text(output);
  await query(await readLake(folder), sql, { childEntry: entry, spare, views: sampleViews, sight: EVERYTHING, format: "ndjson", output, maxRows: null, width: 80, forTerminal: false, mayStayRoot: true });
  output.end();
  return printed;
}

it("has a process ready once something was asked, which answers the next question and no other", async () => {
  const spare = new SpareQueryProcess(entry);
  expect(await ask("select count(*) n from events", spare)).toBe('{"n":1003}\n');
  const ready = spare.take();
  expect(ready.exitCode).toBeNull();
  const another = spare.take();
  expect(another.pid).not.toBe(ready.pid);
  for (const child of [ready, another]) child.kill("SIGKILL");
  spare.prepare();
  expect(await ask("select count(*) n from events", spare)).toBe('{"n":1003}\n');
  await expect(ask("select * from read_text('/etc/passwd')", spare)).rejects.toThrow("read_text");
  expect(await ask("select 1 as n", spare)).toBe('{"n":1}\n');
  spare.close();
});

it("starts another where the one that waited has ended, and none when it is closed", async () => {
  const spare = new SpareQueryProcess(entry);
  spare.prepare();
  const lost = spare.take();
  spare.prepare();
  lost.kill("SIGKILL");
  await once(lost, "exit");
  expect(await ask("select 1 as n", spare)).toBe('{"n":1}\n');
  const last = spare.take();
  spare.close();
  spare.prepare();
  const cold = spare.take();
  expect(cold.pid).not.toBe(last.pid);
  for (const child of [last, cold]) child.kill("SIGKILL");
});

it("ends with its parent while it waits", async () => {
  const program = `
    const { spawn } = require("node:child_process");
    console.log(spawn(process.execPath, [${JSON.stringify(entry)}], { stdio: ["pipe", "ignore", "ignore", "ipc"] }).pid);`;
  const parent = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(parent.stdout, "data")) as [Buffer];
  parent.kill("SIGKILL");
  await once(parent, "exit");
  await expect.poll(() => isAlive(Number(line.toString())), { timeout: 30_000 }).toBe(false);
});

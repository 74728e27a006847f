import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { forkWorker } from "../forkWorker.ts";
import { encodeFrame } from "../receipt/frame.ts";
import { PartIndex } from "./partIndex.ts";
import { UncommittedEvents } from "./uncommittedEvents.ts";
import { WorkerPool, type Task } from "./workerPool.ts";

const entry = fileURLToPath(new URL("../../../../cli/dist/worker.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "corduroy-pool-"));
const settings = { rules: [], anyLogsource: false, source: null, keep: true, staging: join(folder, "staging"), signals: false };
mkdirSync(settings.staging);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A segment with one body of so many records. */
function segment(id: string, records: number): Extract<Task, { kind: "segment" }> {
  const path = join(folder, id);
  const body = Buffer.from('{"user":"ines"}\n'.repeat(records));
  const bytes = Buffer.concat(encodeFrame({ header: { id, source: "generic.json", sender: "token-1", key: null, bytes: body.length, at: 0, origin: null, heard: null, streamed: null }, body }));
  // Behind what was received lies what a write has left whose sender was told that it failed.
  writeFileSync(path, Buffer.concat([bytes, bytes]));
  return { kind: "segment", id, path, bytes: bytes.length };
}

it("gives an idle worker one task, however many come in the same moment", async () => {
  const uncommitted = new UncommittedEvents(new PartIndex(folder, []));
  const pool = new WorkerPool({ entry, most: 1, settings, temporary: join(folder, "work"), uncommitted });
  const run = async (id: string): Promise<number> => {
    uncommitted.begin(id);
    const { results } = await pool.run(segment(id, 2), []);
    uncommitted.end(id);
    return results.reduce((sum, { counts }) => sum + counts.stored, 0);
  };
  expect(await run("first")).toBe(2);
  expect(await Promise.all([run("second"), run("third"), run("fourth")])).toEqual([2, 2, 2]);
  expect(pool.pids()).toHaveLength(1);
  await pool.close();
});

it("ends while many more tasks wait than there are workers", async () => {
  const uncommitted = new UncommittedEvents(new PartIndex(folder, []));
  const pool = new WorkerPool({ entry, most: 1, settings, temporary: join(folder, "closing"), uncommitted });
  const runs = ["fifth", "sixth", "seventh", "eighth", "ninth"].map((id) => {
    uncommitted.begin(id);
    return pool.run(segment(id, 20_000), []);
  });
  const ended = Promise.allSettled(runs);
  await pool.close();
  expect((await ended).map(({ status }) => status)).toEqual(runs.map(() => "rejected"));
  await expect(pool.run(segment("tenth", 1), [])).rejects.toThrow("The service is stopping.");
});

it("a worker ends with its parent, in the middle of its work too", async () => {
  const child = forkWorker(entry, "ignore");
  child.send({ type: "start", settings: { ...settings, temporary: join(folder, "orphan") } });
  await once(child, "message");
  child.send({ type: "segment", path: segment("large", 200_000).path });
  child.disconnect();
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
});

it("fails a task whose events cannot be checked, ends the worker that waits for it, and goes on with another", async () => {
  const uncommitted = new UncommittedEvents(new PartIndex(folder, []));
  const pool = new WorkerPool({ entry, most: 1, settings, temporary: join(folder, "work-2"), uncommitted });
  // Nobody has told that it begins.
  await expect(pool.run(segment("stray", 1), [])).rejects.toThrow(TypeError);
  uncommitted.begin("next");
  expect((await pool.run(segment("next", 3), [])).results.map(({ counts }) => counts.stored)).toEqual([3]);
  await pool.close();
});

import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it, vi } from "vitest";
import { Forbidden, NotFound } from "../../kernel/index.ts";
import { testDatabase } from "../../store/test/index.ts";
import { listQuarantine, retryQuarantined } from "./quarantine.ts";
import type { Ingest } from "./service.ts";
import { running, send, settled } from "./test/running.ts";

const database = testDatabase();
const place = running(database);
const LONG = { timeout: 110_000, interval: 20 };
const entry = fileURLToPath(new URL("../../../../cli/dist/worker.mjs", import.meta.url));
const fault = join(place.folder, "fault");
let ingest: Ingest;
afterEach(() => ingest.close());

/** A worker that is as always, but for as long as the fault goes on runs this instead. */
function faultyWorker(name: string, program: string): string {
  const path = join(place.folder, `${name}.mjs`);
  writeFileSync(path, `import { spawn } from "node:child_process";\nimport { existsSync } from "node:fs";\nif (existsSync(${JSON.stringify(fault)})) {\n${program}\n} else await import(${JSON.stringify(entry)});\n`);
  writeFileSync(fault, "");
  return path;
}

/** A worker whose files may have one block, so that no part can be written. */
const NO_ROOM = `
  const child = spawn("sh", ["-c", 'ulimit -f 1; exec "$0" "$@"', process.execPath, ${JSON.stringify(entry)}], { stdio: ["ignore", "ignore", "inherit", "ipc"], serialization: "advanced" });
  process.on("message", (message) => child.send(message));
  child.on("message", (message) => process.send(message));
  child.on("exit", (code) => process.exit(code ?? 1));`;
const DIES = 'process.on("message", ({ type }) => { if (type === "segment") { process.stderr.write("it choked on its input\\n", () => process.exit(7)); } });';

const stored = async (): Promise<number> => (await database.pool.query<{ n: number }>("SELECT coalesce(sum((counts->>'stored')::int), 0)::int AS n FROM lake_batches")).rows[0]!.n;
const segments = (): string[] => readdirSync(join(place.folder, "spool")).filter((name) => name.endsWith(".seg"));

it("what was received waits while the disk has no room, and is in the lake once when it has", async () => {
  ingest = await place.start({ workerEntry: faultyWorker("no-room", NO_ROOM) });
  await send(ingest, '{"user":"ines"}\n{"user":"omar"}\n', { source: "generic.json", key: "a" });
  await ingest.receiver.spool.seal();
  // More often than a task may end workers.
  await vi.waitFor(() => expect(place.troubles.length).toBeGreaterThan(3), LONG);
  for (const text of place.troubles) expect(text).toMatch(/^The disk has no room for what was received; it waits in the spool, and is tried again by itself\. Make room .*File too large/s);
  expect([await stored(), segments().length, await ingest.receiver.spool.quarantined()]).toEqual([0, 1, []]);
  rmSync(fault);
  while (ingest.backlog() > 0) await new Promise(setImmediate);
  expect([await stored(), segments()]).toEqual([2, []]);
  expect(readdirSync(ingest.lake.staging)).toEqual([]);
  expect(await send(ingest, '{"user":"ines"}\n{"user":"omar"}\n', { source: "generic.json", key: "a" })).toMatchObject({ repeated: true });
});

it("a segment that workers die of is put aside with its reason, shown, and tried again when somebody says so", async () => {
  const before = await stored();
  ingest = await place.start({ workerEntry: faultyWorker("dies", DIES) });
  const sent = await send(ingest, '{"user":"ines","n":1}\n', { source: "generic.json", key: "b" });
  await settled(ingest);
  const [segment, ...others] = await listQuarantine(database.ctx(), ingest);
  expect(others).toEqual([]);
  expect(segment).toMatchObject({ sources: ["generic.json"], reason: expect.stringMatching(/^A worker process ended \(exit code 7\).*it choked on its input$/) as string, bytes: expect.any(Number) as number });
  expect(place.troubles.at(-1)).toContain(`To try it again: corduroy sources retry ${segment!.id}`);
  expect([ingest.receiver.spool.backlog, segments(), await stored()]).toEqual([0, [], before]);
  await send(ingest, '{"user":"omar","n":2}\n', { source: "generic.json" });
  rmSync(fault);
  await settled(ingest);
  expect(await stored()).toBe(before + 1);

  // After a restart nobody has touched it, and its reason is still known.
  await ingest.close();
  ingest = await place.start();
  expect(await listQuarantine(database.ctx(), ingest)).toEqual([segment]);
  const nobody = database.ctx({ kind: "user", id: "u1", name: "vera", roles: ["viewer"] }, () => false);
  await expect(listQuarantine(nobody, ingest)).rejects.toThrow(Forbidden);
  await expect(retryQuarantined(nobody, ingest, { id: segment!.id })).rejects.toThrow(Forbidden);
  for (const id of ["none", "../quarantine/x", ".."]) await expect(retryQuarantined(database.ctx(), ingest, { id }), id).rejects.toThrow(NotFound);
  // Whoever sends it once more is told that it was received: tried again, it is not to be there twice.
  expect(await send(ingest, '{"user":"ines","n":1}\n', { source: "generic.json", key: "b" })).toEqual({ ...sent, repeated: true });
  await retryQuarantined(database.ctx(), ingest, { id: segment!.id });
  expect(await send(ingest, '{"user":"ines","n":1}\n', { source: "generic.json", key: "b" })).toEqual({ ...sent, repeated: true });
  await settled(ingest);
  expect([await stored(), await listQuarantine(database.ctx(), ingest), readdirSync(join(place.folder, "spool/quarantine"))]).toEqual([before + 2, [], []]);
  const { rows } = await database.pool.query("SELECT detail FROM audit_log WHERE action = 'deadLetters.replay' AND outcome = 'done' AND resource_id = $1", [segment!.id]);
  expect(rows).toEqual([{ detail: { verb: "try again" } }]);
});

const stopLogging = (userName: string, n: number): string => JSON.stringify({
  eventVersion: "1.10", eventTime: "2026-11-18T09:00:00Z", eventSource: "cloudtrail.amazonaws.com", eventName: "StopLogging", awsRegion: "eu-west-1", sourceIPAddress: "203.0.113.24",
  userIdentity: { type: "IAMUser", userName, accountId: "111122223333", arn: `arn:aws:iam::111122223333:user/${userName}`, principalId: "AIDAEXAMPLE" },
  eventID: `5d7c1ec2-45a4-42ca-b3ce-49778600000${n}`, recipientAccountId: "111122223333", requestParameters: { name: "company" }, responseElements: null,
});

it("an event whose texts no database takes is in the lake, and in a finding without what is refused", async () => {
  ingest = await place.start();
  const before = await stored();
  await send(ingest, stopLogging("da\0na", 1));
  await settled(ingest);
  expect([await stored(), await ingest.receiver.spool.quarantined()]).toEqual([before + 1, []]);
  expect((await database.pool.query("SELECT entity_name FROM findings")).rows).toEqual([{ entity_name: "da\uFFFDna" }]);
});

it("what the database refuses for its content is put aside after a few tries, and what comes after it goes on", async () => {
  const before = await stored();
  ingest = await place.start({ onFindings: async ({ db }) => void (await db.execute("SELECT 'x'::integer")) });
  await send(ingest, stopLogging("erik", 2));
  await ingest.receiver.spool.seal();
  await send(ingest, '{"user":"ines","n":3}\n', { source: "generic.json" });
  await settled(ingest);
  const [segment, ...others] = await ingest.receiver.spool.quarantined();
  expect(others).toEqual([]);
  expect(segment).toMatchObject({ sources: ["aws.cloudtrail"], reason: expect.stringContaining("22P02") as string });
  expect(await stored()).toBe(before + 1);
  await ingest.close();
  ingest = await place.start();
  await retryQuarantined(database.ctx(), ingest, { id: segment!.id });
  await settled(ingest);
  expect([await stored(), await ingest.receiver.spool.quarantined()]).toEqual([before + 2, []]);
});

it("where workers end whatever they are given, no more than a few tasks are put aside, and the rest waits", async () => {
  const before = await stored();
  ingest = await place.start({ workerEntry: faultyWorker("dies-always", DIES) });
  for (let n = 0; n < 6; n++) {
    await send(ingest, `{"user":"ines","m":${n}}\n`, { source: "generic.json" });
    await ingest.receiver.spool.seal();
  }
  await vi.waitFor(() => expect(place.troubles.at(-1)).toContain("Worker processes end whatever they work on"), LONG);
  const aside = await ingest.receiver.spool.quarantined();
  expect([aside.length, segments().length]).toEqual([3, 3]);
  rmSync(fault);
  await settled(ingest);
  expect(await stored()).toBe(before + 3);
  for (const { id } of aside) await retryQuarantined(database.ctx(), ingest, { id });
  await settled(ingest);
  expect([await stored(), readdirSync(ingest.lake.staging)]).toEqual([before + 6, []]);
});

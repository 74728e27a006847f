import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stampOf } from "@corduroy/core/ingest";
import { afterAll, expect, it } from "vitest";
import { Journal, type Followed } from "./journal.ts";
import { keepPending, readPending } from "./pending.ts";

const folder = mkdtempSync(join(tmpdir(), "journal-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const followed = (version: string, records: number, at = 0): Followed => ({
  version, object: "/a", source: "generic.json", path: "/a", file: "1:2:3", packed: false, size: 8, modified: 1.5, rested: false, place: { records, bytes: 8, midline: false }, marks: { headBytes: 8, head: "", tailFrom: 0, tailTo: 8, tail: "" }, at,
});

it("remembers the last word on each text, and not the line that a crash has cut", async () => {
  const path = join(folder, "state", "a.ndjson");
  const first = await Journal.open(path, 0);
  for (const [version, records] of [["a", 1], ["b", 1], ["a", 2]] as const) await first.put(followed(version, records), { durable: true });
  await first.close();
  appendFileSync(path, JSON.stringify(followed("b", 9)).slice(0, -5));
  const second = await Journal.open(path, 0);
  expect([...second.all()].map(({ version, place }) => [version, place.records])).toEqual([["a", 2], ["b", 1]]);
  await second.put(followed("b", 3), { durable: false });
  await second.close();
  expect(readFileSync(path, "utf8").trimEnd().split("\n")).toHaveLength(3);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "state")).mode & 0o777).toBe(0o700);
});

it("forgets files that have been gone for a season", async () => {
  const path = join(folder, "b.ndjson");
  const journal = await Journal.open(path, 0);
  await journal.put(followed("old", 1, 0), { durable: true });
  await journal.put(followed("new", 1, 89 * 86_400_000), { durable: true });
  const { file } = stampOf(statSync(folder));
  await journal.put({ ...followed("still there", 1, 0), path: folder, file }, { durable: true });
  await journal.close();
  const later = await Journal.open(path, 91 * 86_400_000);
  expect([...later.all()].map(({ version }) => version)).toEqual(["new", "still there"]);
  await later.close();
});

it("stays in proportion to what it knows, however long it is written to, and keeps the last word", async () => {
  const path = join(folder, "c.ndjson");
  const journal = await Journal.open(path, 0);
  const most = 4 * 3 * Buffer.byteLength(`${JSON.stringify(followed("a", 10_000))}\n`) + 1024 * 1024;
  for (let n = 0; n < 5_000; n++) {
    for (const version of ["a", "b", "c"]) await journal.put(followed(version, n), { durable: false });
    expect(statSync(path).size).toBeLessThanOrEqual(most);
  }
  await journal.put(followed("a", 5_000), { durable: true });
  await journal.close();
  const later = await Journal.open(path, 0);
  expect([...later.all()].map(({ version, place }) => [version, place.records])).toEqual([["a", 5_000], ["b", 4_999], ["c", 4_999]]);
  await later.close();
});

it("is read however long it has become", async () => {
  const path = join(folder, "d.ndjson");
  writeFileSync(path, `${JSON.stringify(followed("a", 1))}\n`);
  truncateSync(path, 513 * 1024 * 1024);
  appendFileSync(path, `\n${JSON.stringify({ ...followed("b", 2), path: "/\u2028" })}\n`);
  const journal = await Journal.open(path, 0);
  expect([...journal.all()].map(({ version }) => version)).toEqual(["a", "b"]);
  await journal.close();
  expect(statSync(path).size).toBeLessThan(2_000);
});

it("keeps a body as it is, in its pieces", async () => {
  const path = join(folder, "body");
  expect(await readPending(path)).toBeNull();
  const body = Buffer.from('\n{"a":\n1}\n\u0000');
  const pending = { after: followed("a", 3), pieces: [{ from: 3, apart: true, body }, { from: 4, apart: false, body: Buffer.from("[1]") }] };
  await keepPending(path, pending);
  expect(await readPending(path)).toEqual(pending);
  // As an earlier version wrote it.
  writeFileSync(path, Buffer.concat([Buffer.from(`${JSON.stringify({ from: 3, apart: true, after: followed("a", 3) })}\n`), body]));
  expect(await readPending(path)).toEqual({ after: followed("a", 3), pieces: [{ from: 3, apart: true, body }] });
});

import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { KnownVersion } from "../messages.ts";
import { linesIn } from "./lines.ts";
import { readObject, type Opened } from "./readObject.ts";

let root: string;
beforeAll(() => (root = mkdtempSync(join(tmpdir(), "corduroy-read-"))));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Reading {
  opened: Opened;
  /** Numbers and texts of records and dead letters that earlier runs did not take in. */
  fresh: string[];
  damages: string[];
  /** What a lake would remember of it. */
  known: KnownVersion;
}

async function read(location: string, known: KnownVersion[] = []): Promise<Reading> {
  const { size, mtimeMs } = statSync(location);
  let opened!: Opened;
  const fresh: string[] = [];
  const damages: string[] = [];
  const take = (prefix: string) => ({ buffer, start, end, no }: { buffer: Buffer; start: number; end: number; no: number }): void => {
    if (no > opened.skip) fresh.push(`${prefix}${no}:${buffer.toString("utf8", start, end)}`);
  };
  const { last, complete } = await readObject({ kind: "file", location, size, modified: mtimeMs }, known, {
    opened: (object) => (opened = object),
    record: take(""),
    lines: (lines) => [...linesIn(lines)].forEach(take("text ")),
    dead: take("dead "),
    damaged: (reason) => void damages.push(reason),
    breathe: () => Promise.resolve(),
  });
  return { opened, fresh, damages, known: { version: opened.version, bytes: opened.bytes, upTo: last, complete, done: true } };
}

const line = (id: number): string => `{"id":${id}}\n`;

it.each(["small", "large"])("reads of a grown file only what is new (%s)", async (size) => {
  const file = join(root, `grown-${size}.ndjson`);
  const padding = size === "large" ? `{"id":0,"x":"${"x".repeat(9_000_000)}"}\n` : "";
  writeFileSync(file, padding + line(1) + line(2));
  const first = await read(file);
  appendFileSync(file, line(3) + '{"id":4,"half":{"a":1}');
  const second = await read(file, [first.known]);
  const shift = padding === "" ? 0 : 1;
  expect(second.fresh).toEqual([`${3 + shift}:{"id":3}`, `dead ${4 + shift}:{"id":4,"half":{"a":1}`]);
  // Another hand completes the line: it is an event after all.
  appendFileSync(file, `}\n${line(5)}`);
  const third = await read(file, [first.known, second.known]);
  expect(third.fresh).toEqual([`${4 + shift}:{"id":4,"half":{"a":1}}`, `${5 + shift}:{"id":5}`]);
  expect((await read(file, [first.known, second.known, third.known])).fresh).toEqual([]);
});

it("takes a rewritten file for a new one, and one uploaded again for the same", async () => {
  const file = join(root, "rewritten.json");
  writeFileSync(file, '[{"id":1},{"id":2}]');
  const first = await read(file);
  writeFileSync(file, '[{"id":1},{"id":3}]');
  expect((await read(file, [first.known])).fresh).toEqual(['1:{"id":1}', '2:{"id":3}']);
  writeFileSync(file, '[{"id":1},{"id":2}]');
  expect((await read(file, [first.known])).fresh).toEqual([]);
});

it("goes on where a run broke off", async () => {
  const file = join(root, "partly.ndjson");
  writeFileSync(file, line(1) + line(2) + line(3));
  const { known } = await read(file);
  expect((await read(file, [{ ...known, upTo: 2, complete: 2, done: false }])).fresh).toEqual(['3:{"id":3}']);
});

it("reads a gz that has grown by a member from where it ended", async () => {
  const file = join(root, "members.ndjson.gz");
  writeFileSync(file, gzipSync(line(1)));
  const first = await read(file);
  appendFileSync(file, gzipSync(line(2)));
  expect((await read(file, [first.known])).fresh).toEqual(['2:{"id":2}']);
});

it("tells one thing of a gz cut within its list, and keeps its records", async () => {
  const file = join(root, "cut.json.gz");
  const whole = gzipSync(`{"Records":[${Array.from({ length: 50 }, (_, id) => `{"id":${id},"noise":"${Math.sin(id)}"}`).join(",")}]}`);
  writeFileSync(file, whole.subarray(0, whole.length - 60));
  const { fresh, damages } = await read(file);
  expect(damages).toEqual(["the gz data is cut short: everything before the cut was read"]);
  expect(fresh.length).toBeGreaterThan(40);
  expect(fresh.filter((text) => text.startsWith("dead")).length).toBeLessThanOrEqual(1);
});

import { beforeAll, expect, it } from "vitest";
import { Forbidden, Invalid, NotFound } from "../../kernel/index.ts";
import { testDatabase } from "../../store/test/index.ts";
import { listDeadLetters, type DeadLetterLine } from "./deadLetters.ts";
import { replayDeadLetters } from "./replayDeadLetters.ts";
import type { Ingest } from "./service.ts";
import { running, send } from "./test/running.ts";

const database = testDatabase();
const place = running(database);
let ingest: Ingest;

beforeAll(async () => {
  ingest = await place.start();
  for (const [source, body] of [["generic.json", '{"a":1}\n{"b"\n{"c"\n{"d":1}\n'], ["aws.cloudtrail", '{"Records":[{"e"'], ["generic.json", Buffer.concat([Buffer.from('{"f":"'), Buffer.from([0xff]), Buffer.from('"}\n')])], ["generic.json", `{"g":"${"x".repeat(20_000)}\n`]] as const) {
    await send(ingest, body, { source });
    await settled();
  }
});
async function settled(): Promise<void> {
  await ingest.receiver.spool.seal();
  while (ingest.backlog() > 0) await new Promise(setImmediate);
}
async function all(limit: number, source?: string): Promise<DeadLetterLine[]> {
  const found: DeadLetterLine[] = [];
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await listDeadLetters(database.ctx(), ingest.letters, { source, cursor, limit });
    expect(items.length).toBeLessThanOrEqual(limit);
    found.push(...items);
    if (next === null) return found;
    cursor = next;
  }
}

it("dead letters are listed with what they hold, by source, the latest first, in pages of any size", async () => {
  const letters = await all(50);
  expect(letters.map(({ source, line, raw, bytes }) => [source, line, raw.slice(0, 8), bytes])).toEqual([
    ["generic.json", 1, '{"g":"xx', 20_006],
    ["generic.json", 1, '{"f":"\u{FFFD}"', 9],
    ["aws.cloudtrail", 1, '{"e"', 4],
    ["generic.json", 3, '{"c"', 4],
    ["generic.json", 2, '{"b"', 4],
  ]);
  expect(letters[0]!.raw).toHaveLength(16 * 1024);
  expect(new Set(letters.map(({ id }) => id)).size).toBe(5);
  for (const limit of [1, 2, 3, 5]) expect(await all(limit), String(limit)).toEqual(letters);
  expect(await all(2, "aws.cloudtrail")).toEqual([letters[2]]);
  expect(await all(2, "kubernetes.audit")).toEqual([]);
});

it("a replayed letter is received once, keeps its place, is marked and audited", async () => {
  const [big, , , c, b] = (await all(50)) as [DeadLetterLine, DeadLetterLine, DeadLetterLine, DeadLetterLine, DeadLetterLine];
  const first = await replayDeadLetters(database.ctx(), ingest, { ids: [c.id, b.id, c.id] });
  expect(new Set(first).size).toBe(2);
  expect(first[2]).toBe(first[0]);
  expect(await replayDeadLetters(database.ctx({ kind: "user", id: "u2", name: "vera", roles: ["admin"] }), ingest, { ids: [b.id, c.id] })).toEqual([first[1], first[0]]);
  await settled();
  const letters = await all(50);
  expect(letters.filter(({ replayedAt }) => replayedAt !== null).map(({ id, replayedAt }) => [id, replayedAt])).toEqual([c, b].map(({ id }) => [id, database.at]));
  // What fails again is a new letter, of the same place.
  expect(letters).toHaveLength(7);
  expect(letters.slice(0, 2).map(({ file, line, raw }) => ({ file, line, raw }))).toEqual(expect.arrayContaining([b, c].map(({ file, line, raw }) => ({ file, line, raw }))));
  await replayDeadLetters(database.ctx(), ingest, { ids: [big.id] });
  await settled();
  expect((await all(1))[0]).toMatchObject({ bytes: big.bytes, raw: big.raw });
  const { rows } = await database.pool.query<{ detail: unknown }>("SELECT detail FROM audit_log WHERE action = 'deadLetters.replay' AND outcome = 'done' ORDER BY id");
  expect(rows.map(({ detail }) => detail)).toEqual([{ letters: 2, first: [c.id, b.id] }, { letters: 1, first: [big.id] }]);
});

it("a letter that was replayed stays so when its part is merged with others", async () => {
  for (let n = 0; n < 8; n++) {
    await send(ingest, `{"broken ${n}`, { source: "generic.json" });
    await settled();
  }
  const letters = await all(50);
  const { id, raw } = letters[1]!;
  const [receipt] = await replayDeadLetters(database.ctx(), ingest, { ids: [id] });
  await settled();
  expect((await ingest.upkeep.compact(database.ctx())).merges).toBeGreaterThan(0);
  const [again] = (await all(50)).filter((each) => each.raw === raw && each.replayedAt !== null);
  expect(again!.id).not.toBe(id);
  expect(await replayDeadLetters(database.ctx(), ingest, { ids: [again!.id] })).toEqual([receipt]);
  await expect(replayDeadLetters(database.ctx(), ingest, { ids: [id] })).rejects.toThrow(NotFound);
});

it("nothing of a replay is received when one letter of it is not there", async () => {
  const { length } = await all(50);
  const [{ id }] = (await all(50)) as [DeadLetterLine];
  for (const wrong of ["nonsense", "../../etc/passwd.1", id.replace(/\d+$/, "99"), `${"a".repeat(40)}.0`]) await expect(replayDeadLetters(database.ctx(), ingest, { ids: [id, wrong] }), wrong).rejects.toThrow(NotFound);
  await expect(replayDeadLetters(database.ctx(), ingest, { ids: [] })).rejects.toThrow(Invalid);
  await settled();
  expect(await all(50)).toHaveLength(length);
});

it("who may not see them sees none, and replays none", async () => {
  const nobody = database.ctx({ kind: "user", id: "u1", name: "vera", roles: ["viewer"] }, () => false);
  await expect(listDeadLetters(nobody, ingest.letters, { limit: 1 })).rejects.toThrow(Forbidden);
  await expect(replayDeadLetters(nobody, ingest, { ids: ["a.1"] })).rejects.toThrow(Forbidden);
  await expect(listDeadLetters(database.ctx(), ingest.letters, { limit: 1, cursor: "x" })).rejects.toThrow(Invalid);
});

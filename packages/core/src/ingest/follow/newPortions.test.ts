import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { linesIn } from "../read/lines.ts";
import { readBytes } from "../read/readObject.ts";
import { FollowedFile } from "./followedFile.ts";
import { halvesOf, type Piece } from "./halves.ts";
import type { Rest } from "./linePortions.ts";
import { newPortions } from "./newPortions.ts";
import { PORTION, type Place, type Portion } from "./portion.ts";

const folder = mkdtempSync(join(tmpdir(), "follow-"));
const path = join(folder, "file");
const START: Place = { records: 0, bytes: 0, midline: false };
const usual = { ...PORTION };
// Small bodies, so that many ends of bodies are met.
beforeAll(() => void Object.assign(PORTION, { records: 3, bytes: 60 }));
afterAll(() => {
  Object.assign(PORTION, usual);
  rmSync(folder, { recursive: true, force: true });
});

/** Numbers and bytes of what is read in a body: records and dead letters, and whether the last of them was cut. */
async function itemsOf(body: Buffer): Promise<{ items: [no: number, text: string][]; cut: boolean }> {
  const items: [number, string][] = [];
  const add = ({ buffer, start, end, no }: { buffer: Buffer; start: number; end: number; no: number }): void => void items.push([no, buffer.toString("latin1", start, end)]);
  const { last, complete } = await readBytes(body, { record: add, lines: (lines) => [...linesIn(lines)].forEach(add), dead: add, damaged: () => undefined, breathe: async () => undefined });
  return { items, cut: last !== complete };
}

async function look(content: Buffer, place: Place, rests: boolean | Rest, onDamage: (reason: string) => void = () => undefined): Promise<{ portions: Portion[]; place: Place; done: boolean }> {
  writeFileSync(path, content);
  const file = await FollowedFile.open(path);
  const portions: Portion[] = [];
  const taking = newPortions(file, place, { rests: rests === true ? "over" : rests === false ? "no" : rests, onDamage });
  let step = await taking.next();
  for (; !step.done; step = await taking.next()) portions.push(step.value);
  await file.close();
  return { portions, place: portions.at(-1)?.place ?? place, done: step.value };
}

/** A body in its smallest parts. */
function inParts(piece: Piece): Piece[] {
  return halvesOf(piece)?.flatMap(inParts) ?? [piece];
}

/** Looks at a text several times while it grows. @returns what receivers of the bodies read, with the numbers they give to it */
async function followed(text: Buffer, lengths: readonly number[], pack: (text: Buffer) => Buffer = (plain) => plain, parts: (piece: Piece) => Piece[] = (whole) => [whole]): Promise<[number, string][]> {
  const read: [number, string][] = [];
  let place = START;
  const looks = [...lengths.map((share) => [Math.floor(share * text.length), false] as const).sort(([a], [b]) => a - b), [text.length, true] as const];
  for (const [length, rests] of looks) {
    const { portions, place: next } = await look(pack(text.subarray(0, length)), place, rests);
    for (const { body, from, apart } of portions.flatMap(parts)) {
      if (apart) read.push([from, body.toString("latin1").trim()]);
      else for (const [no, item] of (await itemsOf(body)).items) read.push([no + from - 1, item]);
    }
    place = next;
  }
  return read;
}

const value = fc.oneof(fc.nat(99), fc.constantFrom("x", "a\\n", "{", "]", 'é"', "\u2028"), fc.constant(null), fc.constant([1, { deep: "]" }]));
const object = fc.dictionary(fc.constantFrom("a", "b", "time", "user"), value, { minKeys: 1, maxKeys: 3 });
const compact = object.map((each) => JSON.stringify(each));
const pretty = object.map((each) => JSON.stringify(each, null, 2));
const oddLine = fc.constantFrom("", "   ", "plain text", '{"broken', '{"a":1}}', "[1,2]", '[{"a":1},{"b":2}]', '{"Records":[{"a":1},{"b":2}]}', '{"Records":[{"a":1},', '{"a":{', "\ufffe", '{"bad":"\u0001"}');
const inLines = fc.tuple(fc.constantFrom("", "\ufeff", "\n\n"), compact, fc.array(fc.oneof({ weight: 3, arbitrary: compact }, oddLine), { maxLength: 14 })).map(([start, first, lines]) => `${start}${[first, ...lines].join("\n")}\n`);
const inList = fc.array(fc.oneof(compact, pretty), { minLength: 1, maxLength: 12 });
const list = inList.map((records) => `[${records.join(",\n")}]\n`);
const envelope = inList.map((records) => `{"Records":[${records.join(",")}]}`);
const documents = fc.tuple(pretty, inList).map((all) => all.flat().join("\n"));
const listThenLines = fc.tuple(list, fc.array(fc.oneof(compact, fc.constant("")), { maxLength: 8 })).map(([first, lines]) => `${first}${lines.join("\n")}\n`);
const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 });

describe("newPortions", () => {
  it.each([["lines", inLines], ["a list", list], ["an envelope", envelope], ["documents", documents], ["a list and lines", listThenLines]] as const)("keeps every byte and number of %s, however it is cut and however often it is looked at", async (_, texts) => {
    await fc.assert(
      fc.asyncProperty(texts, shares, async (text, lengths) => {
        const bytes = Buffer.from(text);
        const { items, cut } = await itemsOf(bytes);
        expect(await followed(bytes, lengths)).toEqual(cut ? items.slice(0, -1) : items);
      }),
      { numRuns: 150 },
    );
  });

  it.each([["lines", inLines], ["a list", list], ["a list and lines", listThenLines]] as const)("gives bodies of %s that keep every byte and number in halves of halves, down to one record each", async (_, texts) => {
    const sizes: number[] = [];
    await fc.assert(
      fc.asyncProperty(texts, shares, async (text, lengths) => {
        const bytes = Buffer.from(text);
        const { items, cut } = await itemsOf(bytes);
        const read = await followed(bytes, lengths, undefined, (piece) => {
          const parts = piece.body.length === 0 ? [piece] : inParts(piece);
          if (!piece.apart) sizes.push(parts.length);
          return parts;
        });
        expect(read).toEqual(cut ? items.slice(0, -1) : items);
        for (const { body, apart } of read.length === 0 ? [] : (await look(bytes, START, true)).portions.filter((each) => each.body.length > 0).flatMap(inParts)) if (!apart) expect((await itemsOf(body)).items).toHaveLength(1);
      }),
      { numRuns: 150 },
    );
    expect(Math.max(...sizes)).toBeGreaterThan(2);
  });

  it("reads what is packed as if it were not", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(inLines, envelope), shares, async (text, lengths) => {
        const bytes = Buffer.from(text);
        expect(await followed(bytes, lengths, gzipSync)).toEqual((await itemsOf(bytes)).items);
      }),
      { numRuns: 50 },
    );
  });

  it("leaves an unfinished line for later, and takes a whole one without its end when the file rests", async () => {
    const line = '{"a":1}\n{"b":2}';
    const first = await look(Buffer.from(line), START, false);
    expect(first.portions.map(({ body }) => String(body))).toEqual(['{"a":1}\n']);
    expect(first.done).toBe(false);
    const rested = await look(Buffer.from(line), first.place, true);
    expect(rested.portions.map(({ body, from }) => [from, String(body)])).toEqual([[2, '{"b":2}']]);
    const grown = await look(Buffer.from(`${line}\n{"c":3}\n`), rested.place, false);
    expect(grown.portions.map(({ body, from }) => [from, String(body)])).toEqual([[3, '{"c":3}\n']]);
    expect((await look(Buffer.from(`${line}\n{"c":3}\n{"d`), grown.place, true)).portions).toEqual([]);
  });

  it("takes a last line of text without its end when nobody has written for long", async () => {
    const text = Buffer.from("one\ntwo");
    const rested = await look(text, START, "yes");
    expect([rested.portions.map(({ body }) => String(body)), rested.done]).toEqual([["one\n"], false]);
    const over = await look(text, rested.place, "over");
    expect([over.portions.map(({ body, from }) => [from, String(body)]), over.done]).toEqual([[[2, "two"]], true]);
    expect((await look(Buffer.from("one\ntwo\nthree\n"), over.place, "no")).portions.map(({ body, from }) => [from, String(body)])).toEqual([[3, "three\n"]]);
  });

  it("gives every portion the line that names the fields, and no line another number", async () => {
    const header = "version account-id interface-id srcaddr dstaddr";
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom("2 1 eni-1 192.0.2.1 192.0.2.2", "", "3 1 eni-1 - -", '{"odd":1}'), { maxLength: 9 }), shares, fc.boolean(), async (lines, lengths, inHalves) => {
        const text = Buffer.from([header, ...lines, ""].join("\n"));
        const bodies: Piece[] = [];
        const read = await followed(text, lengths, undefined, (piece) => {
          const parts = inHalves && piece.body.length > 0 ? inParts(piece) : [piece];
          bodies.push(...parts.filter(({ body }) => body.length > 0));
          return parts;
        });
        expect(read.filter(([, line]) => line !== header)).toEqual((await itemsOf(text)).items.filter(([, line]) => line !== header));
        expect(new Set(bodies.map(({ from }) => from)).size).toBe(bodies.length);
        for (const { body, apart } of bodies) if (!apart && !String(body).startsWith("[")) expect(String(body).split("\n")[0]).toBe(header);
      }),
      { numRuns: 200 },
    );
  });

  it("leaves an unfinished record for later, even when the file rests", async () => {
    const { portions, place } = await look(Buffer.from('[{"a":1},\n{"b":'), START, true);
    expect(portions.map(({ body }) => String(body))).toEqual(['[{"a":1}]']);
    expect((await look(Buffer.from('[{"a":1},\n{"b":2}]'), place, false)).portions.map(({ body, from }) => [from, String(body)])).toEqual([[2, '[{"b":2}]']]);
  });

  it("follows no export of the journal, and says so once nobody writes to it", async () => {
    const told: string[] = [];
    const text = Buffer.from("__CURSOR=s=1\nMESSAGE=one\n\n");
    expect(await look(text, START, false, (reason) => told.push(reason))).toMatchObject({ portions: [], done: false });
    expect(told).toEqual([]);
    expect(await look(gzipSync(text), START, true, (reason) => told.push(reason))).toMatchObject({ portions: [], done: true });
    expect(told).toEqual([expect.stringContaining("write it with journalctl -o json")]);
  });

  it("waits where an object may become anything", async () => {
    expect((await look(Buffer.from("{\n"), START, true)).portions).toEqual([]);
    const { portions } = await look(Buffer.from('{\n"a": 1\n}\n'), START, true);
    expect(portions.map(({ body, from }) => [from, String(body)])).toEqual([[1, '[{\n"a": 1\n}]']]);
  });

  it("gives marks by which the text is known again, grown or packed", async () => {
    const text = Buffer.from('{"a":1}\n{"b":2}\n');
    const { portions } = await look(text, START, true);
    const { head, ...tail } = portions.at(-1)!.marks;
    const marks = { ...head!, ...tail };
    const bears = async (content: Buffer): Promise<boolean> => {
      writeFileSync(path, content);
      const file = await FollowedFile.open(path);
      try {
        return await file.bears(marks);
      } finally {
        await file.close();
      }
    };
    expect(await bears(Buffer.concat([text, Buffer.from("more")]))).toBe(true);
    expect(await bears(gzipSync(text))).toBe(true);
    expect(await bears(text.subarray(0, 10))).toBe(false);
    expect(await bears(Buffer.from('{"a":1}\n{"b":3}\n'))).toBe(false);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitInChunks, type Outcome } from "./test/split.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Texts that look like structure, escapes, and characters of one to four bytes. */
const nasty = fc.array(
  fc.constantFrom("{", "}", "[", "]", '"', "\\", ",", ":", "\n", "\u0000", "a", "é", "€", "😀", "\ud83d", '"Records"', '{"Records":[', ',{"id":', '{"id":1}', "\\u", "null"),
  { maxLength: 6 },
).map((parts) => parts.join(""));
const object = (of: fc.Arbitrary<Json>): fc.Arbitrary<Record<string, Json>> => fc.array(fc.tuple(nasty, of), { maxLength: 4 }).map((entries) => Object.fromEntries(entries));
const scalar = fc.oneof(nasty, fc.constantFrom<Json>(null, true, false, 0, -0.5, 1e300, 12345678901, "", {}, []));
const flat = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), object(scalar));
const value = fc.oneof({ weight: 3, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(flat, { maxLength: 3 }) }, { weight: 1, arbitrary: object(flat) });
const record = object(value);
const chunks = fc.oneof(fc.constant([1]), fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 6 }), fc.constant([1 << 20]));
const space = fc.array(fc.constantFrom(" ", "\n", "\r\n", "\t"), { maxLength: 3 }).map((parts) => parts.join(""));
/** JSON with escapes written as `\uXXXX` here and there, and white space of one kind. */
const written = fc.record({ indent: fc.constantFrom(undefined, 1, 2, "\t"), crlf: fc.boolean(), escaped: fc.boolean() }).map(({ indent, crlf, escaped }) => (json: Json): string => {
  let text = JSON.stringify(json, null, indent);
  if (escaped) text = text.replace(/[^\x20-\x7e\s]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return crlf ? text.replaceAll("\n", "\r\n") : text;
});
const oneLine = (json: Json): string => JSON.stringify(json);
const bom = fc.constantFrom("", "\ufeff");
const runs = { numRuns: 300 };

const envelope = (...ids: number[]): string => JSON.stringify({ Records: ids.map((id) => ({ id })) });

function expectRecords(outcome: Outcome, expected: Json[], numbers = expected.map((_, index) => index + 1)): void {
  expect(outcome.items.map(({ dead }) => dead)).toEqual(expected.map(() => null));
  expect(outcome.items.map(({ text }) => JSON.parse(text) as Json)).toEqual(expected);
  expect(outcome.items.map(({ no }) => no)).toEqual(numbers);
  expect(outcome.damages).toEqual([]);
  expect(outcome.unfinished).toBe(false);
}

describe("whole texts", () => {
  it("gives the records of a list or an envelope, exactly and in order", () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), fc.boolean(), written, bom, space, chunks, (records, enveloped, write, mark, gap, sizes) => {
        const text = mark + gap + write(enveloped ? { Records: records, more: [{ a: "]}" }] } : records) + gap;
        const outcome = splitInChunks(Buffer.from(text), sizes);
        expectRecords(outcome, (enveloped ? (JSON.parse(text.slice(mark.length)) as { Records: Json[] }).Records : JSON.parse(text.slice(mark.length))) as Json[]);
      }),
      runs,
    );
  });

  it("gives each line, with the number of its physical line", () => {
    fc.assert(
      fc.property(fc.array(fc.option(record), { minLength: 1, maxLength: 8 }), fc.constantFrom("\n", "\r\n"), fc.boolean(), bom, chunks, (lines, newline, ends, mark, sizes) => {
        const text = mark + lines.map((line) => (line === null ? "" : oneLine(line))).join(newline) + (ends ? newline : "");
        const outcome = splitInChunks(Buffer.from(text), sizes);
        const reference = text.slice(mark.length).split("\n").flatMap((line, index) => (line.trim() === "" ? [] : [{ record: JSON.parse(line) as Json, no: index + 1 }]));
        expectRecords(outcome, reference.map((each) => each.record), reference.map((each) => each.no));
      }),
      runs,
    );
  });

  it("gives each line of text, among objects and blank lines, with the number of its physical line", () => {
    const line = fc.oneof(fc.constantFrom("", "  ", '{"a":1}', " {}", "\tindented", "trailing  ", "x\r", "192.0.2.1 - -", "ä{"), fc.string({ unit: "binary", minLength: 1, maxLength: 8 }).map((text) => `t${text.replaceAll("\n", "_")}`));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.constantFrom("\n", "\r\n"), fc.boolean(), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }), (lines, newline, ends, sizes) => {
        const text = ["first line", ...lines].join(newline) + (ends ? newline : "");
        const { items } = splitInChunks(Buffer.from(text), sizes);
        const reference = text.split("\n").flatMap((each, index) => {
          const own = each.replace(/[ \t\r\n]+$/, "");
          return own.trim() === "" ? [] : [{ no: index + 1, text: own.replace(/^[ \t\r]+\{/, "{"), isText: !/^[ \t\r]*\{/.test(own) }];
        });
        expect(items.map(({ no, text: found, dead }) => ({ no, text: found, isText: dead === "not a JSON object" }))).toEqual(reference);
      }),
    );
  });

  it("gives documents that follow one another, over many lines or side by side", () => {
    fc.assert(
      fc.property(fc.array(record.filter((each) => Object.keys(each).length > 0), { minLength: 1, maxLength: 6 }), written, fc.constantFrom("", " ", "\n", "\r\n\r\n"), chunks, (records, write, between, sizes) => {
        const text = records.map(write).join(between);
        fc.pre(records.length === 1 || !text.includes("\n") || /^\{\r?\n/.test(text));
        const outcome = splitInChunks(Buffer.from(text), sizes);
        expectRecords(outcome, records.map((each) => JSON.parse(write(each)) as Json));
      }),
      runs,
    );
  });

  it("gives one document of any size as one record", () => {
    fc.assert(
      fc.property(record, written, space, chunks, (one, write, gap, sizes) => {
        const outcome = splitInChunks(Buffer.from(gap + write(one) + gap), sizes);
        expect(outcome.items.map(({ text }) => JSON.parse(text) as Json)).toEqual([JSON.parse(write(one))]);
        expect(outcome.items[0]!.dead).toBeNull();
      }),
      runs,
    );
  });

  it("reads envelopes one after another", () => {
    expectRecords(splitInChunks(Buffer.from(`${envelope(1, 2)}\n${envelope()}\n${envelope(3)}\n`), [7]), [{ id: 1 }, { id: 2 }, { id: 3 }]);
  });

  it("gives the exact bytes", () => {
    const first = '{"a" : 1e5,"a":-0, "é":"\\u00e9\\ud83d"}';
    const outcome = splitInChunks(Buffer.from(`{"Records":[ ${first} ,\n{"b":"\\\\"}]}`), [3]);
    expect(outcome.items.map(({ text }) => text)).toEqual([first, '{"b":"\\\\"}']);
  });

  it("finds nothing in nothing", () => {
    for (const text of ["", " \n\n", "\ufeff", "[]", '{"Records":[]}', '{"Records":[]}\n']) expectRecords(splitInChunks(Buffer.from(text), [1]), []);
  });
});

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** One accident that can befall a record's bytes. */
const accident: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.nat().chain((place) =>
  fc.oneof(
    fc.constantFrom('"', "}", "]", "{", "[", "\0", "\xff", "\xc3").map((inserted) => (bytes: Buffer): Buffer => {
      const at = place % (bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(inserted, "latin1"), bytes.subarray(at)]);
    }),
    fc.constantFrom('"', "}", "]", "{", "[", ":").map((removed) => (bytes: Buffer): Buffer => {
      const places = [...bytes].flatMap((byte, index) => (byte === removed.charCodeAt(0) ? [index] : []));
      const at = places[place % places.length] ?? 0;
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
    }),
    fc.constant((bytes: Buffer): Buffer => bytes.subarray(0, 1 + (place % (bytes.length - 1)))),
    fc.constant((bytes: Buffer): Buffer => Buffer.concat([Buffer.from("junk, 5 [junk] "), bytes.subarray(5)])),
  ),
);

/** Records as sources write them: all begin with the same key, and nothing nested does. */
const regular = value.map((data) => ({ id: 1, data, tail: "x" }));

const hasStructureInText = (json: string): boolean => (json.match(/"(?:[^"\\]|\\.)*"/gs) ?? []).some((text) => /[\\{}[\],:]/.test(text.slice(1, -1)));

describe("a broken neighbour", () => {
  const frames = [
    { name: "a list", frame: (texts: string[]) => `[${texts.join(",")}]` },
    { name: "an envelope", frame: (texts: string[]) => `{"Records":[${texts.join(", ")}]}` },
    { name: "an envelope with more behind the list", frame: (texts: string[]) => `{"Records":[${texts.join(",\n")}],"more":{"x":["]"]}}\n` },
    { name: "lines", frame: (texts: string[]) => `${texts.join("\n")}\n` },
    { name: "documents over several lines", frame: (texts: string[]) => `${texts.map((text) => JSON.stringify(JSON.parse(text), null, 2)).join("\n")}\n` },
  ];
  const mark = "__BROKEN__";

  it.each(frames)("costs no other record in $name", ({ name, frame }) => {
    fc.assert(
      fc.property(fc.array(regular, { minLength: 3, maxLength: 6 }), fc.nat(), accident, chunks, (records, which, harm, sizes) => {
        const broken = 1 + (which % (records.length - 1));
        const texts = records.map((each, index) => JSON.stringify(index === broken ? { mark } : { ...each, id: index }));
        const whole = frame(texts);
        const pretty = name.startsWith("documents");
        const original = JSON.stringify({ ...records[broken]!, id: broken }, null, pretty ? 2 : undefined);
        const hurt = harm(Buffer.from(original));
        fc.pre(!parses(hurt.toString("utf8")) || !hurt.equals(Buffer.from(hurt.toString("utf8"))));
        const [before, after] = whole.split(pretty ? `{\n  "mark": "${mark}"\n}` : `{"mark":"${mark}"}`) as [string, string];
        const outcome = splitInChunks(Buffer.concat([Buffer.from(before), hurt, Buffer.from(after)]), sizes);
        const good = outcome.items.filter(({ dead, text }) => dead === null && parses(text));
        const others = records.flatMap((each, index) => (index === broken ? [] : [{ ...each, id: index }]));
        // Damage in front of a record leaves the record itself whole.
        expect(good.map(({ text }) => JSON.parse(text) as unknown).filter((each) => (each as { id: number }).id !== broken)).toEqual(JSON.parse(JSON.stringify(others)));
        // Cut off in a list of its own, the last record takes the ends of what is around it for its own: only those are missed.
        const isCutLast = broken === records.length - 1 && outcome.damages.length === 1;
        const dead = outcome.items.length - good.length;
        // A text that looks like structure can, once damaged, look like the end of the record: the rest is a dead letter of its own.
        if (!isCutLast) expect(dead).toBeGreaterThanOrEqual(1);
        if (!isCutLast && !hasStructureInText(original)) expect(dead).toBe(1);
        expect(outcome.items.map(({ no }) => no)).toEqual(outcome.items.map((_, index) => index + 1));
      }),
      { numRuns: 400 },
    );
  });
});

it("a quote that lost its escape costs one record, and is one dead letter", () => {
  const hurt = '{"id":1,"data":"}\\x"}","tail":"x"}';
  const { items } = splitInChunks(Buffer.from(`{"Records":[{"id":0}, ${hurt}, {"id":2}]}`), [1000]);
  expect(items.map(({ dead, text }) => [dead === null, text])).toEqual([[true, '{"id":0}'], [false, hurt], [true, '{"id":2}']]);
});

/** So many bytes of a text over and over. */
const filled = (text: string, bytes: number, before = ""): Buffer => Buffer.concat([Buffer.from(before), Buffer.alloc(bytes, text)]);

/** Numbers and reasons of what came out, how many things are wrong with the whole, the last number, and whether a record may go on. */
const summary = (text: string): unknown[] => {
  const { items, damages, count, unfinished } = splitInChunks(Buffer.from(text), [5]);
  return [items.map(({ no, dead }) => [no, dead]), damages.length, count, unfinished];
};

describe("hostile texts", () => {
  const MIB = 1024 * 1024;
  const sizes = [MIB];
  // No clock here: what takes quadratic time does not end within the test's time limit.
  it.each([
    ["{", ""],
    ['"', ""],
    ["[", ""],
    ["}", "[{}"],
    ['{"a":', ""],
    ['[{"a":', ""],
    ['{"a":1,', ""],
    [',{"a":1', '[{"a":1}'],
    ['{"a":[1,', ""],
    ["\\", '[{"a":"'],
    [" ", '[{"a":1}'],
    [",", '[{"a":1}'],
    ["\n", '{"a":'],
  ])("takes 6 MiB of %j after %j", (text, before) => {
    const outcome = splitInChunks(filled(text, 6 * MIB, before), sizes);
    expect(outcome.count).toBeGreaterThan(0);
  });

  it("takes one byte at a time, also of a long record", () => {
    const text = Buffer.from(JSON.stringify([{ id: 1, long: "x".repeat(MIB) }, { id: 2 }]));
    expectRecords(splitInChunks(text, [1]), JSON.parse(text.toString()) as Json[]);
  });

  it.each(["list", "line"])("reads 50 MB in one string as one record (%s)", (layout) => {
    const long = JSON.stringify({ id: 2, long: "x".repeat(50_000_000) });
    const text = layout === "list" ? `[{"id":1},${long},{"id":3}]` : `{"id":1}\n${long}\n{"id":3}\n`;
    const { items } = splitInChunks(Buffer.from(text), sizes);
    expect(items.map(({ no, dead, bytes }) => [no, dead, bytes.length])).toEqual([[1, null, 8], [2, null, long.length], [3, null, 8]]);
  });

  it.each(["list", "line"])("passes a record over the limit as one dead letter (%s)", (layout) => {
    const long = Buffer.concat([Buffer.from('{"id":2,"long":"'), Buffer.alloc(150 * MIB, "x"), Buffer.from('"}')]);
    const parts = layout === "list" ? ['[{"id":1},', long, ',{"id":3}]'] : ['{"id":1}\n', long, '\n{"id":3}\n'];
    const { items } = splitInChunks(Buffer.concat(parts.map((part) => Buffer.from(part))), sizes);
    expect(items.map(({ no, dead, bytes }) => [no, dead, bytes.length])).toEqual([
      [1, null, 8],
      [2, "longer than 64 MiB (its first MiB is kept)", MIB],
      [3, null, 8],
    ]);
  });

  it("follows a million levels", () => {
    const deep = `{"id":2,"deep":${'[{"a":'.repeat(500_000)}1${"}]".repeat(500_000)}}`;
    const { items } = splitInChunks(Buffer.from(`[{"id":1},${deep},{"id":3}]`), [MIB / 3]);
    expect(items.map(({ text, dead }) => [text.length, dead])).toEqual([[8, null], [deep.length, null], [8, null]]);
  });

  it("tells what is cut short", () => {
    const cut = "the file ends inside this record";
    expect(summary('{"Records":[{"id":1},{"id":2,"x":"y')).toEqual([[[1, null], [2, cut]], 0, 2, true]);
    expect(summary('{"Records":[{"id":1},{"id":2}')).toEqual([[[1, null], [2, null]], 1, 2, false]);
    expect(summary('{"Records":[{"id":1}]')).toEqual([[[1, null]], 1, 1, false]);
    expect(summary('[{"id":1},')).toEqual([[[1, null]], 1, 1, false]);
    expect(summary('{"id":1}\n{"id":{"x":1}')).toEqual([[[1, null], [2, cut]], 0, 2, true]);
    expect(summary('{"id":1}\n{"id":2}')).toEqual([[[1, null], [2, null]], 0, 2, false]);
    expect(summary('{\n "id":1\n}\n{\n "id":')).toEqual([[[1, null], [2, cut]], 0, 2, true]);
    expect(summary('{"id":')).toEqual([[[1, cut]], 0, 1, true]);
  });

  it("gives up a record that cannot be told from its neighbours, and says so", () => {
    // Cut off within a list of its own, before an envelope's end: the neighbours become elements, and nothing is missing.
    const { items } = splitInChunks(Buffer.from('{"Records":[{"id":1},{"id":2,"l":[1,{"id":3},{"id":4}]}'), [9]);
    expect(items.map(({ text, dead }) => [text, dead])).toEqual([
      ['{"id":1}', null],
      ['{"id":2,"l":[1', "the record is not valid JSON"],
      ['{"id":3}', null],
      ['{"id":4}', null],
    ]);
  });

  it("gives mixed lists their objects, and what lies between as dead letters", () => {
    const { items } = splitInChunks(Buffer.from('[1, "two", {"id":1}, null, [3], {"id":2}, "end"]'), [4]);
    expect(items.map(({ no, text, dead }) => [no, text, dead !== null])).toEqual([
      [1, '1, "two"', true],
      [2, '{"id":1}', false],
      [3, "null, [3]", true],
      [4, '{"id":2}', false],
      [5, '"end"]', true],
    ]);
  });

  it("tells bytes that are not UTF-8 from a character cut by a chunk's end", () => {
    const text = Buffer.concat([Buffer.from('{"a":"€"}\n{"a":"'), Buffer.from([0xe2, 0x82]), Buffer.from('"}\n{"a":"😀"}\n')]);
    for (let size = 1; size < 20; size++) expect(splitInChunks(text, [size]).items.map(({ dead }) => dead)).toEqual([null, "not valid UTF-8", null]);
  });
});

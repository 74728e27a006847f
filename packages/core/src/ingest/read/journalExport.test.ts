import fc from "fast-check";
import { expect, it } from "vitest";
import { recognise, type JsonRecord } from "../../sources/index.ts";
import { journalAsJson } from "./journalExport.ts";
import { readBytes } from "./readObject.ts";

interface Field {
  name: string;
  value: Buffer;
  /** Written by its length; otherwise as a line, which must have no line feed in it. */
  binary: boolean;
}

const field = (name: string, text: string): Field => ({ name, value: Buffer.from(text, "utf8"), binary: false });

/** https://systemd.io/JOURNAL_EXPORT_FORMATS/ */
function written(entry: readonly Field[]): Buffer {
  const length = (value: Buffer): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value.length));
    return bytes;
  };
  return Buffer.concat([...entry.flatMap(({ name, value, binary }) => (binary ? [Buffer.from(`${name}\n`), length(value), value, Buffer.from("\n")] : [Buffer.from(`${name}=`), value, Buffer.from("\n")])), Buffer.from("\n")]);
}

/** What `journalctl -o json --all` says of an entry. */
function asJson(entry: readonly Field[]): JsonRecord {
  const record: Record<string, unknown[]> = {};
  for (const { name, value } of entry) {
    const text = value.toString("utf8");
    const isText = Buffer.from(text, "utf8").equals(value) && value.every((byte) => (byte < 0x20 ? byte === 0x09 || byte === 0x0a : byte !== 0x7f));
    (record[name] ??= []).push(isText ? text : [...value]);
  }
  return Object.fromEntries(Object.entries(record).map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

async function converted(text: Buffer, sizes: readonly number[] = [text.length]): Promise<string> {
  const pieces: Buffer[] = [];
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0, turn = 0; at < text.length; at += sizes[turn++ % sizes.length]!) yield Buffer.from(Uint8Array.from(text.subarray(at, at + sizes[turn % sizes.length]!)).buffer);
  }
  for await (const piece of journalAsJson(chunks())) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

const line = fc.string({ unit: "binary", maxLength: 20 }).map((text) => Buffer.from(text.replaceAll("\n", " "), "utf8"));
const fieldOf = fc.oneof(fc.record({ name: fc.constantFrom("MESSAGE", "_PID", "N", "DATA_1"), value: line, binary: fc.constant(false) }), fc.record({ name: fc.constantFrom("MESSAGE", "COREDUMP"), value: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)), binary: fc.constant(true) }));
const entryOf = fc.tuple(line, fc.array(fieldOf, { maxLength: 6 })).map(([cursor, fields]) => [{ name: "__CURSOR", value: cursor, binary: false }, ...fields]);
const sizesOf = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });

it("is the JSON that journalctl writes, however the bytes arrive", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entryOf, { minLength: 1, maxLength: 5 }), sizesOf, async (entries, sizes) => {
      const lines = (await converted(Buffer.concat(entries.map(written)), sizes)).split("\n");
      expect(lines.pop()).toBe("");
      expect(lines.map((each) => JSON.parse(each) as unknown)).toEqual(entries.map(asJson));
    }),
  );
});

it("gives every entry before a cut, and what was cut as no whole object", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entryOf, { minLength: 1, maxLength: 4 }), fc.nat(), sizesOf, async (entries, at, sizes) => {
      const texts = entries.map(written);
      const whole = Buffer.concat(texts);
      const cut = Math.max(at % whole.length, 9);
      let [before, end] = [0, 0];
      // What lacks nothing but the empty line at its end is whole.
      while (before < texts.length && end + texts[before]!.length - 1 <= cut) end += texts[before++]!.length;
      const lines = (await converted(whole.subarray(0, cut), sizes)).split("\n").filter((each) => each !== "");
      expect(lines.slice(0, before).map((each) => JSON.parse(each) as unknown)).toEqual(entries.slice(0, before).map(asJson));
      expect(lines.length - before).toBe(end < cut ? 1 : 0);
    }),
  );
});

it("leaves every other text as it is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), sizesOf, async (bytes, sizes) => {
      const text = Buffer.concat([Buffer.from("{"), bytes]);
      expect(await converted(text, sizes)).toBe(text.toString("utf8"));
    }),
  );
  expect(await converted(Buffer.from("__CUR"))).toBe("__CUR");
});

const entry = (cursor: string, message: string): Field[] => [field("__CURSOR", cursor), field("__REALTIME_TIMESTAMP", "1715679000123456"), field("_HOSTNAME", "web1"), field("SYSLOG_IDENTIFIER", "sshd"), field("SYSLOG_FACILITY", "4"), field("PRIORITY", "6"), field("_PID", "123"), field("MESSAGE", message)];

it("goes on behind a damaged entry, which is a dead letter, and tells sign-ins from their content", async () => {
  const [first, last] = [entry("s=1", "Accepted publickey for ines from 203.0.113.12 port 50100 ssh2"), entry("s=4", "Failed password for root from 203.0.113.66 port 50101 ssh2")];
  const tooLong = Buffer.concat([Buffer.from("__CURSOR=s=2\nMESSAGE\n"), Buffer.alloc(8, 0xff), Buffer.from("x\n\n")]);
  const noName = Buffer.from("__CURSOR=s=3\nnothing of the kind\n\n");
  const wrongEnd = Buffer.concat([Buffer.from("__CURSOR=s=3\nMESSAGE\n"), Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]), Buffer.from("xy\n\n")]);
  const records: { no: number; source: string }[] = [];
  const dead: string[] = [];
  const take = ({ buffer, start, end, no }: { buffer: Buffer; start: number; end: number; no: number }): void => {
    try {
      records.push({ no, source: recognise(JSON.parse(buffer.toString("utf8", start, end)) as JsonRecord).source.id });
    } catch {
      dead.push(buffer.toString("utf8", start, end));
    }
  };
  await readBytes(Buffer.concat([written(first), tooLong, noName, wrongEnd, written(last), Buffer.from("__CURSOR=s=5\nMESS")]), {
    record: take,
    lines: () => expect.unreachable(),
    dead: ({ buffer, start, end }, reason) => void dead.push(`${reason}: ${buffer.toString("utf8", start, end)}`),
    damaged: () => undefined,
    breathe: () => Promise.resolve(),
  });
  expect(records).toEqual([{ no: 1, source: "linux.auth" }, { no: 5, source: "linux.auth" }]);
  expect(dead).toEqual(['{"__CURSOR":"s=2"', '{"__CURSOR":"s=3"', '{"__CURSOR":"s=3"', 'the file ends inside this record: {"__CURSOR":"s=5"']);
});

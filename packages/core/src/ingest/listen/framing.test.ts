import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CUT_OFF, Framing, LONGEST_MESSAGE, NO_COUNT, TOO_LONG, WRONG_COUNT } from "./framing.ts";

/** What a connection gives whose bytes come in pieces of these sizes, in turn. */
function framed(bytes: Buffer, sizes: readonly number[], clean = true): { messages: [text: string, fault: string | null][]; lost: boolean } {
  const framing = new Framing();
  const messages: [string, string | null][] = [];
  const take = (some: Iterable<{ bytes: Buffer; fault: string | null }>): void => {
    for (const { bytes: each, fault } of some) messages.push([each.toString("latin1"), fault]);
  };
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const size = sizes[n % sizes.length]!;
    take(framing.push(bytes.subarray(at, at + size)));
    at += size;
  }
  const { lost } = framing;
  take(framing.end(clean));
  return { messages, lost };
}

/** A long text in few characters. */
const digest = (text: string | null): unknown => (text === null || text.length < 100 ? text : [text.length, text.slice(0, 10), text.slice(-10)]);

/** RFC 6587 as it reads, on the whole text at once; up to what cannot be read. */
function reference(text: string, clean: boolean): { messages: [string, string | null][]; fault: string | null } {
  const plain = (message: string): string => message.replace(/\r?\n?$/, "");
  if (!/^[1-9]\d{0,8} /.test(text)) {
    const lines = text.split("\n");
    const rest = lines.pop()!;
    return { messages: [...lines.map((line): [string, null] => [plain(line), null]), [plain(rest), clean ? null : CUT_OFF] as [string, string | null]].filter(([line]) => line !== ""), fault: null };
  }
  const messages: [string, string | null][] = [];
  for (let left = text; ; ) {
    left = left.replace(/^\n+/, "");
    const [head, digits] = /^([1-9]\d{0,8}) /.exec(left) ?? [];
    if (head === undefined) return left === "" || /^[1-9]\d{0,8}$/.test(left) ? { messages: left === "" ? messages : [...messages, [left, CUT_OFF]], fault: null } : { messages, fault: NO_COUNT };
    if (Number(digits) > 16 * 1024 * 1024) return { messages, fault: WRONG_COUNT };
    const message = left.slice(head.length, head.length + Number(digits));
    const whole = message.length === Number(digits);
    if (plain(message) !== "") messages.push([plain(message), whole ? null : CUT_OFF]);
    if (!whole) return { messages, fault: null };
    left = left.slice(head.length + Number(digits));
  }
}

const byte = fc.constantFrom("\n", "\r", "\0", " ", "<", "3", "0", "{", "x", "\xff");
const message = fc.string({ unit: byte, minLength: 1, maxLength: 12 });
const counted = fc.array(message.map((text) => `${text.length} ${text}`), { minLength: 1, maxLength: 8 }).map((all) => all.join(""));
const lines = fc.array(message.map((text) => `<34>${text}\n`), { maxLength: 8 }).map((all) => all.join(""));
const lies = fc.tuple(counted, fc.constantFrom("999999999 <34>x", "12345678901 <34>x", "0 <34>x", "<34>x\n", "07 <34>xyz"), counted).map((all) => all.join(""));
const anything = fc.string({ unit: byte, maxLength: 60 });

describe("the framing of a connection", () => {
  it("is that of RFC 6587, in whatever pieces the bytes come and wherever they end", () => {
    fc.assert(
      fc.property(fc.oneof(counted, lines, lies, anything), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }), fc.nat(), fc.boolean(), (text, sizes, cut, clean) => {
        const kept = text.slice(0, text.length - (cut % 3));
        const found = framed(Buffer.from(kept, "latin1"), sizes, clean);
        const expected = reference(kept, clean);
        if (expected.fault === null) expect(found).toEqual({ messages: expected.messages, lost: false });
        else expect([found.messages.slice(0, -1), found.messages.at(-1)![1], found.lost]).toEqual([expected.messages, expected.fault, true]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("tells where it is lost, also where nothing but the end of a line is there to be told", () => {
    for (const rest of ["\r", "\r\n", "\r\n3 abc"]) expect(framed(Buffer.from(`1 x${rest}`), [100])).toEqual({ messages: [["x", null], [rest, NO_COUNT]], lost: true });
  });

  it("takes a message of 1 MiB whole, and cuts a longer one, by lines and by counts", () => {
    for (const length of [1_000_000, LONGEST_MESSAGE, LONGEST_MESSAGE + 1, 3 * LONGEST_MESSAGE]) {
      const text = `<34>${"x".repeat(length - 4)}`;
      const kept = [text.slice(0, LONGEST_MESSAGE), length > LONGEST_MESSAGE ? TOO_LONG : null];
      const whole = (bytes: string): [string, string | null][] => framed(Buffer.from(bytes), [65_536]).messages;
      for (const bytes of [`${text}\n<34>next\n`, `${length} ${text}8 <34>next`]) expect(whole(bytes).flat().map(digest)).toEqual([...kept, "<34>next", null].map(digest));
    }
  });

  it("keeps little of what it passes over, and says so", () => {
    const framing = new Framing();
    for (let n = 0; n < 100; n++) expect([...framing.push(Buffer.alloc(LONGEST_MESSAGE, "x"))]).toEqual([]);
    expect(framing.kept).toBe(LONGEST_MESSAGE);
    expect([...framing.end(false)].map(({ bytes, fault }) => [bytes.length, fault])).toEqual([[LONGEST_MESSAGE, CUT_OFF]]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonPieces, visiblePieces, visibleText } from "./pieces.ts";

const joined = (text: string): string => jsonPieces(text).map((piece) => piece.text).join("");

describe("text from a log", () => {
  it("shows what would act: controls, direction, lone halves of a character", () => {
    expect(visibleText("a\u202Eb\u0000\uD800")).toBe("a\\u{202E}b\\u{00}\\u{D800}");
    expect(visiblePieces("plain ä😀")).toEqual([{ text: "plain ä😀", mark: false }]);
    expect(visiblePieces("a\nb", "\n")).toEqual([{ text: "a\nb", mark: false }]);
  });

  it("never keeps a character that acts", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(visibleText(text))));
  });
});

describe("a record laid out", () => {
  it("means the same, and keeps numbers and duplicate keys as they were written", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(JSON.parse(joined(text))).toEqual(JSON.parse(text));
      }),
    );
    expect(joined('{"a":12345678901234567890,"a":1e5,"b":[],"c":{"d":[1,2]}}')).toBe('{\n  "a": 12345678901234567890,\n  "a": 1e5,\n  "b": [],\n  "c": {\n    "d": [\n      1,\n      2\n    ]\n  }\n}');
  });

  it("marks the names of members alone", () => {
    expect(jsonPieces('{"a":"a:b","c":{"d":1}}').filter((piece) => piece.mark).map((piece) => piece.text)).toEqual(['"a"', '"c"', '"d"']);
  });

  it("that is no JSON stays whole, and one nested deep stays small", () => {
    expect(joined('{"a":')).toBe('{"a":');
    const deep = "[".repeat(2_000) + "]".repeat(2_000);
    expect(joined(deep).length).toBeLessThan(20 * deep.length);
  });
});

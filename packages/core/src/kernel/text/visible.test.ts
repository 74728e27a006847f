import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clipped, visible, visibleBlock, visiblePieces } from "./visible.ts";

describe("visible", () => {
  it.each([
    ["a\u202Eb", "a\\u{202E}b"],
    ["\u001B[31m", "\\u{1B}[31m"],
    ["a\r\n\tb", "a\\r\\n\\tb"],
    ["\u0000\u009B", "\\u{00}\\u{9B}"],
    ["\uFEFF\u200B\u2066\u{E0041}", "\\u{FEFF}\\u{200B}\\u{2066}\\u{E0041}"],
    ["\uD800 and \uDC00", "\\u{D800} and \\u{DC00}"],
    ["e\u0301 stays", "e\u0301 stays"],
    ["👩‍💻 李伟 שלום", "👩‍💻 李伟 שלום"],
    ["a\u200Db", "a\\u{200D}b"],
    [`z${"\u0301".repeat(9)}`, "z\\u{301…9 marks}"],
  ])("writes out what does not show: %j", (text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it("keeps line feeds and tabs in a block only", () => {
    expect(visibleBlock("a\n\tb\r\u001B")).toBe("a\n\tb\\r\\u{1B}");
  });

  it("leaves no control, format or separator character in any text, but joiners inside emoji", () => {
    const anything = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom("\u202E", "\u001B", "\n", "\u200D", "\uD800", "\u0301", "👩", "x") }));
    fc.assert(
      fc.property(anything, (text) => {
        const shown = visible(text);
        expect(shown.replaceAll(/(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})/gu, "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(visiblePieces(text).map((piece) => piece.text).join("")).toBe(shown);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("clipped", () => {
  it("never cuts a surrogate pair in two", () => {
    expect(clipped("ab😀", 3)).toBe("ab");
    expect(clipped("ab😀", 4)).toBe("ab😀");
  });
});

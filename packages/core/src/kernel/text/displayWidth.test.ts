import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayWidth, endThatFits, padded, wrapped } from "./displayWidth.ts";

describe("displayWidth", () => {
  it.each([
    ["plain", 5],
    ["李伟", 4],
    ["ｆｕｌｌ", 8],
    ["한국", 4],
    ["e\u0301", 1],
    ["👩‍💻", 2],
    ["🇩🇪", 2],
    ["❤️", 2],
    ["1️⃣", 2],
    ["שלום", 4],
    ["│─…", 3],
    ["", 0],
  ])("of %j is %i", (text, cells) => {
    expect(displayWidth(text)).toBe(cells);
  });
});

describe("wrapped", () => {
  it("breaks at spaces, inside long words only when it must, and marks a cut", () => {
    expect(wrapped("one two three", 7, 3)).toEqual(["one two", "three"]);
    expect(wrapped("anna.keller@example.com", 10, 3)).toEqual(["anna.kelle", "r@example.", "com"]);
    expect(wrapped("one two three four", 7, 2)).toEqual(["one two", "three…"]);
    expect(wrapped("李伟李伟", 5, 2)).toEqual(["李伟", "李伟"]);
    expect(wrapped("", 5, 2)).toEqual([""]);
  });

  it("never gives a line too many or too wide, and loses nothing when it fits", () => {
    const text = fc.array(fc.constantFrom("word", "李伟", "👩‍💻", "e\u0301", "x".repeat(30), "-"), { maxLength: 20 }).map((words) => words.join(" "));
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 40 }), fc.integer({ min: 1, max: 5 }), (sentence, width, most) => {
        const lines = wrapped(sentence, width, most);
        expect(lines.length <= most && lines.every((line) => displayWidth(line) <= width), JSON.stringify(lines)).toBe(true);
        if (!lines.join("").endsWith("…")) expect(lines.join("").replaceAll(" ", "")).toBe(sentence.replaceAll(" ", ""));
      }),
      { numRuns: 1000 },
    );
  });
});

it("keeps the end of a path, and pads to a width", () => {
  expect(endThatFits("a/long/path/file.json:17", 12)).toBe("…ile.json:17");
  expect(endThatFits("short", 12)).toBe("short");
  expect([padded("李", 4), padded("7", 3, "right"), padded("too long", 3)]).toEqual(["李  ", "  7", "too long"]);
});

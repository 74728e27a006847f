import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prettyJson } from "./pretty-json.ts";

function laidOut(text: string): string {
  return prettyJson(text)
    .map((piece) => piece.text)
    .join("");
}

describe("prettyJson", () => {
  it("lays out as JSON.stringify does with two spaces", () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.jsonValue({ maxDepth: 6 })), fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 6 }))), (value) => {
        expect(laidOut(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps tokens as they were written", () => {
    expect(laidOut('{"n":1e5,"n":12345678901234567890,"s":"\\u003c"}')).toBe('{\n  "n": 1e5,\n  "n": 12345678901234567890,\n  "s": "\\u003c"\n}');
  });

  it("marks names of members", () => {
    expect(prettyJson('{"a":["b"]}').filter((piece) => piece.key)).toEqual([{ text: '"a"', key: true }]);
  });

  it.each(['{"cut":"of', "plain text", '"a string"', "", "[1,]"])("leaves %j as it is", (text) => {
    expect(laidOut(text)).toBe(text);
  });

  it("does not grow with the square of the depth", () => {
    const deep = "[".repeat(4000) + "]".repeat(4000);
    const objects = '{"a":'.repeat(1500) + "1" + "}".repeat(1500);
    expect(laidOut(deep).length).toBeLessThan(20_000);
    expect(laidOut(objects).length).toBeLessThan(30_000);
    expect(JSON.parse(laidOut(objects))).toEqual(JSON.parse(objects));
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineSplitter } from "./ndjson.ts";

/** Cuts bytes at the given places, wherever they fall. */
function cut(bytes: Uint8Array, places: number[]): Uint8Array[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((to, i) => bytes.subarray(sorted[i], to));
}

function lines(chunks: Uint8Array[]): string[] {
  const splitter = lineSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

describe("lines of a stream", () => {
  it("are the same wherever the network cuts it, within characters too", () => {
    const value = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("ä€😀", "\u2028", "{}\r"), fc.json());
    fc.assert(
      fc.property(fc.array(value), fc.array(fc.nat(10_000)), fc.boolean(), (values, places, closed) => {
        const written = values.map((each) => JSON.stringify(each));
        const bytes = new TextEncoder().encode(written.join("\n") + (closed && written.length > 0 ? "\n" : ""));
        expect(lines(cut(bytes, places))).toEqual(written);
      }),
    );
  });

  it("come as soon as they are whole", () => {
    const splitter = lineSplitter();
    const push = (text: string): string[] => splitter.push(new TextEncoder().encode(text));
    expect([push('{"a"'), push(":1}\n{"), push("}\n\n"), splitter.end()]).toEqual([[], ['{"a":1}'], ["{}"], []]);
  });

  it("with bytes that are no UTF-8 do not stop the rest", () => {
    expect(lines([Uint8Array.of(0xff, 0x0a, 0x31, 0x0a)])).toEqual(["\uFFFD", "1"]);
  });
});

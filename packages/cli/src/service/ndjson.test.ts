import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elementsOf, linesOf } from "./ndjson.ts";

async function* inPieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

describe("linesOf", () => {
  it("gives the lines whole, wherever the pieces are cut", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: "binary" }).map((text) => text.replaceAll("\n", ""))), fc.array(fc.nat(7)), async (lines, sizes) => {
        const found: string[] = [];
        for await (const line of linesOf(inPieces(Buffer.from(lines.map((line) => `${line}\n`).join("")), sizes))) found.push(line);
        expect(found).toEqual(lines.map((line) => Buffer.from(line).toString()));
      }),
      { numRuns: 50 },
    ));
});

describe("elementsOf", () => {
  it("takes a list apart as JSON.parse does", () =>
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom("", " ", "\t "), (values, space) => {
        const json = `{"row":[${values.map((value) => space + JSON.stringify(value) + space).join(",")}]}`;
        expect(elementsOf(json, 7).map((element) => JSON.parse(element) as unknown)).toEqual(values.map((value) => JSON.parse(JSON.stringify(value)) as unknown));
      }),
    ));

  it("keeps every digit", () => expect(elementsOf('{"row":[12345678901234567890,"a,]",{"n":1e400}]}', 7)).toEqual(["12345678901234567890", '"a,]"', '{"n":1e400}']));
});

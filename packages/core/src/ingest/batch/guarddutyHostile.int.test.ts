import { readdirSync, readFileSync } from "node:fs";
import { validate } from "@corduroy/ocsf";
import fc from "fast-check";
import { expect, it } from "vitest";
import { sourceById, type JsonRecord } from "../../sources/index.ts";
import { fuzzed } from "./test/fuzzed.ts";
import { mapRecords } from "./test/mapRecords.ts";

const folder = new URL("../../sources/aws.guardduty/samples/", import.meta.url);

it("maps findings to valid OCSF whatever stands in any of their places", async () => {
  const samples = readdirSync(folder).map((name) => (JSON.parse(readFileSync(new URL(name, folder), "utf8")) as { record: JsonRecord }).record);
  const value = fc.oneof(fc.string({ unit: "binary", maxLength: 8 }), fc.jsonValue({ stringUnit: "binary", maxDepth: 1 }), fc.constantFrom(9, -1, 1e300, "7.5", 4294967296, "true", "2001:db8::1"));
  const changed = fc.tuple(fc.constantFrom(...samples), fc.array(value, { minLength: 12, maxLength: 12 }), fc.integer({ min: 1, max: 6 }), fc.nat(5)).map(([sample, values, step, first]) => {
    let nth = first;
    const change = (part: unknown, depth: number): unknown => {
      if (depth > 0 && nth++ % step === 0) return values[nth % values.length];
      if (Array.isArray(part)) return part.map((each) => change(each, depth + 1));
      return typeof part === "object" && part !== null ? Object.fromEntries(Object.entries(part).map(([name, each]) => [name, change(each, depth + 1)])) : part;
    };
    return change(sample, 0);
  });
  const records = fuzzed(changed, 2000);
  const mapped = await mapRecords(sourceById("aws.guardduty")!, records.map((one) => JSON.stringify(one)));
  expect(mapped).toHaveLength(records.length);
  mapped.forEach(({ ocsf }, index) => expect({ record: records[index], problems: validate(ocsf) }).toMatchObject({ problems: [] }));
});

import { join } from "node:path";
import { validate } from "@corduroy/ocsf";
import { describe, expect, it } from "vitest";
import { sourceById } from "../../sources/index.ts";
import { sampleRecords } from "./test/cloudtrailSamples.ts";
import { mapRecords } from "./test/mapRecords.ts";

const samples = process.env.CORDUROY_SAMPLES;
const cloudtrail = sourceById("aws.cloudtrail")!;
const generic = sourceById("generic.json")!;

describe.skipIf(!samples)("OCSF events made from real CloudTrail records", () => {
  const all = samples ? sampleRecords(join(samples, "aws-cloudtrail")) : [];

  it("validate with zero problems", async () => {
    const records = all.map(({ record }) => ("log" in record ? record["log"] : record));
    const mapped = await mapRecords(cloudtrail, records.map((record) => JSON.stringify(record)));
    expect(mapped).toHaveLength(all.length);
    expect(all.length).toBeGreaterThan(1700);
    const problems = mapped.flatMap(({ ocsf }, index) => validate(ocsf).map((problem) => ({ file: all[index]!.file, problem, ocsf })));
    expect(problems).toEqual([]);
  });

  it("validate with zero problems as records of unknown origin, too", async () => {
    const mapped = await mapRecords(generic, all.map(({ record }) => JSON.stringify(record)));
    expect(mapped.flatMap(({ ocsf }) => validate(ocsf))).toEqual([]);
  });
});

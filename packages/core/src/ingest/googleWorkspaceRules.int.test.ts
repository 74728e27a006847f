import { join } from "node:path";
import { expect, it } from "vitest";
import { sampleRecords } from "./batch/test/cloudtrailSamples.ts";
import { packMatches } from "./test/packMatches.ts";

const samples = process.env.CORDUROY_SAMPLES;

it.skipIf(!samples)("finds among the public examples those that the rules are about, and no other", async () => {
  const events = sampleRecords(join(samples!, "google-workspace")).map(({ record }, index) => [`${index + 1} ${String(record["test"])}`, record["log"]] as const);
  expect(await packMatches("google-workspace", Object.fromEntries(events))).toEqual({
    "6 Government Backed Attack Warning": ["Google warned a user of attackers who work for a state"],
    "18 Suspicious Activity Shows Compromised": ["A phone with company data is no longer its owner's"],
    "21 Account Warning For Suspended User": ["Google closed an account that others use"],
    "22 Workspace Admin Data Export Created": ["All data of the company is being exported"],
  });
});

import { join } from "node:path";
import { expect, it } from "vitest";
import { sourceById } from "../sources/index.ts";
import { proofsOf, runProofs } from "./test/sigmaProofs.ts";

const samples = process.env.CORDUROY_SAMPLES;

it.skipIf(!samples)("fires the public Sigma rules for AWS on the events that they are about", async () => {
  const proofs = proofsOf("aws");
  const report = await runProofs(sourceById("aws.cloudtrail")!, proofs, join(samples!, "sigma-rules/rules/cloud/aws"), join(samples!, "aws-cloudtrail"));
  expect(report).toEqual({ unmatched: [], elsewhere: [], silent: [], fired: 52 });
  expect(proofs).toHaveLength(57);
});

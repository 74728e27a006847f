import { join } from "node:path";
import { expect, it } from "vitest";
import { sourceById } from "../sources/index.ts";
import { proofsOf, runProofs } from "./test/sigmaProofs.ts";

const samples = process.env.CORDUROY_SAMPLES;

it.skipIf(!samples)("fires the public Sigma rules for Google Workspace on the events that they are about", async () => {
  const proofs = proofsOf("google-workspace");
  const report = await runProofs(sourceById("google.workspace")!, proofs, join(samples!, "sigma-rules/rules/cloud/gcp/gworkspace"), join(samples!, "google-workspace"));
  expect(report).toEqual({ unmatched: [], elsewhere: [], silent: [], fired: 8 });
  expect(proofs).toHaveLength(10);
});

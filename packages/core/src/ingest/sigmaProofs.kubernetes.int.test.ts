import { join } from "node:path";
import { expect, it } from "vitest";
import { sourceById } from "../sources/index.ts";
import { proofsOf, runProofs } from "./test/sigmaProofs.ts";

const samples = process.env.CORDUROY_SAMPLES;

it.skipIf(!samples)("fires the public Sigma rules for Kubernetes on the events that they are about", async () => {
  const proofs = proofsOf("kubernetes");
  const report = await runProofs(sourceById("kubernetes.audit")!, proofs, join(samples!, "sigma-rules/rules/application/kubernetes"), join(samples!, "kubernetes-audit"));
  expect(report).toEqual({ unmatched: [], elsewhere: [], silent: [], fired: 15 });
  expect(proofs).toHaveLength(16);
});

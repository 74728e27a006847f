import { join } from "node:path";
import { expect, it } from "vitest";
import { sourceById } from "../sources/index.ts";
import { proofsOf, runProofs } from "./test/sigmaProofs.ts";

const samples = process.env.CORDUROY_SAMPLES;

it.skipIf(!samples)("fires the public Sigma rules for auditd on the events that they are about", async () => {
  const proofs = proofsOf("auditd");
  const report = await runProofs(sourceById("linux.auditd")!, proofs, join(samples!, "sigma-rules/rules/linux/auditd"), join(samples!, "linux-auditd"));
  expect(report).toEqual({ unmatched: [], elsewhere: [], silent: [], fired: 53 });
  expect(proofs).toHaveLength(53);
});

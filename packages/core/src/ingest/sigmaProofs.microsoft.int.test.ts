import { join } from "node:path";
import { expect, it } from "vitest";
import { recognise, sourceById } from "../sources/index.ts";
import { proofsOf, runProofs } from "./test/sigmaProofs.ts";

const samples = process.env.CORDUROY_SAMPLES;

it.skipIf(!samples).each([
  { product: "azure", sources: ["azure.activity", "entra.audit", "entra.risk", "entra.signin"], rules: 123, proven: 94, elsewhere: 7 },
  { product: "m365", sources: ["m365.audit"], rules: 19, proven: 18, elsewhere: 0 },
])("fires the public Sigma rules for $product on the events that they are about", async ({ product, sources, rules, proven, elsewhere }) => {
  const proofs = proofsOf(product);
  const report = await runProofs(sources.map((id) => sourceById(id)!), proofs, join(samples!, "sigma-rules/rules/cloud", product), samples!);
  expect({ ...report, elsewhere: report.elsewhere.length }).toEqual({ unmatched: [], elsewhere, silent: [], fired: proven });
  expect(proofs).toHaveLength(rules);
  for (const { event } of proofs) if (typeof event === "object") expect(sources).toContain(recognise(event).source.id);
});

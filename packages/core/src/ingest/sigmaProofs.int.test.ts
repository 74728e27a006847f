import { join } from "node:path";
import { expect, it } from "vitest";
import { recognise, sourceById } from "../sources/index.ts";
import { proofsOf, runProofs, type ProofCase } from "./test/sigmaProofs.ts";

const samples = process.env.CORDUROY_SAMPLES;

interface Product {
  product: string;
  sources: readonly string[];
  /** Folders with its rules, and with the real records that its proofs name. */
  rules: string;
  records: string;
  count: number;
  proven: number;
  /** Rules for a log source that none of these sources is. */
  elsewhere: number;
  change?: ProofCase;
}

/** Field names of Okta's rules as they were until 2026. */
const CAMEL_CASE = /(eventType|legacyEventType|displayMessage|actor\.alternateId|target\.displayName|securityContext\.isProxy|debugContext\.debugData\.\w+)(?=[|:])/g;
const okta = { product: "okta", sources: ["okta.system"], rules: "identity/okta", records: "", count: 21, proven: 21, elsewhere: 0 };

const PRODUCTS: readonly Product[] = [
  { product: "auditd", sources: ["linux.auditd"], rules: "linux/auditd", records: "linux-auditd", count: 53, proven: 53, elsewhere: 0 },
  { product: "aws", sources: ["aws.cloudtrail"], rules: "cloud/aws", records: "aws-cloudtrail", count: 57, proven: 54, elsewhere: 0 },
  { product: "azure", sources: ["azure.activity", "entra.audit", "entra.pimalert", "entra.risk", "entra.signin"], rules: "cloud/azure", records: "", count: 123, proven: 100, elsewhere: 0 },
  { product: "github", sources: ["github.audit"], rules: "application/github/audit", records: "", count: 15, proven: 15, elsewhere: 0, change: { ordinary: (event) => ({ ...event, action: "org.rename" }) } },
  { product: "google-workspace", sources: ["google.workspace"], rules: "cloud/gcp/gworkspace", records: "google-workspace", count: 10, proven: 9, elsewhere: 0 },
  { product: "kubernetes", sources: ["kubernetes.audit"], rules: "application/kubernetes", records: "kubernetes-audit", count: 16, proven: 15, elsewhere: 0 },
  { product: "m365", sources: ["m365.audit"], rules: "cloud/m365", records: "", count: 19, proven: 18, elsewhere: 0 },
  { ...okta, change: { ordinary: (event) => ({ ...event, eventType: "user.session.start", legacyEventType: "", displayMessage: "User login to Okta", outcome: { result: "SUCCESS" }, securityContext: { isProxy: false }, debugContext: {}, target: [] }) } },
  { ...okta, change: { spelled: (text) => text.replaceAll(CAMEL_CASE, (name) => name.toLowerCase()) } },
];

it.skipIf(!samples).each(PRODUCTS)("fires the public Sigma rules for $product on the events that they are about", async ({ product, sources, rules, records, count, proven, elsewhere, change }) => {
  const proofs = proofsOf(product);
  const report = await runProofs(sources.map((id) => sourceById(id)!), proofs, join(samples!, "sigma-rules/rules", rules), join(samples!, records), change);
  expect({ ...report, elsewhere: report.elsewhere.length }).toEqual({ unmatched: [], elsewhere, wrong: [], fired: proven });
  expect(proofs).toHaveLength(count);
  for (const { event } of proofs) if (typeof event === "object") expect(sources).toContain(recognise(event).source.id);
});

import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** Findings of AWS Security Hub, in the AWS Security Finding Format. */
export const awsSecurityhub: SourceDefinition = {
  id: "aws.securityhub",
  title: "AWS Security Hub",
  logsource: { product: "aws", service: "securityhub" },
  text: null,
  recognises,
  fits: `"@Id" <> '' AND "@AwsAccountId" IS NOT NULL AND regexp_matches("@ProductArn", '^arn:[^:]+:securityhub:')`,
  fields,
  sigmaNames: {},
  keyFields: [],
  columns,
  ocsf,
};

function recognises({ Id, ProductArn, AwsAccountId }: JsonRecord): boolean {
  return typeof Id === "string" && Id !== "" && typeof AwsAccountId === "string" && typeof ProductArn === "string" && /^arn:[^:]+:securityhub:/.test(ProductArn);
}

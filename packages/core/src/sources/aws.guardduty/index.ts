import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, sigmaNames } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** Findings of Amazon GuardDuty, as it sends them to EventBridge and S3, and as its API gives them. */
export const awsGuardduty: SourceDefinition = {
  id: "aws.guardduty",
  title: "Amazon GuardDuty",
  logsource: { product: "aws", service: "guardduty" },
  text: null,
  recognises: (record) => isFinding(record["id"], record["type"], record["arn"], record["service"], "serviceName") || isFinding(record["Id"], record["Type"], record["Arn"], record["Service"], "ServiceName"),
  fits: `"@id" <> '' AND "@type" <> '' AND ("@service.serviceName" = 'guardduty' OR regexp_matches("@arn", '^arn:[^:]+:guardduty:'))`,
  fields,
  sigmaNames,
  keyFields: [],
  columns,
  ocsf,
};

function isFinding(id: unknown, type: unknown, arn: unknown, service: unknown, name: string): boolean {
  if (typeof id !== "string" || typeof type !== "string") return false;
  return (typeof arn === "string" && /^arn:[^:]+:guardduty:/.test(arn)) || (typeof service === "object" && service !== null && (service as JsonRecord)[name] === "guardduty");
}

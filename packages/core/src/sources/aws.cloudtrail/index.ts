import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** AWS CloudTrail: management, data, insight and sign-in events. */
export const awsCloudtrail: SourceDefinition = {
  id: "aws.cloudtrail",
  title: "AWS CloudTrail",
  logsource: { product: "aws", service: "cloudtrail" },
  text: null,
  recognises: (record) =>
    isCall(record) && (typeof record["eventTime"] === "string" || typeof record["eventVersion"] === "string" || typeof record["userIdentity"] === "object") ||
    (record["eventType"] === "AwsCloudTrailInsight" && isCall(record["insightDetails"])),
  fits: `"@eventSource" IS NOT NULL AND "@eventName" IS NOT NULL`,
  fields,
  sigmaNames: {},
  opened: ["requestParameters", "responseElements"],
  keyFields: ["eventSource", "eventName"],
  columns,
  ocsf,
};

function isCall(value: unknown): boolean {
  return typeof value === "object" && value !== null && typeof (value as JsonRecord)["eventSource"] === "string" && typeof (value as JsonRecord)["eventName"] === "string";
}

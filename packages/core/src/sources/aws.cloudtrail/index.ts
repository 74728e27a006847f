import type { SourceDefinition } from "../definition.ts";
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
    typeof record["eventSource"] === "string" &&
    typeof record["eventName"] === "string" &&
    (typeof record["eventTime"] === "string" || typeof record["eventVersion"] === "string" || typeof record["userIdentity"] === "object"),
  fits: `"@eventSource" IS NOT NULL AND "@eventName" IS NOT NULL`,
  fields,
  sigmaNames: {},
  keyFields: ["eventSource", "eventName"],
  columns,
  ocsf,
};


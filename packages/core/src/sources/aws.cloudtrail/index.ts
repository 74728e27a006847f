import type { SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** LookupEvents returns each event as text under this key. */
const WRAPPER = "CloudTrailEvent";

/** AWS CloudTrail: management, data, insight and sign-in events, as trails deliver them and as LookupEvents returns them. */
export const awsCloudtrail: SourceDefinition = {
  id: "aws.cloudtrail",
  title: "AWS CloudTrail",
  logsource: { product: "aws", service: "cloudtrail" },
  recognises: (record) =>
    typeof record[WRAPPER] === "string" ||
    (typeof record["eventSource"] === "string" &&
      typeof record["eventName"] === "string" &&
      (typeof record["eventTime"] === "string" || typeof record["eventVersion"] === "string" || typeof record["userIdentity"] === "object")),
  wrapper: WRAPPER,
  fields,
  keyFields: ["eventSource", "eventName"],
  columns,
  ocsf,
};


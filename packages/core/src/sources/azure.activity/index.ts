import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, sigmaNames } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** The categories of the activity log, and the three by which older diagnostic settings tell its administrative events apart. */
const CATEGORIES = ["Administrative", "Security", "ServiceHealth", "ResourceHealth", "Alert", "Autoscale", "Recommendation", "Policy", "Write", "Delete", "Action"];

const isObject = (value: unknown): value is JsonRecord => typeof value === "object" && value !== null && !Array.isArray(value);
const hasValue = (value: unknown): boolean => isObject(value) && typeof value["value"] === "string";

/** Events of Azure's activity log, from diagnostic settings, the REST API, and the Python SDK. */
export const azureActivity: SourceDefinition = {
  id: "azure.activity",
  title: "Azure activity log",
  logsource: { product: "azure", service: "activitylogs" },
  text: null,
  recognises: (record) =>
    (typeof record["operationName"] === "string" && record["operationName"].includes("/") && typeof record["category"] === "string" && CATEGORIES.includes(record["category"])) ||
    (hasValue(record["operationName"]) && (typeof record["eventDataId"] === "string" || typeof record["resourceId"] === "string")) ||
    (typeof record["event_data_id"] === "string" && hasValue(record["operation_name"])),
  fits: `("@category" IN (${CATEGORIES.map((name) => `'${name}'`).join(", ")}) AND contains("@operationName", '/') AND NOT starts_with("@operationName", '{')) OR ("@eventDataId" IS NOT NULL AND starts_with("@operationName", '{"')) OR ("@event_data_id" IS NOT NULL AND "@operation_name.value" IS NOT NULL)`,
  fields,
  sigmaNames,
  keyFields: ["operationName"],
  columns,
  ocsf,
};

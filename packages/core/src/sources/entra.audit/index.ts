import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, sigmaNames } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

const isObject = (value: unknown): value is JsonRecord => typeof value === "object" && value !== null && !Array.isArray(value);
const isAudit = (audit: JsonRecord): boolean => isObject(audit["initiatedBy"]) || typeof audit["loggedByService"] === "string";
const isDirectory = (resource: unknown): boolean => typeof resource === "string" && /\/providers\/microsoft\.aadiam$/i.test(resource);

/** Changes in Microsoft Entra ID, Privileged Identity Management included, from diagnostic settings and from Microsoft Graph. */
export const entraAudit: SourceDefinition = {
  id: "entra.audit",
  title: "Microsoft Entra audit",
  // Sigma has rules on the directory's devices under the activity log.
  logsource: [{ product: "azure", service: "auditlogs" }, { product: "azure", service: "activitylogs" }],
  text: null,
  recognises: (record) =>
    (typeof record["operationName"] === "string" && isObject(record["properties"]) && isAudit(record["properties"]) && (record["category"] === "AuditLogs" || isDirectory(record["resourceId"]))) ||
    (typeof record["activityDisplayName"] === "string" && typeof record["activityDateTime"] === "string" && isAudit(record)),
  fits: `("@operationName" IS NOT NULL AND "@properties.loggedByService" IS NOT NULL AND "@category" = 'AuditLogs') OR ("@operationName" IS NULL AND "@activityDisplayName" IS NOT NULL AND "@activityDateTime" IS NOT NULL AND "@loggedByService" IS NOT NULL)`,
  fields,
  sigmaNames,
  keyFields: ["operationName"],
  columns,
  ocsf,
};

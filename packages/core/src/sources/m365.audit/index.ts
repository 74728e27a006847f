import type { SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, sigmaNames } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** The unified audit log of Microsoft 365: records of the Office 365 Management Activity API, also inside of what Search-UnifiedAuditLog and Microsoft Graph give. */
export const m365Audit: SourceDefinition = {
  id: "m365.audit",
  title: "Microsoft 365 audit log",
  logsource: ["audit", "exchange", "threat_detection", "threat_management"].map((service) => ({ product: "m365", service })),
  text: null,
  recognises: (record) =>
    typeof record["CreationTime"] === "string" && typeof record["Operation"] === "string" && typeof record["Workload"] === "string" && ["RecordType", "OrganizationId", "UserType"].some((name) => record[name] !== undefined),
  fits: `"@CreationTime" IS NOT NULL AND "@Operation" IS NOT NULL AND "@Workload" IS NOT NULL AND "@RecordType" IS NOT NULL`,
  fields,
  sigmaNames,
  keyFields: ["Operation"],
  columns,
  ocsf,
};

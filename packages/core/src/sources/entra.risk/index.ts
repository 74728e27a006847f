import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, sigmaNames } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** The categories of a diagnostic setting. */
const CATEGORIES = ["UserRiskEvents", "RiskyUsers", "ServicePrincipalRiskEvents", "RiskyServicePrincipals"];

const isRisk = (record: JsonRecord): boolean => typeof record["riskState"] === "string" && typeof record["riskLevel"] === "string";

/** Risks that Microsoft Entra ID Protection sees: detections, and what it thinks of users and workloads. */
export const entraRisk: SourceDefinition = {
  id: "entra.risk",
  title: "Microsoft Entra risks",
  logsource: { product: "azure", service: "riskdetection" },
  text: null,
  recognises: (record) =>
    (typeof record["category"] === "string" && CATEGORIES.includes(record["category"]) && typeof record["properties"] === "object" && record["properties"] !== null) ||
    (isRisk(record) && (typeof record["riskEventType"] === "string" || typeof record["riskLastUpdatedDateTime"] === "string")),
  fits: `("@category" IN (${CATEGORIES.map((name) => `'${name}'`).join(", ")}) AND "@properties.riskState" IS NOT NULL) OR ("@category" IS NULL AND "@riskState" IS NOT NULL AND "@riskLevel" IS NOT NULL AND "@riskEventType" IS NOT NULL)`,
  fields,
  sigmaNames,
  keyFields: ["properties.riskEventType"],
  columns,
  ocsf,
};

import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, sigmaNames } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** Alerts of Microsoft Defender XDR, as Microsoft Graph has them, and of Defender for Cloud, as its API, its exports and Microsoft Sentinel have them. */
export const microsoftDefender: SourceDefinition = {
  id: "microsoft.defender",
  title: "Microsoft Defender alerts",
  logsource: { product: "azure", service: "defender" },
  text: null,
  recognises: (record) => isOfGraph(record) || isOfCloud(record) || isOfSentinel(record),
  fits: `("@serviceSource" IS NOT NULL AND "@title" IS NOT NULL AND "@createdDateTime" IS NOT NULL) OR ("@SystemAlertId" IS NOT NULL AND coalesce("@AlertDisplayName", "@DisplayName", "@AlertName") IS NOT NULL) OR ("@properties.alertDisplayName" IS NOT NULL AND contains(lower("@id"), '/providers/microsoft.security/'))`,
  fields,
  sigmaNames,
  keyFields: [],
  columns,
  ocsf,
};

const texts = (record: JsonRecord, ...names: readonly string[]): boolean => names.every((name) => typeof record[name] === "string");

function isOfGraph(record: JsonRecord): boolean {
  return texts(record, "serviceSource", "title", "createdDateTime");
}

/** The API's form, and what was exported of it. */
function isOfCloud(record: JsonRecord): boolean {
  const { id, properties } = record;
  return typeof id === "string" && /\/providers\/microsoft\.security\//i.test(id) && typeof properties === "object" && properties !== null && typeof (properties as JsonRecord)["alertDisplayName"] === "string";
}

function isOfSentinel(record: JsonRecord): boolean {
  return texts(record, "SystemAlertId") && ["AlertDisplayName", "DisplayName", "AlertName"].some((name) => typeof record[name] === "string");
}

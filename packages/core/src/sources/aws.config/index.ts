import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, sigmaNames } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** Configuration items of AWS Config: files of history and snapshots, the API, and notifications of changes. */
export const awsConfig: SourceDefinition = {
  id: "aws.config",
  title: "AWS Config",
  logsource: { product: "aws", service: "config" },
  text: null,
  recognises: (record) => ["configurationItem", "configurationItemSummary"].some((name) => isItem(record[name])) || isItem(record),
  fits: ["", "configurationItem.", "configurationItemSummary."].map((parent) => `("@${parent}resourceType" <> '' AND "@${parent}configurationItemStatus" IS NOT NULL AND "@${parent}configurationItemCaptureTime" IS NOT NULL)`).join(" OR "),
  fields,
  sigmaNames,
  keyFields: ["resourceType"],
  columns,
  ocsf,
};

function isItem(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { resourceType, configurationItemStatus, configurationItemCaptureTime } = value as JsonRecord;
  return typeof resourceType === "string" && resourceType !== "" && typeof configurationItemStatus === "string" && typeof configurationItemCaptureTime === "string";
}

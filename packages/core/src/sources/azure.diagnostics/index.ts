import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, sigmaNames } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

const OF_STORAGE = ["StorageRead", "StorageWrite", "StorageDelete"];

/** Calls to Azure Storage and to Key Vault: their resource logs in a diagnostic setting. */
export const azureDiagnostics: SourceDefinition = {
  id: "azure.diagnostics",
  title: "Azure Storage and Key Vault",
  logsource: ["storage", "keyvault"].map((service) => ({ product: "azure", service })),
  text: null,
  recognises,
  fits: `"@operationName" IS NOT NULL AND ((("@category" IN (${OF_STORAGE.map((name) => `'${name}'`).join(", ")}) OR "@category" IS NULL) AND "@properties.accountName" IS NOT NULL AND contains(upper("@resourceId"), '/PROVIDERS/MICROSOFT.STORAGE/'))
    OR ("@category" = 'AuditEvent' AND contains(upper("@resourceId"), '/PROVIDERS/MICROSOFT.KEYVAULT/')))`,
  fields,
  sigmaNames,
  keyFields: ["operationName"],
  columns,
  ocsf,
};

/** Storage's records are also known without their category, which pipelines leave out. */
function recognises({ category, operationName, resourceId, properties }: JsonRecord): boolean {
  if (typeof operationName !== "string") return false;
  const isOf = (provider: string): boolean => typeof resourceId === "string" && resourceId.toLowerCase().includes(`/providers/${provider}/`);
  if (category === "AuditEvent") return isOf("microsoft.keyvault");
  const isOfAccount = typeof properties === "object" && properties !== null && typeof (properties as JsonRecord)["accountName"] === "string";
  return typeof category === "string" ? OF_STORAGE.includes(category) && (isOf("microsoft.storage") || isOfAccount) : category === undefined && isOf("microsoft.storage") && isOfAccount;
}

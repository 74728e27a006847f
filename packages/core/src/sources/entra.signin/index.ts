import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, sigmaNames } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** The categories of a diagnostic setting. */
const CATEGORIES = ["SignInLogs", "NonInteractiveUserSignInLogs", "ServicePrincipalSignInLogs", "ManagedIdentitySignInLogs", "ADFSSignInLogs", "MicrosoftServicePrincipalSignInLogs"];

const isObject = (value: unknown): value is JsonRecord => typeof value === "object" && value !== null && !Array.isArray(value);

/** Sign-ins of people and workloads to Microsoft Entra ID, from diagnostic settings and from Microsoft Graph. */
export const entraSignin: SourceDefinition = {
  id: "entra.signin",
  title: "Microsoft Entra sign-ins",
  logsource: { product: "azure", service: "signinlogs" },
  text: null,
  recognises: (record) =>
    (typeof record["category"] === "string" && CATEGORIES.includes(record["category"]) && (record["operationName"] === "Sign-in activity" || isObject(record["properties"]))) ||
    (typeof record["createdDateTime"] === "string" && typeof record["appId"] === "string" && isObject(record["status"]) && typeof record["status"]["errorCode"] === "number"),
  fits: `("@category" IN (${CATEGORIES.map((name) => `'${name}'`).join(", ")}) AND "@operationName" = 'Sign-in activity') OR ("@category" IS NULL AND "@createdDateTime" IS NOT NULL AND "@appId" IS NOT NULL AND regexp_full_match("@status.errorCode", '[0-9]+'))`,
  fields,
  sigmaNames,
  keyFields: [],
  columns,
  ocsf,
};

import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, sigmaNames } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

const ACTIVITY = "type.googleapis.com/ccc_hosted_reporting.ActivityProto";

/** Activities of Google Workspace, from the Reports API or forwarded to Cloud Logging. */
export const googleWorkspace: SourceDefinition = {
  id: "google.workspace",
  title: "Google Workspace",
  logsource: ["google_workspace", ...["admin", "login", "drive", "mobile", "token"].map((application) => `google_workspace.${application}`)].map((service) => ({ product: "gcp", service })),
  text: null,
  recognises,
  fits: `"@kind" = 'admin#reports#activity' OR "@protoPayload.metadata.@type" = '${ACTIVITY}'`,
  fields,
  sigmaNames,
  keyFields: [],
  columns,
  ocsf,
};

/** Applications of the Reports API. */
const APPLICATIONS: ReadonlySet<unknown> = new Set([
  "access_evaluation", "access_transparency", "admin", "admin_data_action", "assignments", "calendar", "chat", "chrome", "classroom", "cloud_search", "contacts", "context_aware_access", "data_migration",
  "data_studio", "directory_sync", "drive", "gcp", "gemini_in_workspace_apps", "gmail", "gplus", "graduation", "groups", "groups_enterprise", "jamboard", "keep", "ldap", "login", "meet",
  "meet_hardware", "mobile", "profile", "rules", "saml", "takeout", "tasks", "token", "user_accounts", "vault",
]);

function recognises(record: JsonRecord): boolean {
  const { kind, id, protoPayload, events, name, type } = record;
  if (kind === "admin#reports#activity") return true;
  if (isObject(protoPayload) && isObject(protoPayload["metadata"])) return protoPayload["metadata"]["@type"] === ACTIVITY;
  // Trimmed ones: what names an application and an event.
  return kind === undefined && isObject(id) && APPLICATIONS.has(id["applicationName"]) && (Array.isArray(events) || typeof name === "string" || typeof type === "string");
}

function isObject(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

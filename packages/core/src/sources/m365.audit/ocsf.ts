import { jsonArrayOf, jsonConstant, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";

const record = new RecordParts();

const MAPPED = ["CreationTime", "Id", "Operation", "Workload", "OrganizationId", "UserId", "UserKey", "ClientIP", "ClientIPAddress", "ObjectId", "ResultStatus", "UserAgent", "ApplicationId", "AppId"];

const when = (classes: string, sql: string): string => `CASE WHEN class_uid IN (${classes}) THEN ${sql} END`;
const word = (sql: string, cases: Readonly<Record<string, string>>, otherwise: string): string => `CASE lower(${sql}) ${Object.entries(cases).map(([name, value]) => `WHEN '${name}' THEN '${value}'`).join(" ")} ELSE '${otherwise}' END`;

const isRole = `entity_kind = 'role'`;
const user = jsonObject({
  name: jsonString(`coalesce(actor_name, CASE WHEN actor_uid IS NULL THEN entity_name END)`),
  uid: jsonString("actor_uid"),
  type: `CASE WHEN ${isRole} THEN ${jsonConstant("Service Principal")} END`,
  type_id: `CASE WHEN ${isRole} THEN '99' END`,
});
const actor = jsonObject({ user, app_uid: jsonString("app_id") });

/** Whom or what a change is about. */
const target = jsonObject({ name: jsonString(`coalesce(resource, entity_name, 'unknown')`) });
/** What a cmdlet was called with, or a changed property became: the values of these names, in a list of names and values. */
const named = (list: string, value: string, ...names: readonly string[]): string => `nullif(list_filter(json_extract(${record.json(list)}, '$[*]'), lambda one: (one->>'/Name') IN (${names.map((name) => `'${name}'`).join(", ")}))[1]->>'${value}', '')`;
const right = `coalesce(${named("/Parameters", "/Value", "AccessRights", "Role")}, ${named("/ModifiedProperties", "/NewValue", "Role.DisplayName", "ConsentAction.Permissions", "DelegatedPermissionGrant.Scope", "AppRole.Value")}, operation, 'unknown')`;
const groupName = `coalesce(${record.firstText("/TeamName")}, ${named("/ModifiedProperties", "/NewValue", "Group.DisplayName")}, ${named("/Parameters", "/Value", "Identity", "Name")}, resource, 'unknown')`;

const isFolder = `lower(${record.text("/ItemType")}) = 'folder'`;
const file = jsonObject({
  name: jsonString(`coalesce(nullif(file_name, ''), regexp_extract(resource, '([^/]+)/?$', 1), 'unknown')`),
  path: jsonString(`coalesce(resource, site)`),
  type_id: `CASE WHEN ${isFolder} OR starts_with(operation, 'Folder') THEN '2' WHEN file_name <> '' THEN '1' ELSE '0' END`,
});
const share = jsonString(`CASE WHEN activity_id IN (12, 13) THEN nullif(shared_with, '') END`);

const email = jsonObject({
  from: jsonString("mail_from"),
  to: jsonArrayOf(jsonString("mail_to")),
  subject: jsonString(record.firstText("/Subject", "/Item/Subject")),
  message_uid: jsonString(record.firstText("/InternetMessageId", "/Item/InternetMessageId")),
  uid: jsonString(record.firstText("/NetworkMessageId", "/Item/Id")),
});
const DIRECTIONS = { inbound: "1", outbound: "2", intraorg: "3", "intra-org": "3" };
const direction = `CASE WHEN activity_id = 1 THEN '0' ELSE ${word("directionality", DIRECTIONS, "0")} END`;

const SEVERITIES = { informational: "1", low: "2", medium: "3", high: "4" };
const severity = `CASE WHEN class_uid = 2004 THEN ${word("severity", SEVERITIES, "0")} ELSE '1' END`;
const STATES = { active: "1", investigating: "2", dismissed: "3", resolved: "4" };
const state = word("alert_status", STATES, "0");
const alert = jsonObject({
  uid: jsonString(`coalesce(nullif(alert_id, ''), event_uid)`),
  title: jsonString(`coalesce(nullif(alert_name, ''), operation)`),
  desc: jsonString(record.firstText("/Comments")),
  types: jsonArrayOf(jsonString(record.firstText("/Category"))),
});
const evidence = jsonArrayOf(`CASE WHEN entity_kind = 'person' THEN ${jsonObject({ user: jsonObject({ name: jsonString("entity_name") }) })} END`);

/** The record as OCSF 1.8.0. docs/sources/m365.audit.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers(
      { name: "Microsoft 365", vendor: "Microsoft" },
      { 2004: "Detection Finding", 3001: "Account Change", 3002: "Authentication", 3005: "User Access Management", 3006: "Group Management", 4009: "Email Activity", 6003: "API Activity", 6006: "File Hosting Activity" },
      { profiles: when("4009", jsonArrayOf(jsonConstant("host"))), tenant_uid: jsonString("account"), log_provider: jsonString("service"), original_time: jsonString(record.text("/CreationTime")) },
    ),
    severity_id: severity,
    severity: `CASE ${severity} WHEN '0' THEN '"Unknown"' WHEN '2' THEN '"Low"' WHEN '3' THEN '"Medium"' WHEN '4' THEN '"High"' ELSE '"Informational"' END`,
    status_id: `CASE WHEN class_uid = 2004 THEN ${state} ELSE status_id::VARCHAR END`,
    status: `CASE WHEN class_uid = 2004 THEN CASE ${state} WHEN '1' THEN '"New"' WHEN '2' THEN '"In Progress"' WHEN '3' THEN '"Suppressed"' WHEN '4' THEN '"Resolved"' END ELSE CASE status_id WHEN 1 THEN '"Success"' WHEN 2 THEN '"Failure"' END END`,
    status_code: jsonString("result_status"),
    status_detail: jsonString(record.firstText("/LogonError")),
    actor: when("3001, 3002, 3005, 3006, 4009, 6003, 6006", actor),
    src_endpoint: when("3001, 3002, 3005, 3006, 4009, 6003, 6006", endpointOf("address")),
    http_request: when("3001, 3002, 3005, 3006, 6003, 6006", jsonObject({ user_agent: jsonString("user_agent") })),
    user: `CASE WHEN class_uid = 3002 THEN ${user} WHEN class_uid IN (3001, 3005) OR (class_uid = 3006 AND activity_id IN (3, 4)) THEN ${target} END`,
    service: when("3002", jsonObject({ name: jsonString(`coalesce(nullif(service, ''), 'Microsoft 365')`) })),
    privileges: when("3005", jsonArrayOf(jsonString(right))),
    group: when("3006", jsonObject({ name: jsonString(groupName) })),
    file: when("6006", file),
    share: when("6006", share),
    email: when("4009", email),
    direction_id: when("4009", direction),
    api: when("6003", jsonObject({ operation: jsonString(`coalesce(nullif(operation, ''), 'unknown')`), service: jsonObject({ name: jsonString("service") }), request: jsonObject({ uid: jsonString("event_uid") }) })),
    resources: when("6003", jsonArrayOf(jsonObject({ name: jsonString("resource") }))),
    finding_info: when("2004", alert),
    evidences: when("2004", evidence),
    unmapped: unmapped(MAPPED),
  }),
);

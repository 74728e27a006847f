import { jsonArrayOf, jsonConstant, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { apiOf, endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";

const record = new RecordParts();

const MAPPED = ["time", "eventTimestamp", "event_timestamp", "resourceId", "resource_id", "operationName", "operation_name", "category", "callerIpAddress", "location", "resultType", "resultSignature", "resultDescription", "caller", "correlationId", "correlation_id", "eventDataId", "event_data_id", "status"];

const when = (classes: string, sql: string): string => `CASE WHEN class_uid IN (${classes}) THEN ${sql} END`;

const actor = jsonObject({
  user: jsonObject({ name: jsonString(`coalesce(actor_name, CASE WHEN actor_uid IS NULL THEN entity_name END)`), uid: jsonString("actor_uid"), type: `CASE WHEN entity_kind = 'role' THEN ${jsonConstant("Service Principal")} END`, type_id: `CASE WHEN entity_kind = 'role' THEN '99' END` }),
  app_uid: jsonString("app_id"),
  authorizations: jsonArrayOf(jsonObject({ decision: jsonString(record.firstText("/identity/authorization/action", "/authorization/action")), policy: jsonObject({ name: jsonString("assigned_role"), uid: jsonString("assigned_scope") }) })),
});

const api = apiOf({
  uid: "correlation_id",
  response: { error: `CASE WHEN status_id = 2 THEN ${jsonString("outcome")} END`, message: jsonString(record.firstText("/resultDescription", "/properties/statusMessage")) },
  more: { version: jsonString(record.text("/operationVersion")) },
});

const resources = jsonArrayOf(jsonObject({ uid: jsonString("resource"), group: jsonObject({ name: jsonString("resource_group") }) }));

/** What Azure asks a role assignment with: JSON as text, whose keys begin with a small or a capital letter. */
const asked = (key: string): string => `nullif(regexp_extract(${record.firstText("/properties/requestbody", "/properties/requestBody")}, '(?i)"${key}"\\s*:\\s*"([^"]+)"', 1), '')`;
const granted = {
  user: jsonObject({ uid: jsonString(asked("principalId")), name: `CASE WHEN ${asked("principalId")} IS NULL THEN ${jsonString("CASE WHEN contains(lower(operation), 'elevateaccess') THEN entity_name ELSE 'unknown' END")} END` }),
  privileges: jsonArrayOf(jsonString(`coalesce(${asked("roleDefinitionId")}, CASE WHEN contains(lower(operation), 'elevateaccess') THEN 'User Access Administrator' END, 'unknown')`)),
};

const severity = `lower(${record.text("/properties/severity")})`;
const alert = {
  finding_info: jsonObject({ title: jsonString(`coalesce(${record.firstText("/properties/alertDisplayName", "/properties/eventName", "/resultDescription", "/description")}, operation, 'unknown')`), uid: jsonString("event_uid"), desc: jsonString(record.firstText("/resultDescription", "/description")) }),
  severity_id: `CASE ${severity} WHEN 'low' THEN '2' WHEN 'medium' THEN '3' WHEN 'high' THEN '4' ELSE '1' END`,
  severity: `CASE ${severity} WHEN 'low' THEN '"Low"' WHEN 'medium' THEN '"Medium"' WHEN 'high' THEN '"High"' ELSE '"Informational"' END`,
};

/** The event as OCSF 1.8.0 with the cloud profile. docs/sources/azure.activity.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers(
      { name: "Azure Activity Log", vendor: "Microsoft" },
      { 2004: "Detection Finding", 3005: "User Access Management", 6003: "API Activity" },
      { profiles: jsonArrayOf(jsonConstant("cloud")), correlation_uid: jsonString("correlation_id"), log_level: jsonString("severity_level"), original_time: jsonString(record.firstText("/time", "/eventTimestamp", "/event_timestamp")) },
    ),
    severity_id: `CASE WHEN class_uid = 2004 THEN ${alert.severity_id} ELSE '1' END`,
    severity: `CASE WHEN class_uid = 2004 THEN ${alert.severity} ELSE '"Informational"' END`,
    status_code: jsonString("result_signature"),
    status_detail: jsonString(record.text("/resultDescription")),
    cloud: jsonObject({ provider: jsonConstant("Azure"), region: jsonString("region"), account: jsonObject({ uid: jsonString("account") }), org: jsonObject({ uid: jsonString("tenant") }) }),
    actor: when("3005, 6003", actor),
    api: when("3005, 6003", api),
    src_endpoint: when("3005, 6003", endpointOf("address")),
    user: when("3005", granted.user),
    privileges: when("3005", granted.privileges),
    finding_info: when("2004", alert.finding_info),
    resources,
    unmapped: unmapped(MAPPED),
  }),
);

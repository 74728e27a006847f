import { jsonArrayOf, jsonConstant, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { apiOf, endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";

const record = new RecordParts();

const CLASSES = { 2004: "Detection Finding", 3001: "Account Change", 3002: "Authentication", 3004: "Entity Management", 3005: "User Access Management", 3006: "Group Management", 6001: "Web Resources Activity", 6003: "API Activity" };
const MAPPED = ["kind", "etag", "id", "actor", "ipAddress"];

const parameter = (name: string): string => `nullif(json_extract_string(parameters, '/${name}'), '')`;
const isClass = (...uids: readonly number[]): string => `class_uid IN (${uids.join(", ")})`;
const onlyFor = (uids: readonly number[], sql: string): string => `CASE WHEN ${isClass(...uids)} THEN ${sql} END`;

const actorUser = jsonObject({
  name: jsonString(`coalesce(nullif(actor_name, ''), entity_name)`),
  uid: jsonString("actor_uid"),
  email_addr: jsonString(`CASE WHEN regexp_full_match(actor_name, '[^@\\s]+@[^@\\s]+') THEN actor_name END`),
  type: jsonString("caller_type"),
  type_id: `CASE WHEN caller_type <> '' THEN '99' END`,
});

/** Whom the activity is about, where it names somebody else than the one who acts. */
const targetUser = `CASE WHEN target_user <> '' THEN ${jsonObject({ name: jsonString("target_user") })} ELSE ${actorUser} END`;

const api = apiOf({ data: "parameters" });

const document = jsonObject({
  name: jsonString(`coalesce(${parameter("doc_title")}, ${parameter("doc_id")}, nullif(resource, ''), 'unknown')`),
  uid: jsonString(parameter("doc_id")),
  type: jsonString(parameter("doc_type")),
  data: "parameters",
});

const finding = jsonObject({ uid: jsonString("event_uid"), title: jsonString(`coalesce(nullif(operation, ''), 'unknown')`), types: jsonArrayOf(jsonString(`coalesce(nullif(event_type, ''), 'unknown')`)) });

const role = jsonObject({ name: jsonString(`coalesce(${parameter("ROLE_NAME")}, 'unknown')`), type: jsonConstant("Role") });

/** The event as OCSF 1.8.0, over one class for each kind of activity. docs/sources/google.workspace.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers({ name: "Workspace", vendor: "Google" }, CLASSES, { original_time: jsonString(record.firstText("/id/time", "/timestamp")), tenant_uid: jsonString("account") }),
    severity_id: `CASE WHEN ${isClass(2004)} THEN '0' ELSE '1' END`,
    severity: `CASE WHEN ${isClass(2004)} THEN ${jsonConstant("Unknown")} ELSE ${jsonConstant("Informational")} END`,
    status_code: `CASE WHEN status_id = 2 THEN ${jsonString("outcome")} END`,
    actor: onlyFor([3001, 3002, 3004, 3005, 3006, 6003], jsonObject({ user: actorUser })),
    api: onlyFor([6003], api),
    src_endpoint: onlyFor([3001, 3002, 3004, 3005, 3006, 6001, 6003], endpointOf("address")),
    user: onlyFor([3001, 3002, 3005, 3006], targetUser),
    service: onlyFor([3002], jsonObject({ name: jsonString(`coalesce(nullif(service, ''), 'Google Workspace')`) })),
    group: onlyFor([3006], jsonObject({ name: jsonString(`coalesce(${parameter("GROUP_EMAIL")}, 'unknown')`) })),
    entity: onlyFor([3004], role),
    privileges: onlyFor([3005], jsonArrayOf(jsonString(`coalesce(${parameter("ROLE_NAME")}, operation)`))),
    web_resources: onlyFor([6001], jsonArrayOf(document)),
    finding_info: onlyFor([2004], finding),
    resources: onlyFor([6003], `CASE WHEN resource <> '' THEN ${jsonArrayOf(jsonObject({ name: jsonString("resource") }))} END`),
    unmapped: unmapped(MAPPED),
  }),
);

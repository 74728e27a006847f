import { jsonArrayOf, jsonConstant, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";

const record = new RecordParts();

const MAPPED = ["time", "activityDateTime", "operationName", "activityDisplayName", "tenantId", "callerIpAddress", "result", "resultReason", "userAgent", "id", "correlationId", "loggedByService"];

const when = (classes: string, sql: string): string => `CASE WHEN class_uid IN (${classes}) THEN ${sql} END`;

const targets = `coalesce(${record.json("/properties/targetResources")}, ${record.json("/targetResources")})`;
/** Text of the first target of one of these types, at a pointer in it. */
const targetOf = (types: readonly string[], at: string): string => `nullif((list_filter(json_extract(${targets}, '$[*]'), lambda one: (one->>'/type') IN (${types.map((type) => `'${type}'`).join(", ")}))[1])->>'${at}', '')`;
/** What one of these properties was changed to, or was before it was taken away: JSON as text. */
const change = (...names: readonly string[]): string => {
  const found = `list_filter(json_extract(${targets}, '$[*].modifiedProperties[*]'), lambda one: (one->>'/displayName') IN (${names.map((name) => `'${name}'`).join(", ")}))[1]`;
  return `nullif(trim(coalesce(nullif(nullif((${found})->>'/newValue', ''), '""'), (${found})->>'/oldValue'), '"'), '')`;
};

const isRole = `entity_kind = 'role'`;
const actor = jsonObject({
  user: jsonObject({ name: jsonString(`coalesce(actor_name, CASE WHEN actor_uid IS NULL THEN 'unknown' END)`), uid: jsonString("actor_uid"), type: `CASE WHEN ${isRole} THEN ${jsonConstant("Service Principal")} END`, type_id: `CASE WHEN ${isRole} THEN '99' END` }),
  app_uid: jsonString("app_id"),
});

const KINDS = ["User", "ServicePrincipal", "Group", "Device"];
const userName = `coalesce(${targetOf(KINDS, "/userPrincipalName")}, ${targetOf(KINDS, "/displayName")})`;
const userUid = targetOf(KINDS, "/id");
const user = jsonObject({ name: jsonString(`coalesce(${userName}, CASE WHEN ${userUid} IS NULL THEN coalesce(resource, entity_name, 'unknown') END)`), uid: jsonString(userUid) });

const role = `coalesce(${change("Role.DisplayName", "AppRole.Value", "DelegatedPermissionGrant.Scope", "ConsentAction.Permissions")}, ${targetOf(["Role"], "/displayName")}, CASE WHEN contains(operation, 'User Access Administrator') THEN 'User Access Administrator' END, 'unknown')`;

const group = jsonObject({ name: jsonString(`coalesce(${change("Group.DisplayName")}, ${targetOf(["Group"], "/displayName")}, 'unknown')`), uid: jsonString(`coalesce(${change("Group.ObjectID")}, ${targetOf(["Group"], "/id")})`) });

const entity = jsonObject({ name: jsonString(`coalesce(resource, 'unknown')`), uid: jsonString("target_uid"), type: jsonString("target_type"), type_id: `CASE WHEN target_type = 'Policy' THEN '5' WHEN target_type <> '' THEN '99' END` });

/** The change as OCSF 1.8.0. docs/sources/entra.audit.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers(
      { name: "Microsoft Entra ID", vendor: "Microsoft" },
      { 3001: "Account Change", 3004: "Entity Management", 3005: "User Access Management", 3006: "Group Management" },
      { correlation_uid: jsonString("correlation_id"), tenant_uid: jsonString("account"), log_provider: jsonString("service"), original_time: jsonString(record.firstText("/properties/activityDateTime", "/activityDateTime", "/time")) },
    ),
    status_code: jsonString("result"),
    status_detail: jsonString("result_reason"),
    actor,
    http_request: jsonObject({ user_agent: jsonString("user_agent") }),
    src_endpoint: endpointOf("address"),
    user: `CASE WHEN class_uid IN (3001, 3005) OR (class_uid = 3006 AND activity_id IN (3, 4)) THEN ${user} END`,
    privileges: when("3005", jsonArrayOf(jsonString(role))),
    group: when("3006", group),
    entity: when("3004", entity),
    unmapped: unmapped(MAPPED),
  }),
);

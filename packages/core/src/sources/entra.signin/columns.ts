import { identity, OBJECT_TIME, timestampSql, type Column } from "../definition.ts";
import { addressWithoutPort, personSql } from "../microsoftIdentity.ts";

const first = (...texts: readonly string[]): string => `coalesce(${texts.map((text) => `nullif(${text}, '')`).join(", ")})`;
/** A member of the sign-in, in either shape. */
const of = (path: string): string => first(`"@properties.${path}"`, `"@${path}"`);
/** A column that rules may read: the member's text, empty or not. */
const column = (name: string, path: string): Column => ({ name, type: "VARCHAR", sql: `coalesce("@properties.${path}", "@${path}")`, field: `properties.${path}` });

const person = personSql(of("userPrincipalName"));
const isWorkload = `(${of("servicePrincipalId")} IS NOT NULL AND ${of("userId")} IS NULL)`;

const entityKind = `CASE WHEN person IS NOT NULL THEN 'person' WHEN ${isWorkload} THEN 'role' WHEN actor_name <> '' THEN 'user' WHEN address <> '' THEN 'address' ELSE 'unknown' END`;
const entityName = `coalesce(CASE entity_kind WHEN 'person' THEN person WHEN 'address' THEN address ELSE ${first("actor_name", "actor_uid")} END, 'unknown')`;
/** A workload's display name may change and be taken by another; its application's id is also what the activity log has. */
const entityKey = `entity_kind || ':' || CASE WHEN entity_kind = 'role' THEN lower(coalesce(nullif(app_id, ''), actor_uid)) ELSE entity_name END`;

const country = first(`"@properties.location.countryOrRegion"`, `CASE WHEN starts_with("@location", '{') THEN CASE WHEN json_valid("@location") THEN json_extract_string("@location", '/countryOrRegion') END ELSE "@location" END`);

export const columns: readonly Column[] = [
  { name: "account", type: "VARCHAR", sql: `lower(${first(`"@tenantId"`, of("resourceTenantId"), of("homeTenantId"))})` },
  { name: "result_type", type: "VARCHAR", sql: `coalesce("@resultType", "@properties.status.errorCode", "@status.errorCode")`, field: "resultType" },
  // A sign-in is told of again, under the id that it has, when it was interrupted and goes on to another end.
  { name: "event_id", type: "VARCHAR", sql: `concat_ws(':', coalesce(account, ''), ${of("id")}, result_type)`, uses: ["account", "result_type"], stored: false },
  ...identity(`CASE WHEN ${of("id")} IS NOT NULL THEN event_id END`).map((one) => ({ ...one, uses: [...(one.uses ?? []), "event_id"] })),
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${[`"@properties.createdDateTime"`, `"@createdDateTime"`, `"@time"`].map(timestampSql).join(", ")}, ${OBJECT_TIME})` },
  { name: "class_uid", type: "INTEGER", sql: `3002` },
  { name: "activity_id", type: "INTEGER", sql: `1` },
  { name: "status_id", type: "INTEGER", sql: `CASE WHEN result_type IN ('0', 'Success') THEN 1 WHEN result_type <> '' THEN 2 ELSE 0 END`, uses: ["result_type"] },
  { name: "operation", type: "VARCHAR", sql: `coalesce(nullif("@operationName", ''), 'Sign-in activity')` },
  { name: "service", type: "VARCHAR", sql: `coalesce("@properties.resourceDisplayName", "@resourceDisplayName")`, field: "properties.resourceDisplayName" },
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "address", type: "VARCHAR", sql: addressWithoutPort(first(`"@properties.ipAddress"`, `"@ipAddress"`, `"@callerIpAddress"`)) },
  column("user_agent", "userAgent"),
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN result_type END`, uses: ["status_id", "result_type"] },
  { name: "access_key", type: "VARCHAR", sql: of("servicePrincipalCredentialKeyId") },
  { name: "actor_name", type: "VARCHAR", sql: first(of("userPrincipalName"), of("servicePrincipalName"), of("userDisplayName")) },
  { name: "actor_uid", type: "VARCHAR", sql: first(of("userId"), of("servicePrincipalId")) },
  { name: "person", type: "VARCHAR", sql: person, stored: false },
  column("app_id", "appId"),
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["person", "actor_name", "address"] },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["entity_kind", "person", "actor_name", "actor_uid", "address"] },
  { name: "entity_key", type: "VARCHAR", sql: entityKey, uses: ["entity_kind", "entity_name", "app_id", "actor_uid"] },
  { name: "resource", type: "VARCHAR", sql: `coalesce("@properties.appDisplayName", "@appDisplayName")`, field: "properties.appDisplayName" },
  { name: "category", type: "VARCHAR", sql: `"@category"`, field: "category" },
  { name: "result_signature", type: "VARCHAR", sql: `"@resultSignature"`, field: "resultSignature" },
  { name: "result_description", type: "VARCHAR", sql: `coalesce("@resultDescription", "@properties.status.failureReason", "@status.failureReason")`, field: "resultDescription" },
  column("client_app", "clientAppUsed"),
  column("protocol", "authenticationProtocol"),
  column("authentication_requirement", "authenticationRequirement"),
  column("conditional_access", "conditionalAccessStatus"),
  column("interactive", "isInteractive"),
  column("user_type", "userType"),
  column("risk_state", "riskState"),
  column("risk_level", "riskLevelDuringSignIn"),
  column("device_id", "deviceDetail.deviceId"),
  column("device_trust", "deviceDetail.trustType"),
  column("device_compliant", "deviceDetail.isCompliant"),
  // Log Analytics, whose name this is, has the list as its JSON text.
  { name: "network_locations", type: "VARCHAR", sql: `coalesce("@properties.networkLocationDetails", "@networkLocationDetails")`, field: "NetworkLocationDetails", whole: true },
  { name: "country", type: "VARCHAR", sql: country },
  { name: "correlation_id", type: "VARCHAR", sql: of("correlationId") },
];

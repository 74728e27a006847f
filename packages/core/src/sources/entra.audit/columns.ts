import { identity, OBJECT_TIME, timestampSql, type Column } from "../definition.ts";
import { addressWithoutPort, personSql } from "../microsoftIdentity.ts";
import { activityId, classUid } from "./classes.ts";

const first = (...texts: readonly string[]): string => `coalesce(${texts.map((text) => `nullif(${text}, '')`).join(", ")})`;
/** A member of the audit, in either shape. */
const of = (path: string): string => first(`"@properties.${path}"`, `"@${path}"`);
/** A column that rules may read: the member's text, empty or not. */
const column = (name: string, path: string): Column => ({ name, type: "VARCHAR", sql: `coalesce("@properties.${path}", "@${path}")`, field: `properties.${path}` });

/** Whether an administrator consented: what the property of that name was changed to, which is JSON as text. */
const changes = `CASE WHEN "@operationName" IS NULL THEN json_extract(json, '$.targetResources[*].modifiedProperties[*]') ELSE json_extract(json, '$.properties.targetResources[*].modifiedProperties[*]') END`;
const adminConsent = `CASE WHEN operation = 'Consent to application' THEN trim((list_filter(${changes}, lambda one: (one->>'/displayName') = 'ConsentContext.IsAdminConsent')[1]->>'/newValue'), '"') END`;

const appKey = first(of("initiatedBy.app.appId"), of("initiatedBy.app.servicePrincipalId"), of("initiatedBy.app.displayName"));
const entityKind = `CASE WHEN person IS NOT NULL THEN 'person' WHEN ${of("initiatedBy.user.id")} IS NOT NULL OR ${of("initiatedBy.user.displayName")} IS NOT NULL THEN 'user' WHEN ${appKey} IS NOT NULL THEN 'role' WHEN address <> '' THEN 'address' ELSE 'unknown' END`;
const entityName = `coalesce(CASE entity_kind WHEN 'person' THEN person WHEN 'address' THEN address ELSE actor_name END, actor_uid, 'unknown')`;

export const columns: readonly Column[] = [
  { name: "account", type: "VARCHAR", sql: `lower(${first(`"@tenantId"`, `regexp_extract("@resourceId", '(?i)^/tenants/([^/]+)', 1)`)})` },
  ...identity(`coalesce(account, '') || ':' || ${of("id")}`).map((one) => ({ ...one, uses: [...(one.uses ?? []), "account"] })),
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${[`"@properties.activityDateTime"`, `"@activityDateTime"`, `"@time"`].map(timestampSql).join(", ")}, ${OBJECT_TIME})` },
  { name: "operation", type: "VARCHAR", sql: first(`"@operationName"`, `"@activityDisplayName"`, `"@properties.activityDisplayName"`), field: "operationName" },
  column("activity", "activityDisplayName"),
  { name: "audit_category", type: "VARCHAR", sql: `coalesce("@properties.category", "@category")`, field: "properties.category" },
  { name: "class_uid", type: "INTEGER", sql: classUid, uses: ["operation", "audit_category"] },
  { name: "activity_id", type: "INTEGER", sql: activityId, uses: ["operation", "class_uid"] },
  column("result", "result"),
  column("result_reason", "resultReason"),
  { name: "status_id", type: "INTEGER", sql: `CASE WHEN lower(result) = 'success' THEN 1 WHEN lower(result) IN ('failure', 'timeout') THEN 2 ELSE 0 END`, uses: ["result"] },
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN coalesce(nullif(result_reason, ''), result) END`, uses: ["status_id", "result", "result_reason"] },
  column("service", "loggedByService"),
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "address", type: "VARCHAR", sql: addressWithoutPort(first(of("initiatedBy.user.ipAddress"), `"@callerIpAddress"`)) },
  column("user_agent", "userAgent"),
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "person", type: "VARCHAR", sql: personSql(of("initiatedBy.user.userPrincipalName")), stored: false },
  { name: "actor_name", type: "VARCHAR", sql: first(of("initiatedBy.user.userPrincipalName"), of("initiatedBy.user.displayName"), of("initiatedBy.app.displayName")) },
  { name: "actor_uid", type: "VARCHAR", sql: first(of("initiatedBy.user.id"), of("initiatedBy.app.servicePrincipalId"), of("initiatedBy.app.appId")) },
  column("app_id", "initiatedBy.app.appId"),
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["person", "address"] },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["entity_kind", "person", "actor_name", "actor_uid", "address"] },
  { name: "entity_key", type: "VARCHAR", sql: `entity_kind || ':' || CASE WHEN entity_kind = 'role' THEN lower(${appKey}) ELSE entity_name END`, uses: ["entity_kind", "entity_name"] },
  { name: "resource", type: "VARCHAR", sql: first(...["userPrincipalName", "displayName", "id"].map((name) => of(`targetResources[0].${name}`))) },
  { name: "target_uid", type: "VARCHAR", sql: of("targetResources[0].id") },
  { name: "target_type", type: "VARCHAR", sql: of("targetResources[0].type") },
  column("operation_type", "operationType"),
  { name: "admin_consent", type: "VARCHAR", sql: adminConsent, uses: ["operation"], field: "ConsentContext.IsAdminConsent", whole: true },
  { name: "correlation_id", type: "VARCHAR", sql: of("correlationId") },
];

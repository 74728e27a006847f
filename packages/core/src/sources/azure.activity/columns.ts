import { identity, OBJECT_TIME, timestampSql, type Column } from "../definition.ts";
import { addressWithoutPort, isGuid, personSql } from "../microsoftIdentity.ts";

/** The text of a field that some shapes write as `{"value": text, "localizedValue": text}`. */
const valueOf = (field: string): string => `CASE WHEN starts_with("@${field}", '{') THEN CASE WHEN json_valid("@${field}") THEN json_extract_string("@${field}", '/value') END ELSE "@${field}" END`;
const first = (...texts: readonly string[]): string => `coalesce(${texts.map((text) => `nullif(${text}, '')`).join(", ")})`;
const claim = (name: string): string => first(`"@identity.claims.${name}"`, `"@claims.${name}"`);

const operation = first(valueOf("operationName"), `"@operation_name.value"`);
const result = first(`"@resultType"`, `"@status.value"`);
const subscription = `lower(${first(`"@subscriptionId"`, `"@subscription_id"`, `regexp_extract(resource, '(?i)^/subscriptions/([^/]+)', 1)`)})`;

/** Who called: the claims of the token say more than `caller`, and a diagnostic setting has nothing else. */
const person = `coalesce(${[claim("upn"), `nullif("@caller", '')`, claim("email"), claim("fullName"), claim("name")].map(personSql).join(", ")})`;
const isApp = `(${claim("kind")} = 'app' OR ${isGuid(`"@caller"`)} OR ${claim("appId")} IS NOT NULL)`;

const entityKind = `CASE WHEN person IS NOT NULL THEN 'person' WHEN ${isApp} THEN 'role' WHEN starts_with("@caller", 'Microsoft.') THEN 'service'
    WHEN "@caller" <> '' THEN 'user' WHEN address <> '' THEN 'address' WHEN category IN ('Security', 'ServiceHealth', 'ResourceHealth', 'Alert', 'Autoscale', 'Recommendation') THEN 'service' ELSE 'unknown' END`;
const entityName = `coalesce(CASE entity_kind WHEN 'person' THEN person WHEN 'role' THEN lower(coalesce(app_id, nullif("@caller", ''), actor_uid)) WHEN 'address' THEN address WHEN 'service' THEN coalesce(nullif("@caller", ''), service) ELSE nullif("@caller", '') END, 'unknown')`;

/** The word that says what is done: the last one, or the one before `action`. */
const words = `string_split(lower(operation), '/')`;
const verb = `CASE WHEN ${words}[-1] = 'action' THEN ${words}[-2] ELSE ${words}[-1] END`;
const isRoleChange = `regexp_full_match(lower(operation), 'microsoft\\.authorization/(roleassignments/(write|delete)|elevateaccess/action)')`;
const created = `(${first(`"@properties.statusCode"`, `"@subStatus.value"`, `"@sub_status.value"`, `split_part("@resultSignature", '.', 2)`, `"@resultSignature"`)} IN ('Created', '201'))`;

const activityId = `CASE class_uid WHEN 2004 THEN 1 WHEN 3005 THEN CASE WHEN verb = 'delete' THEN 2 ELSE 1 END ELSE
    CASE WHEN verb = 'write' THEN CASE WHEN ${created} THEN 1 ELSE 3 END WHEN verb IN ('delete', 'purge') THEN 4 WHEN verb = 'read' OR starts_with(verb, 'list') OR starts_with(verb, 'get') THEN 2 WHEN verb <> '' THEN 99 ELSE 0 END END`;

export const columns: readonly Column[] = [
  { name: "resource", type: "VARCHAR", sql: first(`"@resourceId"`, `"@resource_id"`), field: "resourceId" },
  { name: "account", type: "VARCHAR", sql: subscription, uses: ["resource"] },
  { name: "event_id", type: "VARCHAR", sql: first(`"@eventDataId"`, `"@event_data_id"`), stored: false },
  ...identity(`coalesce(account, '') || ':' || event_id`).map((column) => ({ ...column, uses: [...(column.uses ?? []), "account", "event_id"] })),
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${["time", "eventTimestamp", "event_timestamp"].map((name) => timestampSql(`"@${name}"`)).join(", ")}, ${OBJECT_TIME})` },
  { name: "operation", type: "VARCHAR", sql: operation, field: "operationName" },
  { name: "category", type: "VARCHAR", sql: valueOf("category"), field: "category" },
  { name: "verb", type: "VARCHAR", sql: verb, uses: ["operation"], stored: false },
  { name: "class_uid", type: "INTEGER", sql: `CASE WHEN category = 'Security' THEN 2004 WHEN ${isRoleChange} THEN 3005 ELSE 6003 END`, uses: ["operation", "category"] },
  { name: "activity_id", type: "INTEGER", sql: activityId, uses: ["class_uid", "verb"] },
  { name: "result_type", type: "VARCHAR", sql: result, field: "resultType" },
  { name: "status_id", type: "INTEGER", sql: `CASE WHEN lower(result_type) IN ('success', 'succeeded') THEN 1 WHEN lower(result_type) IN ('failure', 'failed') THEN 2 ELSE 0 END`, uses: ["result_type"] },
  { name: "result_signature", type: "VARCHAR", sql: first(`"@resultSignature"`, `"@subStatus.value"`, `"@sub_status.value"`) },
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN coalesce(result_signature, result_type) END`, uses: ["status_id", "result_type", "result_signature"] },
  { name: "service", type: "VARCHAR", sql: `CASE WHEN contains(operation, '/') THEN lower(split_part(operation, '/', 1)) END`, uses: ["operation"] },
  { name: "region", type: "VARCHAR", sql: `"@location"`, field: "location" },
  { name: "address", type: "VARCHAR", sql: addressWithoutPort(first(`"@callerIpAddress"`, `"@httpRequest.clientIpAddress"`, `"@http_request.client_ip_address"`)) },
  { name: "user_agent", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "person", type: "VARCHAR", sql: person, stored: false },
  { name: "actor_name", type: "VARCHAR", sql: first(`"@caller"`, claim("upn"), claim("email"), claim("fullName"), claim("name")) },
  { name: "actor_uid", type: "VARCHAR", sql: first(claim("objectId"), `"@identity.authorization.evidence.principalId"`) },
  { name: "app_id", type: "VARCHAR", sql: claim("appId") },
  { name: "assigned_role", type: "VARCHAR", sql: first(`"@identity.authorization.evidence.role"`, `"@authorization.evidence.role"`) },
  { name: "assigned_scope", type: "VARCHAR", sql: first(`"@identity.authorization.scope"`, `"@authorization.scope"`) },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["person", "address", "category"] },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["entity_kind", "person", "address", "app_id", "actor_uid", "service"] },
  { name: "entity_key", type: "VARCHAR", sql: `entity_kind || ':' || entity_name`, uses: ["entity_kind", "entity_name"] },
  { name: "resource_group", type: "VARCHAR", sql: `nullif(regexp_extract(resource, '(?i)/resourcegroups/([^/]+)', 1), '')`, uses: ["resource"] },
  { name: "correlation_id", type: "VARCHAR", sql: first(`"@correlationId"`, `"@correlation_id"`) },
  { name: "tenant", type: "VARCHAR", sql: first(`"@tenantId"`, `"@tenant_id"`) },
  { name: "severity_level", type: "VARCHAR", sql: `"@level"`, field: "level" },
];

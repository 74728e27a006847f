import { OBJECT_TIME, PLACE_IDENTITY, timestampSql, type Column } from "../definition.ts";
import { addressWithoutPort, personSql } from "../microsoftIdentity.ts";

const first = (...names: readonly string[]): string => `coalesce(${names.map((name) => `nullif("@${name}", '')`).join(", ")})`;
const column = (name: string, field: string): Column => ({ name, type: "VARCHAR", sql: `"@${field}"`, field });

const upn = first("identity.requester.upn", "identity.claim.upn", "identity.claim.shortUpn");
const code = `TRY_CAST(${first("statusCode", "properties.httpStatusCode")} AS INTEGER)`;

/** How it went, where there is no code. */
const said = first("statusText", "resultType", "properties.metricResponseType");

/** What Key Vault calls its operations ends, and Azure Storage's begin, with what is done. */
const verb = `lower(CASE WHEN category = 'AuditEvent' THEN regexp_replace(operation, '^(Vault|Secret|Key|Certificate|Storage|Sas|Role|Managed)', '') ELSE operation END)`;
const activityId = `CASE
    WHEN category = 'StorageRead' OR regexp_matches(verb, '(get|list|backup|read|query|preflight)') THEN 2
    WHEN category = 'StorageDelete' OR regexp_matches(verb, '(delete|purge)') THEN 4
    WHEN regexp_matches(verb, '(create|put|set$|import|restore|recover|append|copy)') THEN 1
    WHEN category = 'StorageWrite' OR regexp_matches(verb, '(patch|update|set|rotate|renew|change)') THEN 3
    WHEN verb <> '' THEN 99 ELSE 0 END`;

const entityKind = `CASE WHEN person IS NOT NULL THEN 'person' WHEN app_id IS NOT NULL THEN 'role' WHEN actor_uid IS NOT NULL THEN 'user' WHEN address <> '' THEN 'address' ELSE 'unknown' END`;
const entityName = `coalesce(CASE entity_kind WHEN 'person' THEN person WHEN 'role' THEN lower(app_id) WHEN 'user' THEN actor_uid WHEN 'address' THEN address END, 'unknown')`;

export const columns: readonly Column[] = [
  { name: "account", type: "VARCHAR", sql: `lower(nullif(regexp_extract("@resourceId", '(?i)^/subscriptions/([^/]+)', 1), ''))` },
  // Neither service promises that a correlation id is of one record alone.
  ...PLACE_IDENTITY,
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${timestampSql(`"@time"`)}, ${OBJECT_TIME})` },
  { name: "class_uid", type: "INTEGER", sql: `6003` },
  column("category", "category"),
  column("operation", "operationName"),
  { name: "verb", type: "VARCHAR", sql: verb, uses: ["category", "operation"], stored: false },
  { name: "activity_id", type: "INTEGER", sql: activityId, uses: ["category", "verb"] },
  { name: "status_code", type: "INTEGER", sql: code },
  { name: "status_id", type: "INTEGER", sql: `CASE WHEN status_code BETWEEN 100 AND 399 THEN 1 WHEN status_code >= 400 THEN 2 WHEN ends_with(lower(${said}), 'success') THEN 1 WHEN ${said} IS NOT NULL THEN 2 ELSE 0 END`, uses: ["status_code"] },
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN coalesce(${first("statusText", "resultSignature")}, status_code::VARCHAR, ${said}) END`, uses: ["status_id", "status_code"] },
  { name: "service", type: "VARCHAR", sql: `lower(nullif(regexp_extract("@resourceId", '(?i)/providers/([^/]+)', 1), ''))` },
  column("region", "location"),
  { name: "address", type: "VARCHAR", sql: addressWithoutPort(first("callerIpAddress", "identity.claim.ip")) },
  { name: "user_agent", type: "VARCHAR", sql: first("properties.userAgentHeader", "properties.clientInfo") },
  { name: "access_key", type: "VARCHAR", sql: `nullif("@identity.tokenHash", '')` },
  column("authentication", "identity.type"),
  { name: "actor_name", type: "VARCHAR", sql: upn },
  { name: "actor_uid", type: "VARCHAR", sql: first("identity.requester.objectId", "identity.claim.objectId", "identity.claim.shortObjectId") },
  { name: "app_id", type: "VARCHAR", sql: first("identity.requester.appId", "identity.claim.appId") },
  { name: "person", type: "VARCHAR", sql: personSql(upn), stored: false },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["person", "app_id", "actor_uid", "address"] },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["entity_kind", "person", "app_id", "actor_uid", "address"] },
  { name: "entity_key", type: "VARCHAR", sql: `entity_kind || ':' || entity_name`, uses: ["entity_kind", "entity_name"] },
  { name: "resource", type: "VARCHAR", sql: first("properties.objectKey", "properties.id", "properties.requestUri", "uri", "resourceId") },
  column("resource_id", "resourceId"),
  column("correlation_id", "correlationId"),
];

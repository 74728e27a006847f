import { identity, OBJECT_TIME, timestampSql, type Column } from "../definition.ts";
import { addressWithoutPort, personSql } from "../microsoftIdentity.ts";

const first = (...texts: readonly string[]): string => `coalesce(${texts.map((text) => `nullif(${text}, '')`).join(", ")})`;
const of = (path: string): string => first(`"@properties.${path}"`, `"@${path}"`);
const column = (name: string, path: string): Column => ({ name, type: "VARCHAR", sql: `coalesce("@properties.${path}", "@${path}")`, field: `properties.${path}` });

/** The state of a user or workload, which changes under one id, has no type of event. */
const changed = first(of("lastUpdatedDateTime"), of("riskLastUpdatedDateTime"));
const happened = [of("activityDateTime"), of("detectedDateTime"), of("riskLastUpdatedDateTime"), of("lastUpdatedDateTime"), `"@time"`];

const isWorkload = `(${of("servicePrincipalId")} IS NOT NULL OR ${of("appId")} IS NOT NULL)`;
const entityKind = `CASE WHEN person IS NOT NULL THEN 'person' WHEN ${isWorkload} THEN 'role' WHEN actor_name <> '' OR actor_uid <> '' THEN 'user' WHEN address <> '' THEN 'address' ELSE 'unknown' END`;
const entityName = `coalesce(CASE entity_kind WHEN 'person' THEN person WHEN 'address' THEN address ELSE ${first("actor_name", "actor_uid")} END, ${of("appId")}, 'unknown')`;

export const columns: readonly Column[] = [
  { name: "account", type: "VARCHAR", sql: `lower(nullif("@tenantId", ''))` },
  ...identity(`concat_ws(':', coalesce(account, ''), ${of("id")}, ${changed}, ${of("riskState")}) || CASE WHEN ${of("id")} IS NULL THEN NULL ELSE '' END`).map((one) => ({ ...one, uses: [...(one.uses ?? []), "account"] })),
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${happened.map(timestampSql).join(", ")}, ${OBJECT_TIME})` },
  { name: "class_uid", type: "INTEGER", sql: `2004` },
  column("risk_state", "riskState"),
  column("risk_level", "riskLevel"),
  column("risk_detail", "riskDetail"),
  column("risk_event", "riskEventType"),
  { name: "activity_id", type: "INTEGER", sql: `CASE WHEN risk_state IN ('dismissed', 'remediated', 'confirmedSafe') THEN 3 WHEN risk_event IS NULL THEN 2 ELSE 1 END`, uses: ["risk_state", "risk_event"] },
  { name: "status_id", type: "INTEGER", sql: `0` },
  { name: "operation", type: "VARCHAR", sql: first("risk_event", `"@properties.riskType"`, `"@riskType"`, `"@operationName"`, "risk_state"), uses: ["risk_event", "risk_state"] },
  { name: "service", type: "VARCHAR", sql: of("source") },
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "address", type: "VARCHAR", sql: addressWithoutPort(of("ipAddress")) },
  { name: "user_agent", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "outcome", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "actor_name", type: "VARCHAR", sql: first(of("userPrincipalName"), of("servicePrincipalDisplayName"), of("userDisplayName"), of("displayName")) },
  { name: "actor_uid", type: "VARCHAR", sql: first(of("userId"), of("servicePrincipalId"), `CASE WHEN "@properties.riskEventType" IS NULL AND "@riskEventType" IS NULL THEN ${of("id")} END`) },
  { name: "person", type: "VARCHAR", sql: personSql(of("userPrincipalName")), stored: false },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["person", "actor_name", "actor_uid", "address"] },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["entity_kind", "person", "actor_name", "actor_uid", "address"] },
  { name: "entity_key", type: "VARCHAR", sql: `entity_kind || ':' || CASE WHEN entity_kind = 'role' THEN lower(coalesce(${of("appId")}, ${of("servicePrincipalId")})) ELSE entity_name END`, uses: ["entity_kind", "entity_name"] },
  { name: "resource", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "country", type: "VARCHAR", sql: of("location.countryOrRegion") },
  { name: "correlation_id", type: "VARCHAR", sql: of("correlationId") },
];

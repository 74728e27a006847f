import { identity, OBJECT_TIME, timestampSql, type Column } from "../definition.ts";
import { personSql } from "../microsoftIdentity.ts";
import { of } from "./fields.ts";
import { INCIDENT_TYPE } from "./incidents.ts";

const given = (name: string): string => `nullif("@${name}", '')`;

/** An alert is called after its tenant: DirectoryRole_<tenant>_StaleSignInAlert. */
const tenant = `nullif(regexp_extract("@alertDefinitionId", '^[A-Za-z]+_([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})_', 1), '')`;
const alertName = `nullif(regexp_extract("@alertDefinitionId", '[^_]+$'), '')`;

/** What changes of an incident that goes on under its id. */
const changed = ["sequenceEndDateTime", "lastActivationDateTime", "lastSignInDateTime", "assignmentCreatedDateTime"].map(of);
/** The alert by itself is told of again when it changes. */
const id = `CASE
    WHEN account IS NULL THEN NULL
    WHEN risk_event IS NOT NULL AND ${of("id")} IS NOT NULL THEN concat_ws(':', account, risk_event, ${of("id")}, ${changed.join(", ")})
    WHEN risk_event IS NULL THEN concat_ws(':', account, "@alertDefinitionId", "@lastModifiedDateTime", "@isActive") END`;

const entityKind = `CASE WHEN person IS NOT NULL THEN 'person' WHEN coalesce(actor_name, actor_uid) IS NOT NULL THEN 'user' WHEN account IS NOT NULL THEN 'account' ELSE 'unknown' END`;

export const columns: readonly Column[] = [
  { name: "account", type: "VARCHAR", sql: `lower(${tenant})` },
  { name: "risk_event", type: "VARCHAR", sql: `nullif(regexp_extract(${of("@odata.type")}, '^${INCIDENT_TYPE}$', 1), '')`, field: "riskEventType", whole: true },
  ...identity(id).map((one) => ({ ...one, uses: [...(one.uses ?? []), "account", "risk_event"] })),
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${["lastModifiedDateTime", "lastScannedDateTime"].map((name) => timestampSql(`"@${name}"`)).join(", ")}, ${OBJECT_TIME})` },
  { name: "class_uid", type: "INTEGER", sql: `2004` },
  { name: "is_active", type: "BOOLEAN", sql: `TRY_CAST("@isActive" AS BOOLEAN)` },
  { name: "activity_id", type: "INTEGER", sql: `CASE WHEN is_active = false THEN 3 WHEN risk_event IS NULL THEN 2 ELSE 1 END`, uses: ["is_active", "risk_event"] },
  { name: "status_id", type: "INTEGER", sql: `0` },
  { name: "operation", type: "VARCHAR", sql: `coalesce(risk_event, ${alertName})`, uses: ["risk_event"] },
  { name: "title", type: "VARCHAR", sql: `coalesce(${given("alertDefinition.displayName")}, operation)`, uses: ["operation"] },
  { name: "description", type: "VARCHAR", sql: given("alertDefinition.description") },
  { name: "severity", type: "VARCHAR", sql: given("alertDefinition.severityLevel") },
  { name: "service", type: "VARCHAR", sql: `'PIM'` },
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "address", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "user_agent", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "outcome", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "actor_name", type: "VARCHAR", sql: `coalesce(${of("assigneeUserPrincipalName")}, ${of("assigneeDisplayName")})` },
  { name: "actor_uid", type: "VARCHAR", sql: of("assigneeId") },
  { name: "person", type: "VARCHAR", sql: personSql(of("assigneeUserPrincipalName")), stored: false },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["person", "actor_name", "actor_uid", "account"] },
  { name: "entity_name", type: "VARCHAR", sql: `coalesce(person, actor_name, actor_uid, account, 'unknown')`, uses: ["person", "actor_name", "actor_uid", "account"] },
  { name: "entity_key", type: "VARCHAR", sql: `entity_kind || ':' || entity_name`, uses: ["entity_kind", "entity_name"] },
  { name: "resource", type: "VARCHAR", sql: `coalesce(${["roleDisplayName", "roleDefinitionId", "roleTemplateId"].map(of).join(", ")})` },
  { name: "role_id", type: "VARCHAR", sql: `coalesce(${of("roleDefinitionId")}, ${of("roleTemplateId")})` },
];

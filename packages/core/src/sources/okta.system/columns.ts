import { identity, OBJECT_TIME, timestampSql, type Column } from "../definition.ts";
import { classAndActivity, verbOf } from "./operations.ts";

/** Okta's own id is a GUID; anything else (a redacted or hand-made record) does not identify an event. */
const id = `CASE WHEN regexp_full_match("@uuid", '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}') THEN "@uuid" END`;

/** Okta writes `unknown` where it knows nothing. */
const known = (name: string): string => `nullif(nullif("@${name}", ''), 'unknown')`;

const login = known("actor.alternateId");
const type = `"@actor.type"`;
/** A name that was typed at a sign-in and that no user has: people type passwords there, and attackers whatever they like. */
const nobody = `${type} = 'User' AND "@actor.id" = 'unknown'`;

const entityKind = `CASE
    WHEN ${type} = 'SystemPrincipal' OR ${login} = 'system@okta.com' THEN 'service'
    WHEN ${type} = 'IP address' OR (${nobody}) THEN CASE WHEN coalesce(address, "@actor.id") = 'unknown' THEN 'unknown' ELSE 'address' END
    WHEN regexp_matches(${type}, '(?i)client|app$|appinstance|token|agent') THEN 'role'
    WHEN contains(${login}, '@') THEN 'person'
    WHEN coalesce(${login}, ${known("actor.displayName")}) IS NOT NULL THEN 'user'
    WHEN address IS NOT NULL THEN 'address' ELSE 'unknown' END`;

const entityName = `coalesce(CASE entity_kind
    WHEN 'person' THEN lower(${login})
    WHEN 'user' THEN lower(${login})
    WHEN 'address' THEN coalesce(address, "@actor.id") END, ${known("actor.displayName")}, ${login}, 'unknown')`;

/** Applications are renamed; their id stays. */
const entityKey = `entity_kind || ':' || CASE entity_kind WHEN 'role' THEN coalesce(${known("actor.id")}, entity_name) ELSE entity_name END`;

const app = (place: number): string => `CASE WHEN "@target[${place}].type" = 'AppInstance' THEN nullif("@target[${place}].displayName", '') END`;

export const columns: readonly Column[] = [
  ...identity(id),
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${timestampSql(`"@published"`)}, ${OBJECT_TIME})` },
  { name: "operation", type: "VARCHAR", sql: `"@eventType"`, field: "eventType" },
  { name: "verb", type: "VARCHAR", sql: verbOf, uses: ["operation"], stored: false },
  { name: "act", type: "INTEGER", sql: classAndActivity, uses: ["operation", "verb"], stored: false },
  { name: "class_uid", type: "INTEGER", sql: `act // 100`, uses: ["act"] },
  { name: "activity_id", type: "INTEGER", sql: `act % 100`, uses: ["act"] },
  { name: "status_id", type: "INTEGER", sql: `CASE WHEN "@outcome.result" IN ('SUCCESS', 'ALLOW') THEN 1 WHEN "@outcome.result" IN ('FAILURE', 'DENY') THEN 2 ELSE 0 END` },
  { name: "service", type: "VARCHAR", sql: `coalesce(${app(0)}, ${app(1)})` },
  { name: "account", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "address", type: "VARCHAR", sql: `coalesce(nullif("@client.ipAddress", ''), nullif("@request.ipChain[0].ip", ''))` },
  { name: "user_agent", type: "VARCHAR", sql: `"@client.userAgent.rawUserAgent"`, field: "client.userAgent.rawUserAgent" },
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN coalesce(nullif("@outcome.reason", ''), "@outcome.result") ELSE "@outcome.result" END`, uses: ["status_id"] },
  { name: "access_key", type: "VARCHAR", sql: `"@transaction.detail.requestApiTokenId"`, field: "transaction.detail.requestApiTokenId" },
  { name: "actor_name", type: "VARCHAR", sql: `"@actor.alternateId"`, field: "actor.alternateId" },
  { name: "actor_uid", type: "VARCHAR", sql: `"@actor.id"`, field: "actor.id" },
  { name: "actor_type", type: "VARCHAR", sql: type, field: "actor.type" },
  { name: "actor_display_name", type: "VARCHAR", sql: `"@actor.displayName"`, field: "actor.displayName" },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["address"] },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["address", "entity_kind"] },
  { name: "entity_key", type: "VARCHAR", sql: entityKey, uses: ["entity_kind", "entity_name"] },
  { name: "resource", type: "VARCHAR", sql: `coalesce(${known("target[0].alternateId")}, ${known("target[0].displayName")}, ${known("target[0].id")})` },
  { name: "resource_type", type: "VARCHAR", sql: `"@target[0].type"` },
  { name: "legacy_event_type", type: "VARCHAR", sql: `"@legacyEventType"`, field: "legacyEventType" },
  { name: "display_message", type: "VARCHAR", sql: `"@displayMessage"`, field: "displayMessage" },
  { name: "severity", type: "VARCHAR", sql: `"@severity"`, field: "severity" },
  { name: "outcome_result", type: "VARCHAR", sql: `"@outcome.result"`, field: "outcome.result" },
  { name: "outcome_reason", type: "VARCHAR", sql: `"@outcome.reason"`, field: "outcome.reason" },
  { name: "session_id", type: "VARCHAR", sql: `"@authenticationContext.externalSessionId"`, field: "authenticationContext.externalSessionId" },
  { name: "transaction_id", type: "VARCHAR", sql: `"@transaction.id"`, field: "transaction.id" },
  { name: "zone", type: "VARCHAR", sql: `"@client.zone"`, field: "client.zone" },
  { name: "device", type: "VARCHAR", sql: `"@client.device"`, field: "client.device" },
  { name: "country", type: "VARCHAR", sql: `"@client.geographicalContext.country"`, field: "client.geographicalContext.country" },
  { name: "is_proxy", type: "VARCHAR", sql: `"@securityContext.isProxy"`, field: "securityContext.isProxy" },
  { name: "network_owner", type: "VARCHAR", sql: `"@securityContext.asOrg"`, field: "securityContext.asOrg" },
  { name: "request_uri", type: "VARCHAR", sql: `"@debugContext.debugData.requestUri"`, field: "debugContext.debugData.requestUri" },
  { name: "threat_suspected", type: "VARCHAR", sql: `"@debugContext.debugData.threatSuspected"`, field: "debugContext.debugData.threatSuspected" },
  { name: "behaviors", type: "VARCHAR", sql: `"@debugContext.debugData.behaviors"`, field: "debugContext.debugData.behaviors" },
  { name: "privilege_granted", type: "VARCHAR", sql: `"@debugContext.debugData.privilegeGranted"`, field: "debugContext.debugData.privilegeGranted" },
];

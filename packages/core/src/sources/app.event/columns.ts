import { identity, OBJECT_TIME, timestampSql, type Column } from "../definition.ts";
import { activityId, classUid, typeParts } from "./families.ts";

const text = (...names: readonly string[]): string => `coalesce(${names.map((name) => `nullif("@${name}", '')`).join(", ")})`;

/** The actor as text; an object has its parts in `actor_parts`. */
const plainActor = `CASE WHEN (ascii("@actor") | 32) <> 123 THEN "@actor" END`;
const ACTOR_PARTS = ["id", "email", "name"] as const;
const actorParts = `CASE WHEN starts_with("@actor", '{') AND json_valid("@actor") THEN json_extract_string("@actor", [${ACTOR_PARTS.map((name) => `'/${name}'`).join(", ")}]) END`;
const actor = (name: (typeof ACTOR_PARTS)[number]): string => `nullif(actor_parts[${ACTOR_PARTS.indexOf(name) + 1}], '')`;

/** Mozilla's time in nanoseconds since 1970; a double would not do. */
const nanoseconds = `TRY_CAST("@Timestamp" AS BIGINT)`;
const mozillaTime = `CASE WHEN ${nanoseconds} >= 0 THEN make_timestamp(${nanoseconds} // 1000) END`;

const EMAIL = `[^@\\s"<>{}\\[\\]]+@[^@\\s"<>{}\\[\\]]+`;
const emailIn = (sql: string): string => `CASE WHEN regexp_full_match(${sql}, '${EMAIL}') THEN ${sql} END`;

/** The client comes first in Mozilla's chain, which is an address, or a list as text: `["203.0.113.7","127.0.0.1"]`. */
const chain = `"@Fields.remoteAddressChain"`;
const address = `coalesce(${text("source_address")}, CASE WHEN starts_with(${chain}, '[') THEN nullif(regexp_extract(${chain}, '^\\[\\s*"([^"]*)"', 1), '') ELSE ${text("Fields.remoteAddressChain")} END)`;

/** Mozilla's severities are those of syslog (RFC 5424): 0 to 7. */
const severity = `coalesce(lower("@severity"), CASE "@Severity" WHEN '7' THEN 'debug' WHEN '6' THEN 'info' WHEN '5' THEN 'notice' WHEN '4' THEN 'warning' WHEN '3' THEN 'error' WHEN '2' THEN 'critical' WHEN '1' THEN 'critical' WHEN '0' THEN 'critical' END)`;

/** How services of Mozilla write that nobody is signed in: `<anon>`, `anonymous`, `anonymous-` and what tells sessions apart. */
const mozillaUser = `CASE WHEN NOT regexp_matches("@Fields.uid", '^(?:<anon>|anonymous)') THEN ${text("Fields.uid")} END`;
const code = `TRY_CAST("@Fields.status" AS INTEGER)`;

const entityKind = `CASE WHEN actor_email IS NOT NULL THEN 'person' WHEN coalesce(actor_uid, actor_name) IS NOT NULL THEN 'user' WHEN address IS NOT NULL THEN 'address' ELSE 'unknown' END`;
const entityName = `CASE entity_kind WHEN 'person' THEN lower(actor_email) WHEN 'user' THEN coalesce(actor_name, actor_uid) WHEN 'address' THEN address ELSE 'unknown' END`;
/** Names change; ids stay. */
const entityKey = `entity_kind || ':' || CASE entity_kind WHEN 'user' THEN coalesce(actor_uid, actor_name) ELSE entity_name END`;

/** An id is an application's own: two may have the same one. */
const id = `CASE WHEN "@id" <> '' THEN concat_ws(':', coalesce(service, ''), "@id") END`;

export const columns: readonly Column[] = [
  { name: "logger", type: "VARCHAR", sql: `coalesce("@logger", "@Logger")`, field: "logger" },
  { name: "service", type: "VARCHAR", sql: `coalesce(${text("service")}, nullif(logger, ''))`, uses: ["logger"] },
  ...identity(id).map((one) => ({ ...one, uses: [...(one.uses ?? []), "service"] })),
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${timestampSql(`"@time"`)}, ${mozillaTime}, ${timestampSql(`"@Time"`)}, ${OBJECT_TIME})` },
  { name: "event_type", type: "VARCHAR", sql: `coalesce("@type", "@Type")`, field: "type" },
  { name: "type_parts", type: "VARCHAR[]", sql: typeParts, uses: ["event_type"], stored: false },
  { name: "class_uid", type: "INTEGER", sql: classUid, uses: ["type_parts"] },
  { name: "activity_id", type: "INTEGER", sql: activityId, uses: ["event_type", "type_parts", "class_uid"] },
  { name: "severity", type: "VARCHAR", sql: severity },
  { name: "response_code", type: "VARCHAR", sql: `"@Fields.status"`, field: "Fields.status" },
  { name: "status_id", type: "INTEGER", sql: `CASE lower("@outcome") WHEN 'success' THEN 1 WHEN 'failure' THEN 2 ELSE CASE WHEN ${code} >= 400 THEN 2 WHEN ${code} > 0 THEN 1 ELSE 0 END END` },
  { name: "operation", type: "VARCHAR", sql: `nullif(event_type, '')`, uses: ["event_type"] },
  { name: "account", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "address", type: "VARCHAR", sql: address },
  { name: "user_agent", type: "VARCHAR", sql: `coalesce("@user_agent", "@Fields.agent", "@Fields.userAgent")`, field: "user_agent" },
  { name: "reason", type: "VARCHAR", sql: `coalesce("@reason", CASE WHEN ${code} >= 400 THEN "@Fields.errno" END)` },
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN coalesce(nullif(reason, ''), nullif(response_code, ''), 'failure') END`, uses: ["status_id", "reason", "response_code"] },
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "actor_parts", type: "VARCHAR[]", sql: actorParts, stored: false },
  { name: "actor_email", type: "VARCHAR", sql: `coalesce(${[actor("email"), plainActor, actor("id"), `"@Fields.email"`].map(emailIn).join(", ")})`, uses: ["actor_parts"] },
  { name: "actor_uid", type: "VARCHAR", sql: `coalesce(${actor("id")}, ${mozillaUser})`, uses: ["actor_parts"] },
  { name: "actor_name", type: "VARCHAR", sql: `coalesce(${actor("name")}, ${plainActor}, ${actor("email")}, ${text("Fields.email")})`, uses: ["actor_parts"] },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["actor_email", "actor_uid", "actor_name", "address"] },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["entity_kind", "actor_email", "actor_uid", "actor_name", "address"] },
  { name: "entity_key", type: "VARCHAR", sql: entityKey, uses: ["entity_kind", "entity_name", "actor_uid", "actor_name"] },
  { name: "resource", type: "VARCHAR", sql: text("resource", "Fields.path") },
  { name: "environment", type: "VARCHAR", sql: `"@environment"`, field: "environment" },
  { name: "host", type: "VARCHAR", sql: `coalesce("@host", "@Hostname")`, field: "host" },
  { name: "message", type: "VARCHAR", sql: `coalesce("@message", "@Fields.msg")`, field: "message" },
  { name: "trace_id", type: "VARCHAR", sql: `coalesce("@trace_id", "@Fields.rid")`, field: "trace_id" },
];

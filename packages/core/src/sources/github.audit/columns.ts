import { identity, OBJECT_TIME, timestampSql, type Column } from "../definition.ts";
import { activityId, CATEGORY, classUid, outcome, statusId } from "./actions.ts";

/** GitHub's own id is 16 random bytes; anything else (a redacted or hand-made record) does not identify an event. */
const id = `CASE WHEN regexp_full_match("@_document_id", '[A-Za-z0-9_-]{20,24}') THEN "@_document_id" END`;

/** Milliseconds since 1970 from GitHub, text from those who passed the event on. */
const instant = (name: string): string => `CASE WHEN regexp_full_match("@${name}", '[0-9]{12,13}') THEN epoch_ms(TRY_CAST("@${name}" AS BIGINT)) ELSE ${timestampSql(`"@${name}"`)} END`;
const time = `coalesce(${["@timestamp", "created_at", "at_sign_timestamp"].map(instant).join(", ")}, ${OBJECT_TIME})`;

/** Some events are about several organizations or repositories: the first stands for all. */
const first = (name: string): string => `CASE WHEN starts_with("@${name}", '[') THEN regexp_extract("@${name}", '^\\["([^"]+)"', 1) ELSE "@${name}" END`;

const actor = `"@actor"`;
const bot = `("@actor_is_bot" = 'true' OR ends_with(${actor}, '[bot]'))`;
const email = (name: string): string => `CASE WHEN regexp_full_match("@${name}", '[^@\\s]+@[^@\\s]+') THEN lower("@${name}") END`;

/** What single sign-on calls the user; whether of who acts or of whom it is done to is told only where they are one. */
const person = `CASE WHEN ${actor} <> '' AND coalesce(nullif(lower("@user"), ''), lower(${actor})) = lower(${actor}) THEN coalesce(${email("external_identity_nameid")}, ${email("external_identity_username")}) END`;

const entityKind = `CASE
    WHEN ${bot} THEN 'role'
    WHEN person IS NOT NULL THEN 'person'
    WHEN ${actor} <> '' THEN 'user'
    WHEN "@actor_ip" <> '' THEN 'address'
    WHEN account <> '' THEN 'account' ELSE 'unknown' END`;

const entityName = `coalesce(CASE entity_kind WHEN 'person' THEN person WHEN 'address' THEN "@actor_ip" WHEN 'account' THEN account END, nullif(${actor}, ''), 'unknown')`;

/** Logins are GitHub's, and the same whatever their case. */
const entityKey = `CASE WHEN entity_kind IN ('user', 'role', 'account') THEN entity_kind || ':github:' || lower(entity_name) ELSE entity_kind || ':' || entity_name END`;

export const columns: readonly Column[] = [
  ...identity(id),
  { name: "time", type: "TIMESTAMP", sql: time },
  { name: "class_uid", type: "INTEGER", sql: classUid },
  { name: "activity_id", type: "INTEGER", sql: activityId, uses: ["class_uid"] },
  { name: "status_id", type: "INTEGER", sql: statusId },
  { name: "operation", type: "VARCHAR", sql: `"@action"`, field: "action" },
  { name: "service", type: "VARCHAR", sql: `nullif(${CATEGORY}, '')` },
  { name: "account", type: "VARCHAR", sql: `coalesce(nullif(${first("org")}, ''), nullif(${first("business")}, ''))` },
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "address", type: "VARCHAR", sql: `"@actor_ip"`, field: "actor_ip" },
  { name: "user_agent", type: "VARCHAR", sql: `"@user_agent"`, field: "user_agent" },
  { name: "outcome", type: "VARCHAR", sql: outcome, uses: ["status_id"] },
  { name: "access_key", type: "VARCHAR", sql: `coalesce(nullif("@hashed_token", ''), nullif("@token_id", ''))` },
  { name: "actor_name", type: "VARCHAR", sql: actor, field: "actor" },
  { name: "actor_uid", type: "VARCHAR", sql: `"@actor_id"`, field: "actor_id" },
  { name: "person", type: "VARCHAR", sql: person, stored: false },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["person", "account"] },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["person", "account", "entity_kind"] },
  { name: "entity_key", type: "VARCHAR", sql: entityKey, uses: ["entity_kind", "entity_name"] },
  { name: "resource", type: "VARCHAR", sql: `coalesce(nullif(${first("repo")}, ''), nullif("@repository", ''), nullif("@team", ''), nullif(${first("org")}, ''), nullif(${first("business")}, ''), nullif("@user", ''))` },
  { name: "operation_type", type: "VARCHAR", sql: `"@operation_type"`, field: "operation_type" },
  { name: "business", type: "VARCHAR", sql: `"@business"`, field: "business" },
  { name: "org", type: "VARCHAR", sql: `"@org"`, field: "org" },
  { name: "repo", type: "VARCHAR", sql: `"@repo"`, field: "repo" },
  { name: "team", type: "VARCHAR", sql: `"@team"`, field: "team" },
  { name: "target_user", type: "VARCHAR", sql: `"@user"`, field: "user" },
  { name: "target_user_uid", type: "VARCHAR", sql: `"@user_id"`, field: "user_id" },
  { name: "permission", type: "VARCHAR", sql: `"@permission"`, field: "permission" },
  { name: "old_permission", type: "VARCHAR", sql: `"@old_permission"`, field: "old_permission" },
  { name: "visibility", type: "VARCHAR", sql: `"@visibility"`, field: "visibility" },
  { name: "previous_visibility", type: "VARCHAR", sql: `"@previous_visibility"`, field: "previous_visibility" },
  { name: "access_type", type: "VARCHAR", sql: `"@programmatic_access_type"`, field: "programmatic_access_type" },
  { name: "token_scopes", type: "VARCHAR", sql: `"@token_scopes"`, field: "token_scopes" },
  { name: "transport", type: "VARCHAR", sql: `"@transport_protocol_name"`, field: "transport_protocol_name" },
  { name: "country", type: "VARCHAR", sql: `"@actor_location.country_code"`, field: "actor_location.country_code" },
  { name: "identity_nameid", type: "VARCHAR", sql: `"@external_identity_nameid"`, field: "external_identity_nameid" },
  { name: "identity_username", type: "VARCHAR", sql: `"@external_identity_username"`, field: "external_identity_username" },
];

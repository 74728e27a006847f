import { identity, OBJECT_TIME, timestampSql, type Column } from "../definition.ts";

/** An activity may have several events; the first one says what it was. */
const firstEvent = `coalesce(json_extract(json, '/events/0'), json_extract(json, '/protoPayload/metadata/event/0'), json)`;

/** A parameter has its value under the name of its type. */
const VALUES = ["value", "boolValue", "intValue", "multiValue", "multiStrValue", "multiIntValue", "messageValue", "multiMessageValue"];
const valueOf = `coalesce(${VALUES.map((name) => `one->'${name}'`).join(", ")}, 'null'::JSON)`;

/** All parameters as one object: in a list they cannot be asked for by name. */
const listed = `coalesce(json_extract(event, '/parameters'), json_extract(event, '/parameter'))`;
const parameters = `CASE json_type(${listed})
    WHEN 'OBJECT' THEN ${listed}::VARCHAR
    WHEN 'ARRAY' THEN '{' || list_aggregate(list_transform(json_extract(${listed}, '$[*]'), lambda one: to_json(one->>'name')::VARCHAR || ':' || ${valueOf}::VARCHAR), 'string_agg', ',') || '}' END`;
const parameter = (name: string): string => `nullif(json_extract_string(parameters, '/${name}'), '')`;

/** The parameters of all events, where an activity has several. */
const severalParameters = `CASE WHEN json_type(json, '/events/1') IS NOT NULL OR json_type(json, '/protoPayload/metadata/event/1') IS NOT NULL
    THEN list_concat(json_extract(json, '$.events[*].parameters[*]'), json_extract(json, '$.protoPayload.metadata.event[*].parameter[*]')) END`;
/** What rules ask for by a parameter's name, in small letters: its value in each event that has it. */
const asked = (name: string): Column => {
  const texts = `list_transform(list_filter(several_parameters, lambda one: one->>'name' = '${name}'), lambda one: json_extract_string(${valueOf}, '$'))`;
  const sql = `CASE WHEN several_parameters IS NOT NULL THEN ${texts} WHEN json_exists(parameters, '/${name}') THEN [json_extract_string(parameters, '/${name}')] END`;
  return { name: name.toLowerCase(), type: "VARCHAR[]", sql, uses: ["parameters", "several_parameters"], field: name.toLowerCase(), whole: true };
};

const application = `coalesce(nullif("@id.applicationName", ''), nullif(regexp_extract("@protoPayload.serviceName", '^([a-z0-9]+)\\.googleapis\\.com$', 1), ''))`;

/** An activity is known by its time and a qualifier, an entry of Cloud Logging by its time and insert id. Several lifted events share the activity's id. */
const id = `CASE
    WHEN "@id.uniqueQualifier" <> '' AND "@id.time" <> '' THEN concat_ws(':', "@id.customerId", "@id.applicationName", "@id.time", "@id.uniqueQualifier", CASE WHEN "@name" IS NOT NULL THEN md5(parameters) END)
    WHEN "@insertId" <> '' AND "@timestamp" <> '' THEN concat_ws(':', "@logName", "@timestamp", "@insertId") END`;

const SIGN_INS = `'login_success', 'login_failure', 'logout', 'login_challenge', 'login_verification', 'reauth', 'risky_sensitive_action_allowed', 'risky_sensitive_action_blocked'`;
/** What Google itself warns of. */
const WARNINGS = `'suspicious_login', 'suspicious_login_less_secure_app', 'suspicious_programmatic_login', 'gov_attack_warning', 'DEVICE_COMPROMISED_EVENT', 'SUSPICIOUS_ACTIVITY_EVENT'`;

/** Operations with a class and an activity of their own. */
const OPERATIONS: readonly (readonly [classUid: number, activity: number, operations: readonly string[]])[] = [
  [3002, 2, ["logout"]],
  [3001, 1, ["CREATE_USER"]],
  [3001, 2, ["UNSUSPEND_USER"]],
  [3001, 3, ["password_edit"]],
  [3001, 4, ["CHANGE_PASSWORD"]],
  [3001, 5, ["SUSPEND_USER", "account_disabled_generic", "account_disabled_hijacked", "account_disabled_password_leak", "account_disabled_spamming", "account_disabled_spamming_through_relay"]],
  [3001, 6, ["DELETE_USER"]],
  [3001, 10, ["2sv_enroll"]],
  [3001, 11, ["2sv_disable", "TURN_OFF_2_STEP_VERIFICATION"]],
  [3001, 99, ["RENAME_USER", "recovery_email_edit", "recovery_phone_edit", "recovery_secret_qa_edit", "CHANGE_RECOVERY_EMAIL", "CHANGE_RECOVERY_PHONE", "email_forwarding_out_of_domain"]],
  [3005, 1, ["GRANT_ADMIN_PRIVILEGE", "GRANT_DELEGATED_ADMIN_PRIVILEGES", "ASSIGN_ROLE"]],
  [3005, 2, ["REVOKE_ADMIN_PRIVILEGE", "UNASSIGN_ROLE"]],
  [3006, 3, ["ADD_GROUP_MEMBER"]],
  [3006, 4, ["REMOVE_GROUP_MEMBER"]],
  [3006, 5, ["DELETE_GROUP"]],
  [3006, 6, ["CREATE_GROUP"]],
  [3004, 1, ["CREATE_ROLE"]],
  [3004, 3, ["RENAME_ROLE", "UPDATE_ROLE", "ADD_PRIVILEGE", "REMOVE_PRIVILEGE"]],
  [3004, 4, ["DELETE_ROLE"]],
];
const listOf = (operations: readonly string[]): string => operations.map((name) => `'${name}'`).join(", ");

const classUid = `CASE
    WHEN operation IN (${WARNINGS}) THEN 2004
    WHEN operation IN (${SIGN_INS}) THEN 3002
    ${OPERATIONS.map(([uid, , operations]) => `WHEN operation IN (${listOf(operations)}) THEN ${uid}`).join("\n    ")}
    WHEN application = 'drive' THEN 6001 ELSE 6003 END`;

const activityId = `CASE
    ${OPERATIONS.map(([, activity, operations]) => `WHEN operation IN (${listOf(operations)}) THEN ${activity}`).join("\n    ")}
    WHEN class_uid = 2004 THEN 1
    WHEN class_uid = 3002 THEN CASE WHEN operation IN ('login_success', 'login_failure') THEN 1 ELSE 99 END
    WHEN coalesce(operation, '') = '' THEN 0
    WHEN class_uid = 6001 THEN CASE WHEN event_type = 'acl_change' THEN 8 WHEN operation IN ('create', 'upload') THEN 1 WHEN operation IN ('view', 'preview') THEN 2 WHEN operation IN ('edit', 'rename', 'move') THEN 3
      WHEN operation IN ('delete', 'trash') THEN 4 WHEN operation IN ('download', 'print', 'copy') THEN 7 ELSE 99 END
    WHEN starts_with(operation, 'CREATE') OR starts_with(operation, 'ADD_') OR ends_with(operation, '_CREATED') OR operation = 'AUTHORIZE_API_CLIENT_ACCESS' THEN 1
    WHEN starts_with(operation, 'DELETE') OR starts_with(operation, 'REMOVE_') OR ends_with(operation, '_DELETED') THEN 4
    WHEN starts_with(operation, 'CHANGE_') OR starts_with(operation, 'UPDATE_') OR starts_with(operation, 'TOGGLE_') OR ends_with(operation, '_UPDATED') THEN 3
    ELSE 99 END`;

/** An activity is what has happened; only some say that it was not to be. Warnings say nothing of success. */
const statusId = `CASE
    WHEN class_uid = 2004 OR coalesce(operation, '') = '' THEN 0
    WHEN operation IN ('login_failure', 'risky_sensitive_action_blocked') OR lower(${parameter("login_challenge_status")}) LIKE '%fail%' OR json_extract_string(event, '/status/success') = 'false' THEN 2
    ELSE 1 END`;

const email = `coalesce(nullif("@actor.email", ''), nullif("@protoPayload.authenticationInfo.principalEmail", ''), CASE WHEN coalesce("@actor.profileId", "@actor.key", '') = '' THEN ${parameter("affected_email_address")} END)`;

const entityKind = `CASE
    WHEN ends_with(lower(actor_name), '.gserviceaccount.com') THEN 'role'
    WHEN contains(actor_name, '@') THEN 'person'
    WHEN "@actor.key" <> '' THEN 'role'
    WHEN application = 'access_transparency' THEN 'service'
    WHEN "@actor.profileId" <> '' OR actor_name <> '' THEN 'user'
    WHEN address <> '' THEN 'address' ELSE 'unknown' END`;

const entityName = `coalesce(CASE entity_kind WHEN 'role' THEN coalesce(actor_name, "@actor.key") WHEN 'person' THEN lower(actor_name) WHEN 'service' THEN 'Google' WHEN 'user' THEN coalesce("@actor.profileId", actor_name) WHEN 'address' THEN address END, 'unknown')`;

/** What an activity is about, most telling first. */
const RESOURCES = ["doc_title", "doc_id", "USER_EMAIL", "GROUP_EMAIL", "affected_email_address", "ROLE_NAME", "SETTING_NAME", "APPLICATION_NAME", "API_CLIENT_NAME", "app_name", "DOMAIN_NAME", "OBFUSCATED_CUSTOMER_TAKEOUT_REQUEST_ID"];

export const columns: readonly Column[] = [
  { name: "event", type: "VARCHAR", sql: firstEvent, stored: false },
  { name: "parameters", type: "VARCHAR", sql: parameters, uses: ["event"] },
  { name: "several_parameters", type: "JSON[]", sql: severalParameters, stored: false },
  asked("SETTING_NAME"),
  asked("NEW_VALUE"),
  ...identity(id).map((column) => (column.uses ? column : { ...column, uses: ["parameters"] })),
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${timestampSql(`"@id.time"`)}, ${timestampSql(`"@timestamp"`)}, ${OBJECT_TIME})` },
  { name: "application", type: "VARCHAR", sql: application },
  { name: "operation", type: "VARCHAR", sql: `coalesce(nullif(json_extract_string(event, '/name'), ''), nullif(json_extract_string(event, '/eventName'), ''))`, uses: ["event"] },
  { name: "event_type", type: "VARCHAR", sql: `coalesce(json_extract_string(event, '/type'), json_extract_string(event, '/eventType'))`, uses: ["event"] },
  { name: "class_uid", type: "INTEGER", sql: classUid, uses: ["operation", "application"] },
  { name: "activity_id", type: "INTEGER", sql: activityId, uses: ["class_uid", "operation", "event_type"] },
  { name: "status_id", type: "INTEGER", sql: statusId, uses: ["class_uid", "operation", "event", "parameters"] },
  { name: "service", type: "VARCHAR", sql: `application`, uses: ["application"] },
  { name: "account", type: "VARCHAR", sql: `coalesce(nullif("@id.customerId", ''), nullif(regexp_extract("@protoPayload.resourceName", '^organizations/([^/]+)', 1), ''))` },
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "address", type: "VARCHAR", sql: `coalesce(nullif("@ipAddress", ''), nullif("@protoPayload.requestMetadata.callerIp", ''))` },
  { name: "user_agent", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN coalesce(${parameter("login_failure_type")}, 'failure') END`, uses: ["status_id", "parameters"] },
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "actor_name", type: "VARCHAR", sql: email, uses: ["parameters"] },
  { name: "actor_uid", type: "VARCHAR", sql: `"@actor.profileId"`, field: "actor.profileId" },
  { name: "caller_type", type: "VARCHAR", sql: `"@actor.callerType"`, field: "actor.callerType" },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["actor_name", "application", "address"] },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["entity_kind", "actor_name", "address"] },
  { name: "entity_key", type: "VARCHAR", sql: `entity_kind || ':' || entity_name`, uses: ["entity_kind", "entity_name"] },
  { name: "target_user", type: "VARCHAR", sql: `coalesce(${["USER_EMAIL", "affected_email_address", "target_user"].map(parameter).join(", ")})`, uses: ["parameters"] },
  { name: "resource", type: "VARCHAR", sql: `coalesce(${RESOURCES.map(parameter).join(", ")})`, uses: ["parameters"] },
];

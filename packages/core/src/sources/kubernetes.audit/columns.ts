import { identity, OBJECT_TIME, timestampSql, type Column } from "../definition.ts";

const user = `"@user.username"`;
/** EKS tells the IAM identity behind a user: `arn:aws:iam::111122223333:role/admin`. */
const arn = `"@user.extra.canonicalArn[0]"`;
const awsRole = `CASE WHEN contains(${arn}, ':role/') THEN nullif(split_part(${arn}, '/', -1), '') END`;
const serviceAccount = `starts_with(${user}, 'system:serviceaccount:')`;

const code = `TRY_CAST("@responseStatus.code" AS INTEGER)`;

/** A request is one event at each stage of its way: received, answer begun, answered, failed. */
const id = `"@auditID" || ':' || coalesce("@stage", '')`;

const entityKind = `CASE
    WHEN ${serviceAccount} OR ${awsRole} IS NOT NULL THEN 'role'
    WHEN ${user} = 'system:anonymous' AND "@sourceIPs[0]" IS NOT NULL THEN 'address'
    WHEN starts_with(${user}, 'system:') THEN 'service'
    WHEN contains(${user}, '@') THEN 'person'
    WHEN ${user} <> '' THEN 'user'
    WHEN "@sourceIPs[0]" IS NOT NULL THEN 'address' ELSE 'unknown' END`;

const entityName = `coalesce(CASE entity_kind
    WHEN 'role' THEN CASE WHEN ${serviceAccount} THEN replace(substr(${user}, 23), ':', '/') ELSE ${awsRole} END
    WHEN 'person' THEN lower(${user})
    WHEN 'address' THEN "@sourceIPs[0]" END, nullif(${user}, ''), 'unknown')`;

export const columns: readonly Column[] = [
  ...identity(id),
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${["requestReceivedTimestamp", "stageTimestamp", "timestamp"].map((name) => timestampSql(`"@${name}"`)).join(", ")}, ${OBJECT_TIME})` },
  { name: "class_uid", type: "INTEGER", sql: `6003` },
  { name: "activity_id", type: "INTEGER", sql: `CASE WHEN "@verb" = 'create' THEN 1 WHEN "@verb" IN ('get', 'list', 'watch') THEN 2 WHEN "@verb" IN ('update', 'patch') THEN 3 WHEN "@verb" IN ('delete', 'deletecollection') THEN 4 WHEN "@verb" <> '' THEN 99 ELSE 0 END` },
  { name: "status_id", type: "INTEGER", sql: `CASE WHEN ${code} >= 400 OR "@decision" = 'forbid' THEN 2 WHEN ${code} > 0 THEN 1 ELSE 0 END` },
  { name: "operation", type: "VARCHAR", sql: `concat_ws(' ', nullif("@verb", ''), concat_ws('/', nullif("@objectRef.resource", ''), nullif("@objectRef.subresource", '')))` },
  { name: "service", type: "VARCHAR", sql: `CASE WHEN "@objectRef.resource" IS NOT NULL THEN coalesce(nullif("@objectRef.apiGroup", ''), 'core') END` },
  { name: "account", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "address", type: "VARCHAR", sql: `"@sourceIPs[0]"` },
  { name: "user_agent", type: "VARCHAR", sql: `"@userAgent"`, field: "userAgent" },
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN coalesce(nullif("@responseStatus.reason", ''), "@responseStatus.code", 'Forbidden') END`, uses: ["status_id"] },
  { name: "access_key", type: "VARCHAR", sql: `"@user.extra.accessKeyId[0]"` },
  { name: "actor_name", type: "VARCHAR", sql: user, field: "user.username" },
  { name: "actor_uid", type: "VARCHAR", sql: `"@user.uid"`, field: "user.uid" },
  { name: "actor_arn", type: "VARCHAR", sql: arn },
  { name: "impersonated", type: "VARCHAR", sql: `"@impersonatedUser.username"`, field: "impersonatedUser.username" },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["entity_kind"] },
  { name: "entity_key", type: "VARCHAR", sql: `entity_kind || ':' || entity_name`, uses: ["entity_kind", "entity_name"] },
  { name: "resource", type: "VARCHAR", sql: `nullif(concat_ws('/', nullif("@objectRef.namespace", ''), nullif("@objectRef.resource", ''), nullif("@objectRef.name", '')), '')` },
  { name: "verb", type: "VARCHAR", sql: `"@verb"`, field: "verb" },
  { name: "resource_type", type: "VARCHAR", sql: `"@objectRef.resource"`, field: "objectRef.resource" },
  { name: "subresource", type: "VARCHAR", sql: `"@objectRef.subresource"`, field: "objectRef.subresource" },
  { name: "namespace", type: "VARCHAR", sql: `"@objectRef.namespace"`, field: "objectRef.namespace" },
  { name: "resource_name", type: "VARCHAR", sql: `"@objectRef.name"`, field: "objectRef.name" },
  { name: "api_group", type: "VARCHAR", sql: `"@objectRef.apiGroup"`, field: "objectRef.apiGroup" },
  { name: "request_uri", type: "VARCHAR", sql: `"@requestURI"`, field: "requestURI" },
  { name: "stage", type: "VARCHAR", sql: `"@stage"`, field: "stage" },
  { name: "level", type: "VARCHAR", sql: `"@level"`, field: "level" },
  { name: "decision", type: "VARCHAR", sql: `"@decision"` },
  { name: "response_code", type: "VARCHAR", sql: `"@responseStatus.code"`, field: "responseStatus.code" },
];

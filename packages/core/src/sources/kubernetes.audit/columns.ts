import { isPersonal } from "../awsIdentity.ts";
import { identity, OBJECT_TIME, timestampSql, type Column } from "../definition.ts";

const user = `"@user.username"`;

/** All but the last address come from headers, and a client writes into those what it likes. The last one is the connection's. */
const address = `CASE WHEN starts_with("@sourceIPs", '[') THEN nullif(regexp_extract("@sourceIPs", '"([^"]*)"\\s*\\]$', 1), '') ELSE "@sourceIPs" END`;

/** EKS tells the IAM identity behind a user: `arn:aws:iam::111122223333:role/admin`, and the role's session. */
const arn = `"@user.extra.canonicalArn[0]"`;
const awsRole = `CASE WHEN contains(${arn}, ':role/') THEN nullif(split_part(${arn}, '/', -1), '') END`;
const awsUser = `CASE WHEN contains(${arn}, ':user/') THEN nullif(split_part(${arn}, '/', -1), '') WHEN ends_with(${arn}, ':root') THEN 'root' END`;
const session = `coalesce(nullif("@user.extra.sessionName[0]", ''), nullif(split_part("@user.extra.arn[0]", '/', 3), ''))`;

const serviceAccount = `starts_with(${user}, 'system:serviceaccount:')`;
/** Google's service accounts have names like e-mail addresses. */
const robot = `ends_with(${user}, '.gserviceaccount.com')`;
/** `system:admin` is the first administrator of k3s and OpenShift, who is no part of the cluster. */
const service = `(starts_with(${user}, 'system:') AND ${user} <> 'system:admin') OR starts_with(${user}, 'eks:') OR ${user} = 'aksService'`;

/** An e-mail address, also behind a prefix that the cluster puts before names of its identity provider (`oidc:`). */
const email = `nullif(regexp_extract(${user}, '^(?:[A-Za-z0-9_.-]+[:#])?([^@:#/\\s]+@[^@:#/\\s]+)$', 1), '')`;

/** A role's session is a person's when single sign-on made the role, or when an e-mail address names it. */
const person = `CASE
    WHEN ${awsRole} IS NOT NULL THEN CASE WHEN ${isPersonal(awsRole, session)} THEN ${session} END
    WHEN ${awsUser} IS NULL AND NOT ${robot} THEN ${email} END`;

const code = `TRY_CAST("@responseStatus.code" AS INTEGER)`;

/** A request is one event at each stage of its way: received, answer begun, answered, failed. */
const id = `nullif("@auditID", '') || ':' || coalesce("@stage", '')`;

const entityKind = `CASE
    WHEN ${serviceAccount} THEN 'role'
    WHEN ${user} = 'system:anonymous' AND address <> '' THEN 'address'
    WHEN ${service} THEN 'service'
    WHEN person IS NOT NULL THEN 'person'
    WHEN ${awsRole} IS NOT NULL OR ${robot} THEN 'role'
    WHEN ${user} <> '' THEN 'user'
    WHEN address <> '' THEN 'address' ELSE 'unknown' END`;

const entityName = `coalesce(CASE entity_kind
    WHEN 'role' THEN CASE WHEN ${serviceAccount} THEN replace(substr(${user}, 23), ':', '/') ELSE ${awsRole} END
    WHEN 'person' THEN lower(person)
    WHEN 'user' THEN ${awsUser}
    WHEN 'address' THEN address END, nullif(${user}, ''), 'unknown')`;

/** An IAM user is known by account and name, as in CloudTrail. */
const entityKey = `concat_ws(':', entity_kind, CASE WHEN entity_kind = 'user' AND ${awsUser} IS NOT NULL THEN nullif(split_part(${arn}, ':', 5), '') END, entity_name)`;

export const columns: readonly Column[] = [
  ...identity(id),
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${["requestReceivedTimestamp", "stageTimestamp", "timestamp"].map((name) => timestampSql(`"@${name}"`)).join(", ")}, ${OBJECT_TIME})` },
  { name: "class_uid", type: "INTEGER", sql: `6003` },
  { name: "activity_id", type: "INTEGER", sql: `CASE WHEN "@verb" IN ('create', 'post') THEN 1 WHEN "@verb" IN ('get', 'list', 'watch', 'head') THEN 2 WHEN "@verb" IN ('update', 'patch', 'put') THEN 3 WHEN "@verb" IN ('delete', 'deletecollection') THEN 4 WHEN "@verb" <> '' THEN 99 ELSE 0 END` },
  { name: "status_id", type: "INTEGER", sql: `CASE WHEN ${code} >= 400 OR "@decision" = 'forbid' OR "@responseStatus.status" = 'Failure' THEN 2 WHEN ${code} > 0 OR "@responseStatus.status" = 'Success' THEN 1 ELSE 0 END` },
  { name: "operation", type: "VARCHAR", sql: `nullif(concat_ws(' ', nullif("@verb", ''), nullif(concat_ws('/', nullif("@objectRef.resource", ''), nullif("@objectRef.subresource", '')), '')), '')` },
  { name: "service", type: "VARCHAR", sql: `CASE WHEN "@objectRef.resource" IS NOT NULL THEN coalesce(nullif("@objectRef.apiGroup", ''), 'core') END` },
  { name: "account", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "address", type: "VARCHAR", sql: address },
  { name: "user_agent", type: "VARCHAR", sql: `"@userAgent"`, field: "userAgent" },
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN coalesce(nullif("@responseStatus.reason", ''), nullif("@responseStatus.code", ''), CASE WHEN "@decision" = 'forbid' THEN 'Forbidden' ELSE 'Failure' END) END`, uses: ["status_id"] },
  { name: "access_key", type: "VARCHAR", sql: `"@user.extra.accessKeyId[0]"` },
  { name: "actor_name", type: "VARCHAR", sql: user, field: "user.username" },
  { name: "actor_uid", type: "VARCHAR", sql: `"@user.uid"`, field: "user.uid" },
  { name: "actor_arn", type: "VARCHAR", sql: arn },
  { name: "impersonated", type: "VARCHAR", sql: `"@impersonatedUser.username"`, field: "impersonatedUser.username" },
  { name: "person", type: "VARCHAR", sql: person, stored: false },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["person", "address"] },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["entity_kind", "person", "address"] },
  { name: "entity_key", type: "VARCHAR", sql: entityKey, uses: ["entity_kind", "entity_name"] },
  { name: "resource", type: "VARCHAR", sql: `coalesce(nullif(concat_ws('/', nullif("@objectRef.namespace", ''), nullif("@objectRef.resource", ''), nullif("@objectRef.name", '')), ''), nullif(split_part("@requestURI", '?', 1), ''))` },
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

import { OBJECT_TIME, PLACE_IDENTITY, type Column } from "../definition.ts";
import { arnIdentity } from "../awsIdentity.ts";

const text = (name: string, field: string): Column => ({ name, type: "VARCHAR", sql: `"@${field}"`, field });
const time = `try_strptime("@requestdatetime", '%d/%b/%Y:%H:%M:%S %z') AT TIME ZONE 'UTC'`;
const status = `TRY_CAST("@httpstatus" AS INTEGER)`;
const requester = arnIdentity(`"@requester"`);

/** AWS's services act under a name of theirs; a canonical id is an account's, or its root user's. */
const entityKind = `coalesce(${requester.kind}, CASE
    WHEN starts_with("@requester", 'svc:') OR ends_with("@requester", '.amazonaws.com') OR "@requester" IN ('AmazonS3', 'AmazonSNS') THEN 'service'
    WHEN length("@requester") = 64 THEN 'account' WHEN "@requester" IS NOT NULL THEN 'unknown' WHEN "@remoteip" IS NOT NULL THEN 'address' ELSE 'unknown' END)`;
const entityName = `coalesce(CASE WHEN entity_kind IN ('person', 'role', 'user') THEN ${requester.name} WHEN entity_kind = 'service' AND starts_with("@requester", 'svc:') THEN substr("@requester", 5) ELSE "@requester" END, "@remoteip", 'unknown')`;

/** What the request does to the object or bucket: `REST.PUT.OBJECT`. */
const verb = `split_part("@operation", '.', 2)`;

export const columns: readonly Column[] = [
  ...PLACE_IDENTITY,
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${time}, ${OBJECT_TIME})` },
  { name: "class_uid", type: "INTEGER", sql: `6003` },
  { name: "activity_id", type: "INTEGER", sql: `CASE WHEN ${verb} IN ('GET', 'HEAD', 'OPTIONS') THEN 2 WHEN ${verb} IN ('PUT', 'POST', 'COPY', 'CREATE') THEN 1 WHEN ${verb} IN ('DELETE', 'EXPIRE') THEN 4 WHEN "@operation" IS NULL THEN 0 ELSE 99 END` },
  { name: "status_id", type: "INTEGER", sql: `CASE WHEN ${status} >= 400 OR "@errorcode" IS NOT NULL THEN 2 WHEN ${status} >= 100 THEN 1 ELSE 0 END` },
  text("operation", "operation"),
  { name: "service", type: "VARCHAR", sql: `'s3.amazonaws.com'` },
  { name: "account", type: "VARCHAR", sql: requester.account },
  text("region", "sourceregion"),
  text("address", "remoteip"),
  text("user_agent", "useragent"),
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN coalesce("@errorcode", "@httpstatus") END`, uses: ["status_id"] },
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  text("actor_name", "requester"),
  { name: "entity_kind", type: "VARCHAR", sql: entityKind },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["entity_kind"] },
  { name: "entity_key", type: "VARCHAR", sql: `concat_ws(':', entity_kind, CASE WHEN entity_kind = 'user' THEN ${requester.account} END, entity_name)`, uses: ["entity_kind", "entity_name"] },
  { name: "resource", type: "VARCHAR", sql: `concat_ws('/', "@bucket_name", "@key")` },
  text("bucket", "bucket_name"),
  text("bucket_owner", "bucketowner"),
  text("object_key", "key"),
  text("request_id", "requestid"),
  text("request_uri", "request_uri"),
  text("method", "method"),
  text("uri", "target"),
  text("status", "httpstatus"),
  text("error_code", "errorcode"),
  text("bytes", "bytessent"),
  text("object_size", "objectsize"),
  text("total_time", "totaltime"),
  text("referer", "referrer"),
  text("version_id", "versionid"),
  text("signature_version", "sigv"),
  text("auth_type", "authtype"),
  text("endpoint", "endpoint"),
  text("tls_version", "tlsversion"),
  text("cipher", "ciphersuite"),
  text("access_point", "accesspointarn"),
  text("acl_required", "aclrequired"),
];

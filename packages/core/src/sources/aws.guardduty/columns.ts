import { isPersonal } from "../awsIdentity.ts";
import { identity, OBJECT_TIME, timestampSql, type Column } from "../definition.ts";
import { text, textsSql } from "./fields.ts";

/** A finding is told again whenever it goes on, and when it was archived. */
const id = `CASE WHEN ${text("id")} IS NOT NULL THEN concat_ws(':', ${text("accountId")}, ${text("region")}, ${text("id")}, ${text("updatedAt")}, CASE WHEN ${text("archived")} = 'true' THEN 'archived' END) END`;

const firstTime = (...places: Parameters<typeof text>[0][]): string => `coalesce(${places.map((place) => timestampSql(text(place))).join(", ")}, ${OBJECT_TIME})`;

const firstOf = (...places: Parameters<typeof text>[0][]): string => `coalesce(${places.map(text).join(", ")})`;
const address = firstOf("apiAddress", "apiAddressV6", "networkAddress", "networkAddressV6", "probeAddress", "clusterAddress", "databaseAddress", "apiDomain");
const thing = firstOf("instanceId", "bucket", "cluster", "function", "database");

/** A role's session is a person's by the same signs as in CloudTrail. */
const session = `nullif(split_part(${text("principalId")}, ':', 2), '')`;
const isRole = `${text("userType")} IN ('AssumedRole', 'Role')`;
const person = `CASE WHEN ${isRole} AND ${isPersonal(text("userName"), session)} THEN ${session} END`;

const entityKind = `CASE
    WHEN person IS NOT NULL THEN 'person'
    WHEN ${isRole} AND ${text("userName")} IS NOT NULL THEN 'role'
    WHEN ${text("userType")} = 'AWSService' AND ${text("userName")} IS NOT NULL THEN 'service'
    WHEN ${text("userType")} = 'Root' OR ${text("userName")} IS NOT NULL THEN 'user'
    WHEN ${text("instanceId")} IS NOT NULL THEN 'role'
    WHEN account <> '' THEN 'account'
    WHEN address <> '' THEN 'address' ELSE 'unknown' END`;

const entityName = `coalesce(CASE entity_kind
    WHEN 'person' THEN lower(person) WHEN 'user' THEN CASE WHEN ${text("userType")} = 'Root' THEN 'root' ELSE ${text("userName")} END
    WHEN 'role' THEN coalesce(${text("userName")}, ${text("instanceId")}) WHEN 'service' THEN ${text("userName")} WHEN 'account' THEN account WHEN 'address' THEN address END, 'unknown')`;

export const columns: readonly Column[] = [
  { name: "texts", type: "VARCHAR[]", sql: textsSql, stored: false },
  ...identity(id).map((column) => (column.uses ? column : { ...column, uses: ["texts"] })),
  { name: "time", type: "TIMESTAMP", sql: firstTime("lastSeen", "updatedAt", "createdAt"), uses: ["texts"] },
  { name: "first_seen", type: "TIMESTAMP", sql: timestampSql(text("firstSeen")), uses: ["texts"] },
  { name: "created", type: "TIMESTAMP", sql: timestampSql(text("createdAt")), uses: ["texts"] },
  { name: "updated", type: "TIMESTAMP", sql: timestampSql(text("updatedAt")), uses: ["texts"] },
  { name: "class_uid", type: "INTEGER", sql: `2004` },
  { name: "archived", type: "BOOLEAN", sql: `coalesce(${text("archived")} = 'true', false)`, uses: ["texts"] },
  { name: "count", type: "BIGINT", sql: `TRY_CAST(${text("count")} AS BIGINT)`, uses: ["texts"] },
  { name: "activity_id", type: "INTEGER", sql: `CASE WHEN archived THEN 3 WHEN "count" > 1 OR updated > created THEN 2 ELSE 1 END`, uses: ["archived", "count", "updated", "created"] },
  { name: "status_id", type: "INTEGER", sql: `0` },
  { name: "operation", type: "VARCHAR", sql: text("type"), uses: ["texts"] },
  { name: "severity", type: "DOUBLE", sql: `TRY_CAST(${text("severity")} AS DOUBLE)`, uses: ["texts"] },
  { name: "title", type: "VARCHAR", sql: text("title"), uses: ["texts"] },
  { name: "description", type: "VARCHAR", sql: text("description"), uses: ["texts"] },
  { name: "finding_id", type: "VARCHAR", sql: text("id"), uses: ["texts"] },
  { name: "service", type: "VARCHAR", sql: text("apiService"), uses: ["texts"] },
  { name: "api", type: "VARCHAR", sql: text("api"), uses: ["texts"] },
  { name: "action_type", type: "VARCHAR", sql: text("actionType"), uses: ["texts"] },
  { name: "dns_domain", type: "VARCHAR", sql: text("dnsDomain"), uses: ["texts"] },
  { name: "account", type: "VARCHAR", sql: text("accountId"), uses: ["texts"] },
  { name: "region", type: "VARCHAR", sql: text("region"), uses: ["texts"] },
  { name: "address", type: "VARCHAR", sql: address, uses: ["texts"] },
  { name: "user_agent", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "outcome", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "access_key", type: "VARCHAR", sql: text("accessKeyId"), uses: ["texts"] },
  { name: "actor_name", type: "VARCHAR", sql: text("userName"), uses: ["texts"] },
  { name: "actor_uid", type: "VARCHAR", sql: text("principalId"), uses: ["texts"] },
  { name: "actor_type", type: "VARCHAR", sql: text("userType"), uses: ["texts"] },
  { name: "person", type: "VARCHAR", sql: person, uses: ["texts"], stored: false },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["person", "account", "address"] },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["entity_kind", "person", "account", "address"] },
  { name: "entity_key", type: "VARCHAR", sql: `concat_ws(':', entity_kind, CASE WHEN entity_kind = 'user' THEN account END, entity_name)`, uses: ["entity_kind", "entity_name", "account"] },
  { name: "resource_type", type: "VARCHAR", sql: text("resourceType"), uses: ["texts"] },
  { name: "resource_role", type: "VARCHAR", sql: text("resourceRole"), uses: ["texts"] },
  { name: "resource", type: "VARCHAR", sql: `coalesce(${thing}, ${text("accessKeyId")}, ${text("resourceType")})`, uses: ["texts"] },
];

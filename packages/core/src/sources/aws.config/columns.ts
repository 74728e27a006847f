import { arnIdentity } from "../awsIdentity.ts";
import { identity, OBJECT_TIME, timestampSql, type Column } from "../definition.ts";
import { item } from "./fields.ts";

/** A resource has one state after another; the same state is told by files, notifications and the API. */
const id = `CASE WHEN ${item("resourceId")} IS NOT NULL AND ${item("configurationItemCaptureTime")} IS NOT NULL THEN concat_ws(':', ${item("awsAccountId", "accountId")}, ${item("awsRegion")}, ${item("resourceType")}, ${item("resourceId")}, ${item("configurationItemCaptureTime")}) END`;

const who = arnIdentity("resource_arn");
const isMachine = `resource_type = 'AWS::EC2::Instance'`;

export const columns: readonly Column[] = [
  ...identity(id),
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${timestampSql(item("configurationItemCaptureTime"))}, ${timestampSql(`"@notificationCreationTime"`)}, ${OBJECT_TIME})` },
  { name: "class_uid", type: "INTEGER", sql: `5023` },
  { name: "activity_id", type: "INTEGER", sql: `1` },
  { name: "status_id", type: "INTEGER", sql: `0` },
  { name: "operation", type: "VARCHAR", sql: `coalesce("@configurationItemDiff.changeType", ${item("configurationItemStatus")})` },
  { name: "service", type: "VARCHAR", sql: `CASE WHEN starts_with(${item("resourceType")}, 'AWS::') THEN split_part(${item("resourceType")}, '::', 2) END` },
  { name: "account", type: "VARCHAR", sql: item("awsAccountId", "accountId") },
  { name: "region", type: "VARCHAR", sql: item("awsRegion") },
  { name: "address", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "user_agent", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "outcome", type: "VARCHAR", sql: item("configurationItemStatus"), field: "configurationItemStatus" },
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "actor_name", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "resource_type", type: "VARCHAR", sql: item("resourceType"), field: "resourceType" },
  { name: "resource_id", type: "VARCHAR", sql: item("resourceId"), field: "resourceId" },
  { name: "resource_name", type: "VARCHAR", sql: item("resourceName"), field: "resourceName" },
  { name: "resource_arn", type: "VARCHAR", sql: item("ARN", "arn") },
  { name: "resource", type: "VARCHAR", sql: `coalesce(resource_arn, resource_id, resource_name)`, uses: ["resource_arn", "resource_id", "resource_name"] },
  { name: "zone", type: "VARCHAR", sql: `nullif(${item("availabilityZone")}, 'Not Applicable')` },
  { name: "created", type: "TIMESTAMP", sql: timestampSql(item("resourceCreationTime")) },
  { name: "message_type", type: "VARCHAR", sql: `"@messageType"`, field: "messageType" },
  { name: "entity_kind", type: "VARCHAR", sql: `coalesce(${who.kind}, CASE WHEN ${isMachine} AND resource_id IS NOT NULL THEN 'role' WHEN account IS NOT NULL THEN 'account' ELSE 'unknown' END)`, uses: ["resource_arn", "resource_type", "resource_id", "account"] },
  { name: "entity_name", type: "VARCHAR", sql: `coalesce(CASE WHEN ${who.kind} IS NOT NULL THEN ${who.name} WHEN entity_kind = 'role' THEN resource_id ELSE account END, 'unknown')`, uses: ["entity_kind", "resource_arn", "resource_id", "account"] },
  { name: "entity_key", type: "VARCHAR", sql: `concat_ws(':', entity_kind, CASE WHEN entity_kind = 'user' THEN coalesce(${who.account}, account) END, entity_name)`, uses: ["entity_kind", "entity_name", "resource_arn", "account"] },
];

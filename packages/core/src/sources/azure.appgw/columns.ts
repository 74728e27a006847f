import { IP_PATTERN } from "../address.ts";
import { OBJECT_TIME, PLACE_IDENTITY, timestampSql, type Column } from "../definition.ts";
import { addressWithoutPort } from "../microsoftIdentity.ts";

const first = (...names: readonly string[]): string => `coalesce(${names.map((name) => `nullif("@${name}", '')`).join(", ")})`;
const column = (name: string, field: string): Column => ({ name, type: "VARCHAR", sql: `"@${field}"`, field });
const status = `TRY_CAST("@properties.httpStatus" AS INTEGER)`;
const isBlocked = `lower(firewall_action) = 'blocked'`;

export const columns: readonly Column[] = [
  ...PLACE_IDENTITY,
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${timestampSql(`"@timeStamp"`)}, ${timestampSql(`"@time"`)}, ${OBJECT_TIME})` },
  { name: "class_uid", type: "INTEGER", sql: `4002` },
  { name: "activity_id", type: "INTEGER", sql: `CASE "@properties.httpMethod" WHEN 'CONNECT' THEN 1 WHEN 'DELETE' THEN 2 WHEN 'GET' THEN 3 WHEN 'HEAD' THEN 4 WHEN 'OPTIONS' THEN 5 WHEN 'POST' THEN 6 WHEN 'PUT' THEN 7 WHEN 'TRACE' THEN 8 WHEN 'PATCH' THEN 9 ELSE CASE WHEN "@properties.httpMethod" <> '' THEN 99 ELSE 0 END END` },
  column("category", "category"),
  column("method", "properties.httpMethod"),
  column("firewall_action", "properties.action"),
  { name: "operation", type: "VARCHAR", sql: `coalesce(nullif(method, ''), "@operationName")`, uses: ["method"] },
  { name: "status_id", type: "INTEGER", sql: `CASE WHEN ${isBlocked} THEN 2 WHEN ${status} BETWEEN 100 AND 399 THEN 1 WHEN ${status} >= 400 THEN 2 ELSE 0 END`, uses: ["firewall_action"] },
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN CASE WHEN ${isBlocked} THEN 'blocked' ELSE "@properties.httpStatus" END END`, uses: ["status_id", "firewall_action"] },
  { name: "service", type: "VARCHAR", sql: first("properties.originalHost", "properties.host", "properties.hostname") },
  { name: "account", type: "VARCHAR", sql: `lower(nullif(regexp_extract("@resourceId", '(?i)^/subscriptions/([^/]+)', 1), ''))` },
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "address", type: "VARCHAR", sql: addressWithoutPort(first("properties.clientIP", "properties.clientIp")) },
  column("user_agent", "properties.userAgent"),
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "actor_name", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "entity_kind", type: "VARCHAR", sql: `CASE WHEN regexp_full_match(address, '${IP_PATTERN}') THEN 'address' ELSE 'unknown' END`, uses: ["address"] },
  { name: "entity_name", type: "VARCHAR", sql: `coalesce(nullif(address, ''), 'unknown')`, uses: ["address"] },
  { name: "entity_key", type: "VARCHAR", sql: `entity_kind || ':' || entity_name`, uses: ["entity_kind", "entity_name"] },
  { name: "resource", type: "VARCHAR", sql: `split_part("@properties.requestUri", '?', 1)` },
  { name: "uri", type: "VARCHAR", sql: first("properties.originalRequestUriWithArgs", "properties.requestUri") },
  column("query", "properties.requestQuery"),
  column("status", "properties.httpStatus"),
  column("bytes", "properties.sentBytes"),
  column("http_version", "properties.httpVersion"),
  column("gateway", "resourceId"),
  column("firewall_rule", "properties.ruleId"),
  column("firewall_message", "properties.message"),
  column("backend", "properties.serverRouted"),
];

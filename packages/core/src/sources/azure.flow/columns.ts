import { OBJECT_TIME, PLACE_IDENTITY, timestampSql, type Column } from "../definition.ts";

const isVnet = `"@category" = 'FlowLogFlowEvent'`;
/** The place of a tuple, from 1. */
const place = (number: number): string => `nullif(tuple[${number}], '')`;
/** A name that Traffic Analytics has for what is one of several in a text. */
const told = (name: string, field: string, sql: string): Column => ({ name, type: "VARCHAR", sql, uses: ["tuple"], field, whole: true });

/** The tuple's own time: seconds, or milliseconds in a virtual network's. */
const stamp = `TRY_CAST(tuple[1] AS BIGINT)`;
const moment = `CASE WHEN ${isVnet} AND ${stamp} BETWEEN 0 AND 253402300799999 THEN make_timestamp(${stamp} * 1000) WHEN NOT ${isVnet} AND ${stamp} BETWEEN 0 AND 253402300799 THEN make_timestamp(${stamp} * 1000000) END`;

/** Letters in a security group's tuple, IANA's numbers in a virtual network's. */
const protocol = `CASE WHEN ${isVnet} THEN ${place(6)} ELSE CASE ${place(6)} WHEN 'T' THEN '6' WHEN 'U' THEN '17' ELSE ${place(6)} END END`;
/** A security group's tuple has the decision in place 8, and from version 2 on the state in 9; a virtual network's has a state there, of which D is denied. */
const decision = `CASE WHEN ${isVnet} THEN CASE WHEN ${place(8)} = 'D' THEN 'denied' WHEN ${place(8)} IN ('B', 'C', 'E') THEN 'allowed' END ELSE CASE ${place(8)} WHEN 'A' THEN 'allowed' WHEN 'D' THEN 'denied' END END`;
/** Both ways together; NULL where nothing is told. */
const both = (one: number, other: number): string => `CASE WHEN coalesce(${place(one)}, ${place(other)}) IS NOT NULL THEN coalesce(TRY_CAST(${place(one)} AS UINTEGER), 0)::BIGINT + coalesce(TRY_CAST(${place(other)} AS UINTEGER), 0)::BIGINT END`;

export const columns: readonly Column[] = [
  ...PLACE_IDENTITY,
  { name: "tuple", type: "VARCHAR[]", sql: `string_split(coalesce("@flowTuples of a group", "@flowTuples of a network"), ',')`, stored: false },
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${moment}, ${timestampSql(`"@time"`)}, ${OBJECT_TIME})`, uses: ["tuple"] },
  { name: "class_uid", type: "INTEGER", sql: `4001` },
  { name: "operation", type: "VARCHAR", sql: `"@operationName"`, field: "operationName" },
  { name: "category", type: "VARCHAR", sql: `"@category"`, field: "category" },
  told("address", "SrcIp", place(2)),
  told("destination", "DestIp", place(3)),
  told("source_port", "SrcPort", place(4)),
  told("destination_port", "DestPort", place(5)),
  told("protocol", "L4Protocol", protocol),
  told("direction", "FlowDirection", `CASE ${place(7)} WHEN 'I' THEN 'inbound' WHEN 'O' THEN 'outbound' END`),
  told("action", "FlowStatus", decision),
  told("flow_state", "FlowState", `CASE WHEN ${isVnet} THEN ${place(8)} ELSE ${place(9)} END`),
  told("flow_encryption", "FlowEncryption", `CASE WHEN ${isVnet} THEN ${place(9)} END`),
  { name: "acl_rule", type: "VARCHAR", sql: `coalesce("@rule of a group", "@rule of a network")`, field: "AclRule", whole: true },
  { name: "packets", type: "BIGINT", sql: both(10, 12), uses: ["tuple"] },
  { name: "bytes", type: "BIGINT", sql: both(11, 13), uses: ["tuple"] },
  { name: "activity_id", type: "INTEGER", sql: `CASE action WHEN 'denied' THEN 5 ELSE 6 END`, uses: ["action"] },
  { name: "status_id", type: "INTEGER", sql: `CASE action WHEN 'allowed' THEN 1 WHEN 'denied' THEN 2 ELSE 0 END`, uses: ["action"] },
  { name: "outcome", type: "VARCHAR", sql: `CASE action WHEN 'allowed' THEN 'success' ELSE action END`, uses: ["action"] },
  { name: "service", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "resource", type: "VARCHAR", sql: `coalesce(nullif("@targetResourceID", ''), nullif("@resourceId", ''), nullif("@flowLogResourceID", ''))` },
  { name: "account", type: "VARCHAR", sql: `lower(nullif(regexp_extract(resource, '(?i)^/subscriptions/([^/]+)', 1), ''))`, uses: ["resource"] },
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "user_agent", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "actor_name", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "entity_kind", type: "VARCHAR", sql: `CASE WHEN address IS NOT NULL THEN 'address' WHEN account IS NOT NULL THEN 'account' ELSE 'unknown' END`, uses: ["address", "account"] },
  { name: "entity_name", type: "VARCHAR", sql: `coalesce(address, account, 'unknown')`, uses: ["address", "account"] },
  { name: "entity_key", type: "VARCHAR", sql: `entity_kind || ':' || entity_name`, uses: ["entity_kind", "entity_name"] },
  { name: "mac_address", type: "VARCHAR", sql: `"@macAddress"`, field: "macAddress" },
];

import { OBJECT_TIME, PLACE_IDENTITY, timestampSql, type Column } from "../definition.ts";

const isVnet = `"@category" = 'FlowLogFlowEvent'`;
/** Flows of a security group lie two lists deep, and of a virtual network likewise, under other names. Each path is a pass over the record, so only the one is taken. */
const either = (ofGroup: string, ofNetwork: string): string => `CASE WHEN ${isVnet} THEN json_extract_string(json, '$.flowRecords.flows[*].flowGroups[*]${ofNetwork}') ELSE json_extract_string(json, '$.properties.flows[*]${ofGroup}') END`;
const tuples = `list_transform(${either(".flows[*].flowTuples[*]", ".flowTuples[*]")}, lambda flow: string_split(flow, ','))`;
const rules = `list_sort(list_distinct(${either(".rule", ".rule")}))`;

/** A security group's tuple has the decision in place 8, and from version 2 on the state in 9; a virtual network's has a state there, of which D is denied. */
const count = (condition: string): string => `len(list_filter(tuples, lambda flow: ${condition}))`;
const distinct = (place: number): string => `list_sort(list_distinct(list_filter(list_transform(tuples, lambda flow: flow[${place}]), lambda found: found <> '')))`;
/** The sum of these places over all flows; what is no number counts as none. */
const sum = (...places: readonly number[]): string => `list_sum(list_transform(tuples, lambda flow: ${places.map((place) => `coalesce(TRY_CAST(flow[${place}] AS UINTEGER), 0)::BIGINT`).join(" + ")}))::BIGINT`;

export const columns: readonly Column[] = [
  ...PLACE_IDENTITY,
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${timestampSql(`"@time"`)}, ${OBJECT_TIME})` },
  { name: "class_uid", type: "INTEGER", sql: `4001` },
  { name: "operation", type: "VARCHAR", sql: `"@operationName"`, field: "operationName" },
  { name: "category", type: "VARCHAR", sql: `"@category"`, field: "category" },
  { name: "tuples", type: "VARCHAR[][]", sql: tuples, stored: false },
  { name: "flows", type: "BIGINT", sql: `len(tuples)`, uses: ["tuples"] },
  { name: "denied", type: "BIGINT", sql: count(`flow[8] = 'D'`), uses: ["tuples"] },
  { name: "allowed", type: "BIGINT", sql: count(`CASE WHEN ${isVnet} THEN flow[8] IN ('B', 'C', 'E') ELSE flow[8] = 'A' END`), uses: ["tuples"] },
  { name: "inbound", type: "BIGINT", sql: count(`flow[7] = 'I'`), uses: ["tuples"] },
  { name: "outbound", type: "BIGINT", sql: count(`flow[7] = 'O'`), uses: ["tuples"] },
  { name: "sources", type: "VARCHAR[]", sql: distinct(2), uses: ["tuples"] },
  { name: "destinations", type: "VARCHAR[]", sql: distinct(3), uses: ["tuples"] },
  { name: "destination_ports", type: "VARCHAR[]", sql: distinct(5), uses: ["tuples"] },
  { name: "rules", type: "VARCHAR[]", sql: rules },
  { name: "packets", type: "BIGINT", sql: sum(10, 12), uses: ["tuples"] },
  { name: "bytes", type: "BIGINT", sql: sum(11, 13), uses: ["tuples"] },
  { name: "activity_id", type: "INTEGER", sql: `CASE WHEN denied > 0 AND denied = flows THEN 5 ELSE 6 END`, uses: ["denied", "flows"] },
  { name: "status_id", type: "INTEGER", sql: `CASE WHEN allowed > 0 AND denied = 0 THEN 1 WHEN denied > 0 AND allowed = 0 THEN 2 ELSE 0 END`, uses: ["allowed", "denied"] },
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN 'denied' END`, uses: ["status_id"] },
  { name: "service", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "resource", type: "VARCHAR", sql: `coalesce(nullif("@targetResourceID", ''), nullif("@resourceId", ''), nullif("@flowLogResourceID", ''))` },
  { name: "account", type: "VARCHAR", sql: `lower(nullif(regexp_extract(resource, '(?i)^/subscriptions/([^/]+)', 1), ''))`, uses: ["resource"] },
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  // Of many sources none is the one.
  { name: "address", type: "VARCHAR", sql: `CASE WHEN len(sources) = 1 THEN sources[1] END`, uses: ["sources"] },
  { name: "user_agent", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "actor_name", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "entity_kind", type: "VARCHAR", sql: `CASE WHEN address IS NOT NULL THEN 'address' WHEN account IS NOT NULL THEN 'account' ELSE 'unknown' END`, uses: ["address", "account"] },
  { name: "entity_name", type: "VARCHAR", sql: `coalesce(address, account, 'unknown')`, uses: ["address", "account"] },
  { name: "entity_key", type: "VARCHAR", sql: `entity_kind || ':' || entity_name`, uses: ["entity_kind", "entity_name"] },
  { name: "mac_address", type: "VARCHAR", sql: `"@macAddress"`, field: "macAddress" },
];

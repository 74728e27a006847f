import { jsonArrayOf, jsonConstant, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";

const record = new RecordParts();

const MAPPED = ["time", "category", "operationName", "resourceId"];

const whole = (column: string, most: number): string => `CASE WHEN TRY_CAST(${column} AS BIGINT) BETWEEN 0 AND ${most} THEN TRY_CAST(${column} AS BIGINT)::VARCHAR END`;
const port = (column: string): Record<string, string> => ({ port: whole(column, 65535) });
const byAction = (allowed: string, denied: string): string => `CASE action WHEN 'allowed' THEN ${allowed} WHEN 'denied' THEN ${denied} END`;

/** The flow as OCSF 1.8.0, Network Activity. docs/sources/azure.flow.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers({ name: "Azure Network Watcher", vendor: "Microsoft" }, { 4001: "Network Activity" }, { profiles: jsonArrayOf(`'"cloud","security_control"'`), original_time: jsonString(record.text("/time")) }),
    message: jsonString(`concat_ws(' ', action, concat_ws(':', address, source_port), 'to', concat_ws(':', destination, destination_port))`),
    status_code: jsonString("flow_state"),
    action_id: byAction("'1'", "'2'"),
    action: byAction(jsonConstant("Allowed"), jsonConstant("Denied")),
    disposition_id: byAction("'1'", "'2'"),
    disposition: byAction(jsonConstant("Allowed"), jsonConstant("Blocked")),
    firewall_rule: `CASE WHEN acl_rule <> '' THEN ${jsonObject({ name: jsonString("acl_rule") })} END`,
    cloud: jsonObject({ provider: jsonConstant("Azure"), account: jsonObject({ uid: jsonString("account") }) }),
    src_endpoint: endpointOf("address", port("source_port")),
    dst_endpoint: endpointOf("destination", port("destination_port")),
    connection_info: jsonObject({
      direction_id: `CASE direction WHEN 'inbound' THEN '1' WHEN 'outbound' THEN '2' ELSE '0' END`,
      direction: `CASE direction WHEN 'inbound' THEN ${jsonConstant("Inbound")} WHEN 'outbound' THEN ${jsonConstant("Outbound")} ELSE ${jsonConstant("Unknown")} END`,
      protocol_num: whole("protocol", 255),
      protocol_ver_id: `CASE WHEN contains(address, ':') THEN '6' WHEN contains(address, '.') THEN '4' END`,
    }),
    traffic: `CASE WHEN bytes > 0 THEN ${jsonObject({ bytes: "bytes::VARCHAR", packets: "packets::VARCHAR" })} END`,
    unmapped: unmapped(MAPPED),
  }),
);

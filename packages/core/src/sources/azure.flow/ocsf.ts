import { jsonArrayOf, jsonConstant, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";

const record = new RecordParts();

const MAPPED = ["time", "category", "operationName", "resourceId"];

/** Inward or outward, where all flows go one way. */
const direction = `CASE WHEN flows > 0 AND inbound = flows THEN '1' WHEN flows > 0 AND outbound = flows THEN '2' ELSE '0' END`;
const only = (list: string): string => `CASE WHEN len(${list}) = 1 THEN ${list}[1] END`;
const port = `TRY_CAST(${only("destination_ports")} AS INTEGER)`;

/** The flows of a record together, as one OCSF 1.8.0 Network Activity: an address or a port is there where all flows share it. docs/sources/azure.flow.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers({ name: "Azure Network Watcher", vendor: "Microsoft" }, { 4001: "Network Activity" }, { profiles: jsonArrayOf(jsonConstant("cloud")), original_time: jsonString(record.text("/time")) }),
    message: jsonString(`concat(flows, ' flows, ', denied, ' denied')`),
    count: `CASE WHEN flows BETWEEN 1 AND 2147483647 THEN flows::VARCHAR END`,
    cloud: jsonObject({ provider: jsonConstant("Azure"), account: jsonObject({ uid: jsonString("account") }) }),
    src_endpoint: endpointOf("address"),
    dst_endpoint: `CASE WHEN len(destinations) = 1 THEN ${endpointOf("destinations[1]", { port: `CASE WHEN ${port} BETWEEN 0 AND 65535 THEN ${port}::VARCHAR END` })} END`,
    connection_info: jsonObject({ direction_id: direction }),
    traffic: `CASE WHEN bytes > 0 THEN ${jsonObject({ bytes: "bytes::VARCHAR", packets: "packets::VARCHAR" })} END`,
    unmapped: unmapped(MAPPED),
  }),
);

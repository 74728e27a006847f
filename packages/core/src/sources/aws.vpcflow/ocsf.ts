import { IP_PATTERN } from "../address.ts";
import { jsonConstant, jsonMillis, jsonObject, jsonString } from "../jsonText.ts";
import { eventMembers } from "../ocsfEvent.ts";

const whole = (column: string, most: string): string => `CASE WHEN TRY_CAST(${column} AS BIGINT) BETWEEN 0 AND ${most} THEN TRY_CAST(${column} AS BIGINT)::VARCHAR END`;
const INT = "2147483647";
const LONG = "9223372036854775807";

/**
 * One end of a flow. Interface, machine and network belong to the end that the interface is: the source of what goes out, the destination of what comes
 * in. The address in the packet is the end; the interface's own, where it is another one, stands between.
 */
function endpoint(seen: string, packet: string, port: string, isOwn: string): string {
  const own = (column: string): string => `CASE WHEN ${isOwn} THEN ${jsonString(column)} END`;
  const address = `coalesce(${packet}, ${seen})`;
  const isIp = `regexp_full_match(${address}, '${IP_PATTERN}')`;
  return jsonObject({
    ip: `CASE WHEN ${isIp} THEN ${jsonString(address)} END`,
    name: `CASE WHEN coalesce(${address}, '') = '' THEN CASE WHEN NOT ${isOwn} OR coalesce(interface_id, '') = '' THEN '"unknown"' END WHEN NOT ${isIp} THEN ${jsonString(address)} END`,
    intermediate_ips: `CASE WHEN ${packet} <> ${seen} AND regexp_full_match(${seen}, '${IP_PATTERN}') THEN '["' || ${seen} || '"]' END`,
    svc_name: `CASE WHEN NOT ${isOwn} THEN ${jsonString("service")} END`,
    port: whole(port, "65535"),
    instance_uid: own("instance_id"),
    interface_uid: own("interface_id"),
    subnet_uid: own("subnet_id"),
    vpc_uid: own("vpc_id"),
    zone: own("az_id"),
  });
}

const isIngress = `coalesce(direction, '') = 'ingress'`;

/** AWS's numbers of the ways out of a network, from 1, as OCSF's boundaries, from 4. */
const BOUNDARIES = ["Same VPC", "Internet/VPC Gateway", "Virtual Private Gateway", "Intra-region VPC", "Inter-region VPC", "Local Gateway", "Gateway VPC", "Internet Gateway"];
const byPath = (valueOf: (caption: string, index: number) => string): string => `CASE traffic_path ${BOUNDARIES.map((caption, index) => `WHEN '${index + 1}' THEN ${valueOf(caption, index)}`).join(" ")} END`;

/** The flow as OCSF 1.8.0, Network Activity. docs/sources/aws.vpcflow.md has the mapping. */
export const ocsf = `${jsonObject({
  ...eventMembers({ name: "Amazon VPC", vendor: "AWS" }, { 4001: "Network Activity" }, { profiles: `'["cloud","security_control"]'`, log_version: jsonString("flow_version") }),
  message: jsonString(`concat_ws(' ', coalesce(operation, log_status), concat_ws(':', address, source_port), 'to', concat_ws(':', destination, destination_port))`),
  status_code: jsonString("log_status"),
  status_detail: jsonString("reject_reason"),
  start_time: `CASE WHEN "time" <= ended THEN ${jsonMillis(`"time"`)} END`,
  end_time: jsonMillis("ended"),
  action_id: `CASE operation WHEN 'ACCEPT' THEN '1' WHEN 'REJECT' THEN '2' END`,
  action: `CASE operation WHEN 'ACCEPT' THEN ${jsonConstant("Allowed")} WHEN 'REJECT' THEN ${jsonConstant("Denied")} END`,
  disposition_id: `CASE operation WHEN 'ACCEPT' THEN '1' WHEN 'REJECT' THEN '2' END`,
  disposition: `CASE operation WHEN 'ACCEPT' THEN ${jsonConstant("Allowed")} WHEN 'REJECT' THEN ${jsonConstant("Blocked")} END`,
  cloud: jsonObject({ provider: jsonConstant("AWS"), account: jsonObject({ uid: jsonString("account") }), region: jsonString("region") }),
  src_endpoint: endpoint("address", "packet_source", "source_port", `NOT ${isIngress}`),
  dst_endpoint: endpoint("destination", "packet_destination", "destination_port", isIngress),
  connection_info: jsonObject({
    direction_id: `CASE direction WHEN 'ingress' THEN '1' WHEN 'egress' THEN '2' ELSE '0' END`,
    direction: `CASE direction WHEN 'ingress' THEN ${jsonConstant("Inbound")} WHEN 'egress' THEN ${jsonConstant("Outbound")} ELSE ${jsonConstant("Unknown")} END`,
    protocol_num: whole("protocol", "255"),
    protocol_ver_id: `CASE WHEN contains(address, ':') THEN '6' WHEN contains(address, '.') THEN '4' END`,
    tcp_flags: whole("tcp_flags", INT),
    boundary_id: byPath((_, index) => `'${index + 4}'`),
    boundary: byPath(jsonConstant),
  }),
  traffic: jsonObject({ packets: whole("packets", LONG), bytes: whole("bytes", LONG) }),
})}::JSON`;

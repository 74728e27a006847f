import { jsonConstant, jsonObject, jsonString } from "../jsonText.ts";
import { endpointOf, eventMembers } from "../ocsfEvent.ts";

const port = (column: string): string => `CASE WHEN TRY_CAST(${column} AS INTEGER) BETWEEN 0 AND 65535 THEN TRY_CAST(${column} AS INTEGER)::VARCHAR END`;
const long = (column: string): string => `CASE WHEN TRY_CAST(${column} AS BIGINT) >= 0 THEN TRY_CAST(${column} AS BIGINT)::VARCHAR END`;
const isHttp = (sql: string): string => `CASE WHEN class_uid = 4002 THEN ${sql} END`;

const request = jsonObject({
  http_method: `CASE WHEN operation IN ('CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'TRACE', 'PATCH') THEN ${jsonString("operation")} END`,
  url: `CASE WHEN uri <> '' THEN ${jsonObject({ url_string: jsonString("uri"), path: jsonString("path"), query_string: jsonString("query"), hostname: jsonString("host") })} END`,
  user_agent: jsonString("user_agent"),
  version: jsonString("http_version"),
  uid: jsonString("trace_id"),
});

/** The request, or the connection, as OCSF 1.8.0: HTTP Activity or Network Activity. docs/sources/aws.elb.md has the mapping. */
export const ocsf = `${jsonObject({
  ...eventMembers({ name: "Elastic Load Balancing", vendor: "AWS" }, { 4001: "Network Activity", 4002: "HTTP Activity" }, { profiles: `'["cloud","load_balancer"]'`, correlation_uid: jsonString("correlation_id") }),
  message: jsonString("coalesce(request, raw_data)"),
  status_code: jsonString("status"),
  status_detail: jsonString("coalesce(error_reason, tls_alert, nullif(tls_verify_status, 'Success'))"),
  cloud: jsonObject({ provider: jsonConstant("AWS"), account: jsonObject({ uid: jsonString("account") }), region: jsonString("region") }),
  http_request: isHttp(`coalesce(${request}, '{}')`),
  http_response: isHttp(`CASE WHEN TRY_CAST(status AS INTEGER) IS NOT NULL THEN ${jsonObject({ code: `TRY_CAST(status AS INTEGER)::VARCHAR`, length: `TRY_CAST(bytes AS INTEGER)::VARCHAR` })} END`),
  src_endpoint: endpointOf("address", { port: port("client_port") }),
  dst_endpoint: `CASE WHEN listener_port IS NULL THEN ${endpointOf("target", { port: port("target_port") })} ELSE ${endpointOf("listener_address", { port: port("listener_port") })} END`,
  load_balancer: `CASE WHEN load_balancer <> '' THEN ${jsonObject({ name: jsonString("load_balancer"), code: `TRY_CAST(target_status AS INTEGER)::VARCHAR`, classification: jsonString("classification"), status_detail: jsonString("classification_reason"), error_message: jsonString("error_reason"), message: jsonString("actions") })} END`,
  traffic: jsonObject({ bytes_in: long("received_bytes"), bytes_out: long("bytes") }),
  tls: `CASE WHEN tls_version <> '' THEN ${jsonObject({ version: jsonString("tls_version"), cipher: jsonString("tls_cipher"), sni: jsonString("sni") })} END`,
  unmapped: jsonObject({ leaf_client_cert_subject: jsonString("client_subject"), leaf_client_cert_serial_number: jsonString("client_serial") }),
})}::JSON`;

import { jsonConstant, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";

const record = new RecordParts();

const MAPPED = ["time", "timeStamp", "resourceId", "operationName", "category"];
const METHODS = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT", "TRACE", "PATCH"].map((method) => `'${method}'`).join(", ");

const port = (sql: string): string => `CASE WHEN TRY_CAST(${sql} AS INTEGER) BETWEEN 0 AND 65535 THEN TRY_CAST(${sql} AS INTEGER)::VARCHAR END`;
const isFirewall = `firewall_action <> ''`;
/** What the firewall did with the request; what it only looked at went on. */
const did = (blocked: string, other: string): string => `CASE WHEN ${isFirewall} THEN CASE WHEN lower(firewall_action) = 'blocked' THEN ${blocked} ELSE ${other} END END`;
const server = record.text("/properties/serverRouted");

/** The request as OCSF 1.8.0, HTTP Activity. docs/sources/azure.appgw.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers({ name: "Azure Application Gateway", vendor: "Microsoft" }, { 4002: "HTTP Activity" }, {
      profiles: `CASE WHEN ${isFirewall} THEN '["cloud","load_balancer","security_control"]' ELSE '["cloud","load_balancer"]' END`,
      event_code: jsonString("category"),
      correlation_uid: jsonString(record.text("/properties/transactionId")),
      original_time: jsonString(record.firstText("/timeStamp", "/time")),
    }),
    message: jsonString(`coalesce(nullif(firewall_message, ''), concat_ws(' ', operation, uri))`),
    cloud: jsonObject({ provider: jsonConstant("Azure"), account: jsonObject({ uid: jsonString("account") }) }),
    status_code: jsonString("status"),
    action_id: did("'2'", "'3'"),
    action: did(jsonConstant("Denied"), jsonConstant("Observed")),
    disposition_id: did("'2'", "'15'"),
    disposition: did(jsonConstant("Blocked"), jsonConstant("Detected")),
    firewall_rule: `CASE WHEN ${isFirewall} AND firewall_rule <> '' THEN ${jsonObject({ uid: jsonString("firewall_rule"), category: jsonString(record.text("/properties/ruleGroup")), type: jsonString(record.text("/properties/ruleSetType")), desc: jsonString("firewall_message") })} END`,
    http_request: `coalesce(${jsonObject({
      http_method: `CASE WHEN method IN (${METHODS}) THEN ${jsonString("method")} END`,
      url: `CASE WHEN resource <> '' THEN ${jsonObject({ path: jsonString("resource"), query_string: jsonString("query"), hostname: jsonString("service") })} END`,
      user_agent: jsonString("user_agent"),
      version: jsonString("http_version"),
    })}, '{}')`,
    http_response: `CASE WHEN TRY_CAST(status AS INTEGER) IS NOT NULL THEN ${jsonObject({ code: `TRY_CAST(status AS INTEGER)::VARCHAR`, length: `TRY_CAST(bytes AS INTEGER)::VARCHAR` })} END`,
    src_endpoint: endpointOf("address", { port: port(record.text("/properties/clientPort")) }),
    dst_endpoint: `CASE WHEN ${server} <> '' THEN ${jsonObject({ name: jsonString(server) })} END`,
    load_balancer: `CASE WHEN gateway <> '' THEN ${jsonObject({ uid: jsonString("gateway"), name: jsonString(`string_split(gateway, '/')[-1]`) })} END`,
    unmapped: unmapped(MAPPED),
  }),
);

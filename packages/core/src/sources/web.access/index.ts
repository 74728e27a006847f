import { IP_PATTERN } from "../address.ts";
import { OBJECT_TIME, PLACE_IDENTITY, type Column, type SourceDefinition } from "../definition.ts";
import { jsonArrayOf, jsonConstant, jsonObject, jsonString } from "../jsonText.ts";
import { endpointOf, eventMembers } from "../ocsfEvent.ts";
import { fields, part, sigmaNames } from "./fields.ts";

/** An offset costs as much as all else of a time, and most servers have none. */
const time = `CASE WHEN ends_with("@time", ' +0000') THEN try_strptime("@time"[:20], '%d/%b/%Y:%H:%M:%S') ELSE try_strptime("@time", '%d/%b/%Y:%H:%M:%S %z') AT TIME ZONE 'UTC' END`;
const status = `TRY_CAST("@sc-status" AS INTEGER)`;
const isIp = `regexp_full_match("@c-ip", '${IP_PATTERN}')`;

const columns: readonly Column[] = [
  ...PLACE_IDENTITY,
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${time}, ${OBJECT_TIME})` },
  { name: "class_uid", type: "INTEGER", sql: `4002` },
  { name: "activity_id", type: "INTEGER", sql: `CASE "@cs-method" WHEN 'CONNECT' THEN 1 WHEN 'DELETE' THEN 2 WHEN 'GET' THEN 3 WHEN 'HEAD' THEN 4 WHEN 'OPTIONS' THEN 5 WHEN 'POST' THEN 6 WHEN 'PUT' THEN 7 WHEN 'TRACE' THEN 8 ELSE 99 END` },
  { name: "status_id", type: "INTEGER", sql: `CASE WHEN ${status} BETWEEN 100 AND 399 THEN 1 WHEN ${status} >= 400 THEN 2 ELSE 0 END` },
  { name: "operation", type: "VARCHAR", sql: `"@cs-method"`, field: "cs-method" },
  { name: "service", type: "VARCHAR", sql: `"@cs-host"`, field: "cs-host" },
  { name: "account", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "address", type: "VARCHAR", sql: `"@c-ip"`, field: "c-ip" },
  { name: "user_agent", type: "VARCHAR", sql: `"@cs-user-agent"`, field: "cs-user-agent" },
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN "@sc-status" END`, uses: ["status_id"] },
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "actor_name", type: "VARCHAR", sql: `"@cs-username"`, field: "cs-username" },
  { name: "entity_kind", type: "VARCHAR", sql: `CASE WHEN contains("@cs-username", '@') THEN 'person' WHEN "@cs-username" <> '' THEN 'user' WHEN ${isIp} THEN 'address' ELSE 'unknown' END` },
  { name: "entity_name", type: "VARCHAR", sql: `coalesce(CASE entity_kind WHEN 'person' THEN lower("@cs-username") WHEN 'user' THEN "@cs-username" END, nullif("@c-ip", ''), 'unknown')`, uses: ["entity_kind"] },
  { name: "entity_key", type: "VARCHAR", sql: `entity_kind || ':' || entity_name`, uses: ["entity_kind", "entity_name"] },
  { name: "resource", type: "VARCHAR", sql: `"@cs-uri-stem"`, field: "cs-uri-stem" },
  { name: "uri", type: "VARCHAR", sql: `"@c-uri"`, field: "c-uri" },
  { name: "query", type: "VARCHAR", sql: `"@cs-uri-query"`, field: "cs-uri-query" },
  { name: "status", type: "VARCHAR", sql: `"@sc-status"`, field: "sc-status" },
  { name: "bytes", type: "VARCHAR", sql: `"@sc-bytes"`, field: "sc-bytes" },
  { name: "referer", type: "VARCHAR", sql: `"@cs-referer"`, field: "cs-referer" },
  { name: "http_version", type: "VARCHAR", sql: `"@cs-version"`, field: "cs-version" },
  { name: "request", type: "VARCHAR", sql: `"@request"` },
];

const ocsf = `${jsonObject({
  ...eventMembers({ name: "Web server", vendor: "unknown" }, { 4002: "HTTP Activity" }, { profiles: `CASE WHEN actor_name <> '' THEN ${jsonArrayOf(jsonConstant("host"))} END` }),
  status_code: jsonString("status"),
  message: jsonString(`coalesce(request, raw_data)`),
  actor: jsonObject({ user: jsonObject({ name: jsonString("actor_name") }) }),
  http_request: `coalesce(${jsonObject({
    http_method: `CASE WHEN operation IN ('CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'TRACE', 'PATCH') THEN ${jsonString("operation")} END`,
    url: `CASE WHEN resource <> '' THEN ${jsonObject({ path: jsonString("resource"), query_string: jsonString("query"), hostname: jsonString("service") })} END`,
    user_agent: jsonString("user_agent"),
    referrer: jsonString("referer"),
    version: jsonString("http_version"),
  })}, '{}')`,
  http_response: jsonObject({ code: `coalesce(TRY_CAST(status AS INTEGER), 0)::VARCHAR`, length: `TRY_CAST(bytes AS INTEGER)::VARCHAR` }),
  src_endpoint: endpointOf("address"),
})}::JSON`;

/** Access logs of nginx and Apache: the common and the combined format, with a virtual host in front or more behind. */
export const webAccess: SourceDefinition = {
  id: "web.access",
  title: "Web access",
  logsource: { category: "webserver" },
  text: { recognises: (line) => /^(?:"[^"]*" )?[^"]+ \[\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}\] "(?:[^"\\]|\\.)*" \d{3} (?:\d+|-)(?: |$)/.test(line), part },
  recognises: () => false,
  fits: `"@sc-status" IS NOT NULL AND length("@sc-status") = 3 AND length("@time") = 26`,
  fields,
  sigmaNames,
  keyFields: [],
  columns,
  ocsf,
};

import { jsonConstant, jsonObject, jsonString, RECORD } from "../jsonText.ts";
import { endpointOf, eventMembers } from "../ocsfEvent.ts";

const CLASS_NAMES = { 4002: "HTTP Activity", 6002: "Application Lifecycle", 6008: "Application Error" };

/** A member for some classes only. */
const when = (classes: string, sql: string): string => `CASE WHEN class_uid IN (${classes}) THEN ${sql} END`;

const BY_LEVEL: readonly (readonly [levels: string, id: number, caption: string])[] = [
  ["'emerg'", 6, "Fatal"],
  ["'alert', 'crit'", 5, "Critical"],
  ["'error'", 4, "High"],
  ["'warn'", 3, "Medium"],
];
const byLevel = (sql: (id: number, caption: string) => string): string => `CASE ${BY_LEVEL.map(([levels, id, caption]) => `WHEN level IN (${levels}) THEN ${sql(id, caption)}`).join(" ")} ELSE ${sql(1, "Informational")} END`;

const port = `CASE WHEN TRY_CAST(port AS INTEGER) BETWEEN 0 AND 65535 THEN TRY_CAST(port AS INTEGER)::VARCHAR END`;
const product = `CASE WHEN starts_with(${RECORD}, '[') THEN 'Apache HTTP Server' ELSE 'nginx' END`;

/** The line as OCSF 1.8.0: what befell a request is HTTP Activity, anything else is the server's own. docs/sources/web.error.md has the mapping. */
export const ocsf = `${jsonObject({
  ...eventMembers({ name: "Web server", vendor: "unknown" }, CLASS_NAMES, { event_code: jsonString("code"), log_level: jsonString("level"), log_provider: jsonString("module") }),
  severity_id: byLevel((id) => `'${id}'`),
  severity: byLevel((_, caption) => jsonConstant(caption)),
  status_code: when("4002", jsonString("code")),
  status_detail: when("4002", jsonString("message")),
  message: jsonString(`coalesce(nullif(message, ''), ${RECORD})`),
  app: when("6002", jsonObject({ name: jsonString(product) })),
  http_request: when("4002", `coalesce(${jsonObject({
    http_method: `CASE WHEN operation IN ('CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'TRACE', 'PATCH') THEN ${jsonString("operation")} END`,
    url: `CASE WHEN resource <> '' THEN ${jsonObject({ path: jsonString("resource"), query_string: jsonString("query"), hostname: jsonString("service") })} END`,
    referrer: jsonString("referer"),
  })}, '{}')`),
  src_endpoint: when("4002", endpointOf("address", { port })),
})}::JSON`;

import { jsonArrayOf, jsonConstant, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";

const CLASS_NAMES = { 6002: "Application Lifecycle", 6003: "API Activity", 6008: "Application Error" };

const record = new RecordParts();

const when = (classUid: number, sql: string): string => `CASE WHEN class_uid = ${classUid} THEN ${sql} END`;
const serviceName = jsonString(`coalesce(nullif(service, ''), 'unknown')`);
const level = (texts: { notice: string; warning: string; error: string; critical: string; other: string }): string =>
  `CASE severity WHEN 'notice' THEN ${texts.notice} WHEN 'warning' THEN ${texts.warning} WHEN 'error' THEN ${texts.error} WHEN 'critical' THEN ${texts.critical} ELSE ${texts.other} END`;

const user = jsonObject({ name: jsonString(`coalesce(actor_name, actor_email, actor_uid, 'unknown')`), uid: jsonString("actor_uid"), email_addr: jsonString("lower(actor_email)") });
const method = "upper(request_method)";

/** The log record as OCSF 1.8.0. docs/sources/otlp.logs.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers({ name: "OpenTelemetry", vendor: "unknown" }, CLASS_NAMES, {
      product: jsonObject({ name: serviceName, version: jsonString("service_version"), feature: jsonObject({ name: jsonString("logger") }) }),
      log_level: jsonString(`coalesce(${record.firstText("/severityText")}, severity)`),
      original_time: jsonString(record.firstText("/timeUnixNano", "/observedTimeUnixNano")),
      correlation_uid: jsonString("trace_id"),
    }),
    severity_id: level({ notice: "'2'", warning: "'3'", error: "'4'", critical: "'5'", other: "'1'" }),
    severity: level({ notice: jsonConstant("Low"), warning: jsonConstant("Medium"), error: jsonConstant("High"), critical: jsonConstant("Critical"), other: jsonConstant("Informational") }),
    message: jsonString(`coalesce(nullif(message, ''), nullif(exception_message, ''), operation)`),
    status_code: jsonString("response_code"),
    app: when(6002, jsonObject({ name: serviceName, version: jsonString("service_version") })),
    actor: when(6003, jsonObject({ user, session: jsonObject({ uid: jsonString("session_id") }) })),
    api: when(6003, jsonObject({ operation: jsonString(`coalesce(operation, 'unknown')`), service: jsonObject({ name: jsonString("service") }), response: jsonObject({ code: `TRY_CAST(response_code AS INTEGER)::VARCHAR` }) })),
    src_endpoint: when(6003, endpointOf("address")),
    http_request: when(6003, jsonObject({
      user_agent: jsonString("user_agent"),
      http_method: `CASE WHEN ${method} IN ('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS') THEN ${jsonString(method)} END`,
      url: jsonObject({ path: jsonString("request_path") }),
    })),
    resources: when(6003, jsonArrayOf(jsonObject({ name: jsonString("resource") }))),
    unmapped: unmapped(["timeUnixNano", "observedTimeUnixNano", "severityNumber", "severityText", "eventName", "traceId"]),
  }),
);

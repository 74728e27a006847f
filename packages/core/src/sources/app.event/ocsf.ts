import { jsonArrayOf, jsonConstant, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";

const CLASS_NAMES = { 3001: "Account Change", 3002: "Authentication", 6002: "Application Lifecycle", 6003: "API Activity", 6008: "Application Error" };

const record = new RecordParts();

/** A member for some classes only. */
const when = (classes: string, sql: string): string => `CASE WHEN class_uid IN (${classes}) THEN ${sql} END`;

const bySeverity = (texts: { low: string; medium: string; high: string; critical: string; other: string }): string =>
  `CASE severity WHEN 'notice' THEN ${texts.low} WHEN 'warning' THEN ${texts.medium} WHEN 'error' THEN ${texts.high} WHEN 'critical' THEN ${texts.critical} ELSE ${texts.other} END`;

const userOf = (name: string, more: Readonly<Record<string, string>>): string => jsonObject({ name: jsonString(`coalesce(${name}, 'unknown')`), ...more });
const actorUser = userOf("nullif(actor_name, ''), nullif(actor_email, ''), nullif(actor_uid, '')", { uid: jsonString("actor_uid"), email_addr: jsonString("lower(actor_email)") });
/** The account that is changed is the resource; without one it is the actor's own. */
const changedUser = `CASE WHEN resource <> '' AND class_uid = 3001 THEN ${userOf("resource", {})} ELSE ${actorUser} END`;

const method = `upper(${record.firstText("/Fields/method")})`;
const request = jsonObject({
  user_agent: jsonString("user_agent"),
  http_method: `CASE WHEN ${method} IN ('GET', 'POST', 'PUT', 'PATCH', 'DELETE') THEN ${jsonString(method)} END`,
  url: jsonObject({ path: jsonString(record.text("/Fields/path")) }),
});

const api = jsonObject({
  operation: jsonString(`coalesce(operation, 'unknown')`),
  service: jsonObject({ name: jsonString("service") }),
  response: jsonObject({ code: `TRY_CAST(response_code AS INTEGER)::VARCHAR`, error: `CASE WHEN status_id = 2 THEN ${jsonString("reason")} END` }),
});

/** The event as OCSF 1.8.0. docs/sources/app.event.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers({ name: "Application", vendor: "unknown" }, CLASS_NAMES, {
      product: jsonObject({ name: jsonString(`coalesce(nullif(service, ''), 'unknown')`), feature: jsonObject({ name: jsonString("logger") }) }),
      log_level: jsonString("severity"),
      original_time: jsonString(record.firstText("/time", "/Timestamp", "/Time")),
      correlation_uid: jsonString("trace_id"),
    }),
    severity_id: bySeverity({ low: "'2'", medium: "'3'", high: "'4'", critical: "'5'", other: "'1'" }),
    severity: bySeverity({ low: jsonConstant("Low"), medium: jsonConstant("Medium"), high: jsonConstant("High"), critical: jsonConstant("Critical"), other: jsonConstant("Informational") }),
    message: jsonString(`coalesce(nullif(message, ''), concat(operation, ' by ', entity_name, CASE WHEN status_id = 2 THEN ': ' || outcome END))`),
    status_code: jsonString("response_code"),
    status_detail: jsonString("reason"),
    actor: when("3001, 3002, 6003", jsonObject({ user: actorUser })),
    user: when("3001, 3002", changedUser),
    service: when("3002", jsonObject({ name: jsonString(`coalesce(nullif(service, ''), 'unknown')`) })),
    app: when("6002", jsonObject({ name: jsonString(`coalesce(nullif(service, ''), 'unknown')`) })),
    api: when("6003", api),
    src_endpoint: when("3001, 3002, 6003", endpointOf("address")),
    http_request: when("3001, 3002, 6003", request),
    resources: when("6003", jsonArrayOf(jsonObject({ name: jsonString("resource") }))),
    unmapped: unmapped(["id", "time", "type", "logger", "severity", "service", "actor", "source_address", "user_agent", "outcome", "reason", "resource", "message", "trace_id"]),
  }),
);

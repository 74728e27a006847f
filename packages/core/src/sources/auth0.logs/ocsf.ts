import { jsonArrayOf, jsonConstant, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { apiOf, endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";

const CLASS_NAMES = { 2004: "Detection Finding", 3001: "Account Change", 3002: "Authentication", 6003: "API Activity" };

const record = new RecordParts();

/** A member for some classes only. */
const when = (classes: string, sql: string): string => `CASE WHEN class_uid IN (${classes}) THEN ${sql} END`;

/** Whoever acted or signed in; a machine is known by its client. */
const user = jsonObject({
  name: jsonString(`coalesce(nullif(actor_name, ''), nullif(actor_uid, ''), nullif(client_name, ''), nullif(client_id, ''), 'unknown')`),
  uid: jsonString(`coalesce(nullif(actor_uid, ''), CASE WHEN entity_kind = 'role' THEN client_id END)`),
  full_name: jsonString(record.firstText("/details/request/auth/user/name")),
  credential_uid: jsonString("access_key"),
  org: `CASE WHEN organization_id <> '' THEN ${jsonObject({ uid: jsonString("organization_id"), name: jsonString(record.text("/organization_name")) })} END`,
});

const country = record.text("/location_info/country_code");
const degrees = (name: string, limit: number): string => `CASE WHEN abs(TRY_CAST(${record.text(`/location_info/${name}`)} AS DOUBLE)) <= ${limit} THEN TRY_CAST(${record.text(`/location_info/${name}`)} AS DOUBLE)::VARCHAR END`;
const location = `CASE WHEN regexp_full_match(${country}, '[A-Z]{2}') THEN ${jsonObject({
  country: jsonString(country),
  city: jsonString(record.text("/location_info/city_name")),
  lat: degrees("latitude", 90),
  long: degrees("longitude", 180),
})} END`;
const source = endpointOf("address", { location });

const method = `upper(request_method)`;
const request = jsonObject({
  user_agent: jsonString("user_agent"),
  http_method: `CASE WHEN ${method} IN ('GET', 'POST', 'PUT', 'PATCH', 'DELETE') THEN ${jsonString(method)} END`,
  url: jsonObject({ path: jsonString("request_path"), hostname: `CASE WHEN request_path <> '' THEN ${jsonString("hostname")} END` }),
});

const api = apiOf({
  data: record.json("/details/request/body"),
  response: { code: `TRY_CAST(response_code AS INTEGER)::VARCHAR`, message: jsonString(record.text("/details/response/body/message")), data: record.json("/details/response/body") },
});

const findingInfo = jsonObject({
  uid: jsonString("event_uid"),
  title: jsonString(`coalesce(nullif(operation, ''), 'unknown')`),
  desc: jsonString("description"),
  types: jsonArrayOf(jsonString("event_type")),
});

/** The event as OCSF 1.8.0. docs/sources/auth0.logs.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers({ name: "Auth0", vendor: "Okta" }, CLASS_NAMES, {
      event_code: jsonString("event_type"),
      tenant_uid: jsonString("account"),
      correlation_uid: jsonString(record.firstText("/references/correlation_id", "/details/transaction_id")),
      original_time: jsonString(record.text("/date")),
    }),
    // Of a finding OCSF wants the state of work on it, not an outcome.
    status_id: `CASE WHEN class_uid = 2004 THEN '1' ELSE status_id::VARCHAR END`,
    status: `CASE WHEN class_uid = 2004 THEN ${jsonConstant("New")} WHEN status_id = 1 THEN ${jsonConstant("Success")} WHEN status_id = 2 THEN ${jsonConstant("Failure")} END`,
    status_code: jsonString("response_code"),
    status_detail: jsonString("description"),
    severity_id: `CASE WHEN class_uid = 2004 THEN '3' ELSE '1' END`,
    severity: `CASE WHEN class_uid = 2004 THEN ${jsonConstant("Medium")} ELSE ${jsonConstant("Informational")} END`,
    actor: when("3001, 3002, 6003", jsonObject({ user, session: jsonObject({ uid: jsonString("session_id") }), app_uid: jsonString("client_id"), app_name: jsonString("client_name") })),
    src_endpoint: when("3001, 3002, 6003", source),
    http_request: when("3001, 3002, 6003", request),
    user: when("3001, 3002", user),
    service: when("3002", jsonObject({ name: jsonString(`coalesce(nullif(service, ''), 'Auth0')`), uid: jsonString("client_id") })),
    is_mfa: when("3002", `CASE WHEN starts_with(event_type, 'gd_') THEN 'true' END`),
    api: when("6003", api),
    resources: when("6003", jsonArrayOf(jsonObject({ name: jsonString("resource") }))),
    finding_info: when("2004", findingInfo),
    evidences: when("2004", jsonArrayOf(jsonObject({ src_endpoint: source, user }))),
    unmapped: unmapped(["log_id", "_id", "date", "type", "description", "ip", "user_agent", "user_id", "user_name", "client_id", "client_name", "session_id", "tenant_name"]),
  }),
);

import { jsonArrayOf, jsonConstant, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { apiOf, endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";
import { actor, actorUser, authFactors, sourceLocation } from "./ocsfActor.ts";
import { entity, group, privileges, resources, targetUser } from "./ocsfTarget.ts";

const CLASS_NAMES = {
  2004: "Detection Finding",
  3001: "Account Change",
  3002: "Authentication",
  3004: "Entity Management",
  3005: "User Access Management",
  3006: "Group Management",
  6003: "API Activity",
};

const record = new RecordParts();

/** A member for some classes only. */
const when = (classes: string, sql: string): string => `CASE WHEN class_uid IN (${classes}) THEN ${sql} END`;

const unknownUser = jsonObject({ name: jsonConstant("unknown") });
const reason = jsonString("outcome_reason");

const source = endpointOf("address", {
  location: sourceLocation(record),
  isp: jsonString(record.text("/securityContext/isp")),
});

const findingInfo = jsonObject({
  uid: jsonString("event_uid"),
  title: jsonString(`coalesce(nullif(display_message, ''), nullif(operation, ''), 'unknown')`),
  desc: reason,
  types: jsonArrayOf(jsonString("operation")),
});

/** OCSF wants an id for every request: the transaction's, else the event's. */
const api = apiOf({ uid: "transaction_id", response: { error: `CASE WHEN status_id = 2 THEN ${reason} END` } });

/** The event as OCSF 1.8.0. docs/sources/okta.system.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers({ name: "System Log", vendor: "Okta" }, CLASS_NAMES, {
      correlation_uid: jsonString("transaction_id"),
      log_level: jsonString("severity"),
      log_version: jsonString(record.text("/version")),
      original_time: jsonString(record.text("/published")),
    }),
    severity_id: `CASE severity WHEN 'WARN' THEN '3' WHEN 'ERROR' THEN '4' ELSE '1' END`,
    severity: `CASE severity WHEN 'WARN' THEN ${jsonConstant("Medium")} WHEN 'ERROR' THEN ${jsonConstant("High")} ELSE ${jsonConstant("Informational")} END`,
    // Of a finding OCSF wants the state of work on it, not an outcome.
    status_id: `CASE WHEN class_uid = 2004 THEN '1' ELSE status_id::VARCHAR END`,
    status: `CASE WHEN class_uid = 2004 THEN ${jsonConstant("New")} WHEN status_id = 1 THEN ${jsonConstant("Success")} WHEN status_id = 2 THEN ${jsonConstant("Failure")} END`,
    status_code: jsonString("outcome_result"),
    status_detail: reason,
    message: jsonString(`coalesce(nullif(display_message, ''), nullif(operation, ''))`),
    actor: when("3001, 3002, 3004, 3005, 3006, 6003", actor(record)),
    src_endpoint: when("3001, 3002, 3004, 3005, 3006, 6003", source),
    http_request: when("3001, 3002, 3004, 3005, 3006, 6003", jsonObject({ user_agent: jsonString("user_agent"), url: jsonObject({ path: jsonString("request_uri") }) })),
    user: `CASE WHEN class_uid IN (3001, 3002) THEN coalesce(${targetUser(record)}, ${actorUser()}) WHEN class_uid = 3005 THEN coalesce(${targetUser(record)}, ${unknownUser}) WHEN class_uid = 3006 THEN ${targetUser(record)} END`,
    service: when("3002", jsonObject({ name: jsonString(`coalesce(nullif(service, ''), 'Okta')`) })),
    is_mfa: when("3002", `CASE WHEN operation = 'user.authentication.auth_via_mfa' THEN 'true' END`),
    auth_factors: when("3001, 3002", authFactors(record)),
    privileges: when("3005, 3006", privileges(record)),
    group: when("3006", group(record)),
    entity: when("3004", entity(record)),
    api: when("6003", api),
    resources: when("2004, 3005, 6003", resources(record)),
    finding_info: when("2004", findingInfo),
    evidences: when("2004", jsonArrayOf(jsonObject({ src_endpoint: source, user: actorUser() }))),
    unmapped: unmapped(["uuid", "published", "eventType", "displayMessage", "severity", "version", "outcome"]),
  }),
);

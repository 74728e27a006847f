import { jsonArrayOf, jsonConstant, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { apiOf, endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";
import { actor, changedEntity, finding, group, privileges, resources, targetUser } from "./ocsfObjects.ts";

const CLASSES = {
  2004: "Detection Finding",
  3001: "Account Change",
  3002: "Authentication",
  3004: "Entity Management",
  3005: "User Access Management",
  3006: "Group Management",
  6003: "API Activity",
};

const MAPPED = [
  "_document_id", "@timestamp", "created_at", "action", "actor", "actor_id", "actor_ip", "user_agent", "request_id", "request_method", "url_path", "query_string", "status_code", "hashed_token",
];

const record = new RecordParts();

const when = (classes: string, sql: string): string => `CASE WHEN class_uid IN (${classes}) THEN ${sql} END`;
/** A finding has no actor and no source of its own: both are its evidence. */
const unlessFinding = (sql: string): string => `CASE WHEN class_uid <> 2004 THEN ${sql} END`;

const api = apiOf({ uid: record.text("/request_id"), response: { code: `TRY_CAST(${record.text("/status_code")} AS INTEGER)::VARCHAR` } });

const location = jsonObject({ country: `CASE WHEN regexp_full_match(country, '[A-Z]{2}') THEN ${jsonString("country")} END` });
const source = endpointOf("address", { location });

const method = `upper(${record.text("/request_method")})`;
const httpRequest = jsonObject({
  user_agent: jsonString("user_agent"),
  http_method: `CASE WHEN ${method} IN ('CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE') THEN ${jsonString(method)} END`,
  args: jsonString(record.text("/query_string")),
  url: jsonObject({ path: jsonString(record.text("/url_path")) }),
});

const common = eventMembers({ name: "GitHub", vendor: "GitHub" }, CLASSES, { profiles: jsonArrayOf(jsonConstant("cloud")), original_time: jsonString(record.firstText("/@timestamp", "/created_at")) });

/** What became of an alert; in all other classes whether the action went well. */
const status = {
  status_id: `CASE WHEN class_uid <> 2004 THEN ${common["status_id"]} WHEN contains(operation, 'dismiss') THEN '3' WHEN activity_id = 3 THEN '4' ELSE '1' END`,
  status: `CASE WHEN class_uid <> 2004 THEN ${common["status"]} WHEN contains(operation, 'dismiss') THEN ${jsonConstant("Suppressed")} WHEN activity_id = 3 THEN ${jsonConstant("Resolved")} ELSE ${jsonConstant("New")} END`,
};

/** The event as OCSF 1.8.0. docs/sources/github.audit.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...common,
    ...status,
    status_code: `CASE WHEN outcome <> 'success' THEN ${jsonString("outcome")} END`,
    cloud: jsonObject({ provider: jsonConstant("GitHub"), account: jsonObject({ name: jsonString("account") }) }),
    actor: unlessFinding(actor()),
    api: unlessFinding(api),
    http_request: unlessFinding(httpRequest),
    src_endpoint: unlessFinding(source),
    service: when("3002", jsonObject({ name: jsonConstant("GitHub") })),
    user: `CASE WHEN class_uid IN (3001, 3002, 3005) THEN ${targetUser(record)} WHEN class_uid = 3006 AND target_user <> '' THEN ${targetUser(record)} END`,
    privileges: when("3005, 3006", privileges(record)),
    group: when("3006", group(record)),
    entity: when("3004", changedEntity(record)),
    finding_info: when("2004", finding(record)),
    evidences: when("2004", jsonArrayOf(jsonObject({ actor: actor(), api, src_endpoint: source }))),
    resources: when("2004, 3005, 6003", resources(record)),
    unmapped: unmapped(MAPPED),
  }),
);

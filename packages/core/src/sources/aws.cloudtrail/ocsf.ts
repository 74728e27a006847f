import { jsonArrayOf, jsonConstant, jsonObject, jsonString, RECORD, RecordParts } from "../jsonText.ts";
import { apiOf, eventMembers } from "../ocsfEvent.ts";
import { actor, signInMembers } from "./ocsfActor.ts";
import { sourceEndpoint } from "./ocsfEndpoint.ts";
import { entity, group, namedUser, privileges, resources, targetUser } from "./ocsfTarget.ts";

const CLASS_NAMES = {
  3001: "Account Change",
  3002: "Authentication",
  3004: "Entity Management",
  3005: "User Access Management",
  3006: "Group Management",
  6003: "API Activity",
};

/** Only these classes have `resources`; in the others the vendor's list stays under `unmapped`. */
const HAS_RESOURCES = "class_uid IN (3005, 6003)";

const record = new RecordParts();

/** A member for some classes only. */
const when = (classes: string, sql: string): string => `CASE WHEN class_uid IN (${classes}) THEN ${sql} END`;

/** Insights events name the call among their details. */
const operation = `coalesce(nullif(operation, ''), ${record.firstText("/insightDetails/eventName")})`;
const service = `coalesce(nullif(service, ''), ${record.firstText("/insightDetails/eventSource")})`;

/** A call without a request id (a console sign-in, an AWS service's own event) takes the event's. */
const api = apiOf({
  uid: record.firstText("/requestID", "/eventID"),
  data: record.json("/requestParameters"),
  response: { error: jsonString("error_code"), message: jsonString("error_message"), data: record.json("/responseElements") },
  more: { operation: jsonString(`coalesce(${operation}, 'unknown')`), service: jsonObject({ name: jsonString(service) }), version: jsonString(record.text("/apiVersion")) },
});

const event = eventMembers({ name: "CloudTrail", vendor: "AWS" }, CLASS_NAMES, {
  profiles: jsonArrayOf(jsonConstant("cloud")),
  product: jsonObject({ name: jsonConstant("CloudTrail"), vendor_name: jsonConstant("AWS"), feature: jsonObject({ name: jsonString(record.text("/eventCategory")) }) }),
  uid: jsonString(`coalesce(${record.firstText("/eventID")}, event_uid)`),
  event_code: jsonString(operation),
  correlation_uid: jsonString(record.text("/sharedEventID")),
  log_version: jsonString(record.text("/eventVersion")),
  original_time: jsonString(record.text("/eventTime")),
});

const MAPPED = [
  "eventVersion", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent", "errorCode", "errorMessage", "requestParameters",
  "responseElements", "requestID", "eventID", "eventCategory", "recipientAccountId", "apiVersion", "sharedEventID",
];
const MAPPED_IDENTITY = ["type", "principalId", "arn", "accountId", "accessKeyId", "userName", "invokedBy"];

const removed = (names: readonly string[]): string => names.map((name) => `"${name}":null`).join(",");

/**
 * Whatever has no place above: the record without the members that have one. A merge patch (RFC 7396) takes them out, and leaves what it
 * looked into at the end of the text, as an empty object where nothing else was in it.
 */
function unmapped(): string {
  const patch = `'{${removed(MAPPED)}' || CASE WHEN ${HAS_RESOURCES} THEN ',"resources":null' ELSE '' END
    || ',"userIdentity":{${removed(MAPPED_IDENTITY)},"sessionContext":{"attributes":null}}}'`;
  const rest = withoutEmptyLast("userIdentity", "}", withoutEmptyLast("sessionContext", "}}", `json_merge_patch(${RECORD}, ${patch})::VARCHAR`));
  return `CASE WHEN json_type(${RECORD}) = 'OBJECT' THEN list_filter([${rest}], lambda text: text <> '{}')[1] END`;
}

/** JSON text without an empty object of this name right before its closing braces. */
function withoutEmptyLast(name: string, braces: string, text: string): string {
  return `regexp_replace(${text}, ',?"${name}":[{][}]${braces.replaceAll("}", "[}]")}$', '${braces}')`;
}

const members = {
  ...event,
  status_code: jsonString("error_code"),
  status_detail: jsonString("error_message"),
  message: jsonString(`concat(${operation}, ' (', ${service}, ') by ', entity_name, CASE WHEN status_id = 2 THEN ': ' || outcome END)`),
  cloud: jsonObject({
    provider: jsonConstant("AWS"),
    region: jsonString("region"),
    account: jsonObject({ uid: jsonString("account") }),
  }),
  actor: actor(record),
  api,
  http_request: jsonObject({ user_agent: jsonString("user_agent") }),
  src_endpoint: sourceEndpoint(),
  user: `CASE WHEN class_uid IN (3001, 3002, 3005) THEN ${targetUser(record)} WHEN class_uid = 3006 THEN ${namedUser(record)} END`,
  ...Object.fromEntries(Object.entries(signInMembers(record)).map(([name, sql]) => [name, when("3002", sql)])),
  privileges: when("3005, 3006", privileges(record)),
  group: when("3006", group(record)),
  entity: when("3004", entity(record)),
  resources: `CASE WHEN ${HAS_RESOURCES} THEN ${resources(record)} END`,
  unmapped: unmapped(),
};

/**
 * The event as OCSF 1.8.0 with the cloud profile, as SQL over a stored row. Request and response stand under `api`, everything without
 * a place in OCSF under `unmapped`; the record itself is not repeated. docs/sources/aws.cloudtrail.md has the mapping.
 */
export const ocsf = record.bind(jsonObject(members));

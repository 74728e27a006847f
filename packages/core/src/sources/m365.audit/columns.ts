import { identity, OBJECT_TIME, timestampSql, type Column } from "../definition.ts";
import { addressWithoutPort, personSql } from "../microsoftIdentity.ts";
import { activityId, classUid } from "./classes.ts";
import { RECIPIENT } from "./fields.ts";

/** What Microsoft writes where it has nothing to say. */
const NOTHING = ["", "<null>", "null", "Not Available", "Unknown"];
const told = (text: string): string => `CASE WHEN ${text} NOT IN (${NOTHING.map((word) => `'${word}'`).join(", ")}) THEN ${text} END`;
const first = (...texts: readonly string[]): string => `coalesce(${texts.map(told).join(", ")})`;
const column = (name: string, field: string): Column => ({ name, type: "VARCHAR", sql: `"@${field}"`, field });

/** The value of one of these properties, which are a list of names and values. */
const property = (name: string): string => `CASE WHEN starts_with("@ExtendedProperties", '[') AND json_valid("@ExtendedProperties") THEN list_filter(json_extract("@ExtendedProperties", '$[*]'), lambda one: (one->>'/Name') = '${name}')[1]->>'/Value' END`;

/** What an alert says beside its name: JSON as text. `f3u` is whose doing it was. */
const alertUser = `CASE WHEN json_valid("@Data") THEN json_extract_string("@Data", '/f3u') END`;
const EMAIL = "[a-zA-Z0-9!#$%&''*+/=?^_`{|}~.-]+@[a-zA-Z0-9-]+\\.[a-zA-Z0-9.-]+";
const email = (text: string): string => `CASE WHEN regexp_full_match(${text}, '${EMAIL}') THEN ${text} END`;

const isTheService = `("@UserType" IN ('3', '4', '7', '8', 'DcAdmin', 'System', 'CustomPolicy', 'SystemPolicy') OR "@UserId" = 'app@sharepoint' OR regexp_matches("@UserId", '^(SHAREPOINT|NT AUTHORITY)\\\\'))`;
const isApp = `("@UserType" IN ('5', '6', 'Application', 'ServicePrincipal') OR starts_with("@UserId", 'ServicePrincipal_'))`;
/** An alert is about whom it names, and a mail about who gets it: the record itself is by Microsoft. */
const person = `CASE WHEN class_uid = 2004 THEN coalesce(CASE WHEN "@EntityType" IN ('User', 'Mailbox') THEN ${personSql(`"@AlertEntityId"`)} END, ${personSql(alertUser)})
    WHEN "@Workload" = 'ThreatIntelligence' THEN ${personSql(`"@${RECIPIENT}"`)} WHEN NOT ${isTheService} AND NOT ${isApp} OR "@UserType" IS NULL AND "@UserId" <> 'app@sharepoint' THEN ${personSql(`"@UserId"`)} END`;

const entityKind = `CASE WHEN person IS NOT NULL THEN 'person' WHEN ${isApp} THEN 'role' WHEN ${isTheService} THEN 'service' WHEN actor_name IS NOT NULL THEN 'user' WHEN address IS NOT NULL THEN 'address' ELSE 'unknown' END`;
const entityName = `coalesce(CASE entity_kind WHEN 'person' THEN person WHEN 'address' THEN address WHEN 'role' THEN coalesce(lower(app_id), replace(actor_name, 'ServicePrincipal_', '')) ELSE actor_name END, nullif(service, ''), 'unknown')`;

const isFailure = `(lower(result_status) IN ('failed', 'failure', 'false') OR operation = 'UserLoginFailed')`;
const isSuccess = `lower(result_status) IN ('succeeded', 'success', 'true', 'partiallysucceeded')`;

export const columns: readonly Column[] = [
  { name: "account", type: "VARCHAR", sql: `lower(${told(`"@OrganizationId"`)})` },
  ...identity(`coalesce(account, '') || ':' || nullif("@Id", '')`).map((one) => ({ ...one, uses: [...(one.uses ?? []), "account"] })),
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${timestampSql(`"@CreationTime"`)}, ${OBJECT_TIME})` },
  column("operation", "Operation"),
  column("service", "Workload"),
  column("record_type", "RecordType"),
  { name: "mail_from", type: "VARCHAR", sql: `coalesce(${email(`"@P2Sender"`)}, CASE WHEN "@Workload" = 'Exchange' THEN coalesce(${email(`"@MailboxOwnerUPN"`)}, ${email(`"@UserId"`)}) END)` },
  { name: "mail_to", type: "VARCHAR", sql: email(`"@${RECIPIENT}"`) },
  { name: "class_uid", type: "INTEGER", sql: classUid, uses: ["operation", "service", "mail_from", "mail_to"] },
  { name: "activity_id", type: "INTEGER", sql: activityId, uses: ["operation", "class_uid"] },
  column("result_status", "ResultStatus"),
  { name: "status_id", type: "INTEGER", sql: `CASE WHEN class_uid = 2004 THEN 0 WHEN ${isFailure} THEN 2 WHEN ${isSuccess} THEN 1 ELSE 0 END`, uses: ["class_uid", "operation", "result_status"] },
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN coalesce(${told(`"@LogonError"`)}, result_status, 'failed') END`, uses: ["status_id", "result_status"] },
  // The services have three words for a success; rules that go by no field of theirs mean any of them.
  { name: "result", type: "VARCHAR", sql: `CASE WHEN ${isFailure} THEN 'failure' WHEN ${isSuccess} THEN 'success' ELSE result_status END`, uses: ["operation", "result_status"], field: "status", whole: true },
  { name: "request_type", type: "VARCHAR", sql: property("RequestType"), field: "RequestType", whole: true },
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "address", type: "VARCHAR", sql: addressWithoutPort(first(`"@ClientIP"`, `"@ClientIPAddress"`, `"@ActorIpAddress"`, `"@SenderIp"`)) },
  { name: "user_agent", type: "VARCHAR", sql: first(`"@UserAgent"`, `(${property("UserAgent")})`, `"@ClientInfoString"`) },
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "actor_name", type: "VARCHAR", sql: told(`"@UserId"`) },
  { name: "actor_uid", type: "VARCHAR", sql: told(`"@UserKey"`) },
  { name: "app_id", type: "VARCHAR", sql: first(`"@ApplicationId"`, `"@AppId"`, `"@ClientAppId"`) },
  { name: "person", type: "VARCHAR", sql: person, uses: ["class_uid"], stored: false },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["person", "actor_name", "address"] },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["entity_kind", "person", "address", "app_id", "actor_name", "service"] },
  { name: "entity_key", type: "VARCHAR", sql: `entity_kind || ':' || entity_name`, uses: ["entity_kind", "entity_name"] },
  { name: "resource", type: "VARCHAR", sql: first(`"@ObjectId"`, `"@MailboxOwnerUPN"`, `"@SiteUrl"`, `"@TeamName"`) },
  column("object_id", "ObjectId"),
  column("user_type", "UserType"),
  column("logon_type", "LogonType"),
  column("external_access", "ExternalAccess"),
  column("mailbox_owner", "MailboxOwnerUPN"),
  column("site", "SiteUrl"),
  column("file_name", "SourceFileName"),
  column("shared_with", "TargetUserOrGroupName"),
  column("shared_with_type", "TargetUserOrGroupType"),
  column("directionality", "Directionality"),
  column("delivery_action", "DeliveryAction"),
  { name: "alert_id", type: "VARCHAR", sql: `"@AlertId"` },
  { name: "alert_name", type: "VARCHAR", sql: `CASE WHEN class_uid = 2004 THEN "@Name" END`, uses: ["class_uid"] },
  column("severity", "Severity"),
  { name: "alert_status", type: "VARCHAR", sql: `CASE WHEN class_uid = 2004 THEN "@Status" END`, uses: ["class_uid"] },
];

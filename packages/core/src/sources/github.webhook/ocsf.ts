import { jsonArrayOf, jsonConstant, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { apiOf, endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";
import { POLICIES } from "./eventClass.ts";

const CLASSES = { 2004: "Detection Finding", 3004: "Entity Management", 3005: "User Access Management", 3006: "Group Management", 6003: "API Activity" };

const MAPPED = ["action", "sender"];

const record = new RecordParts();

const when = (classes: string, sql: string): string => `CASE WHEN class_uid IN (${classes}) THEN ${sql} END`;
/** A finding has no actor and no source of its own: both are its evidence. */
const unlessFinding = (sql: string): string => `CASE WHEN class_uid <> 2004 THEN ${sql} END`;

const actor = jsonObject({
  user: jsonObject({
    name: jsonString(`coalesce(nullif(actor_name, ''), 'unknown')`),
    uid: jsonString("actor_uid"),
    type_id: `CASE entity_kind WHEN 'role' THEN '4' WHEN 'user' THEN '1' END`,
    type: `CASE entity_kind WHEN 'role' THEN ${jsonConstant("Service")} WHEN 'user' THEN ${jsonConstant("User")} END`,
  }),
});

const api = apiOf();

const user = jsonObject({
  name: jsonString(`coalesce(nullif(target_user, ''), ${record.firstText("/invitation/email")}, 'unknown')`),
  uid: jsonString(record.firstText("/member/id", "/membership/user/id")),
});

const privilege = record.firstText("/changes/permission/to", "/changes/role_name/to", "/membership/role", "/invitation/role", "/team/permission");
const group = jsonObject({ name: jsonString(`coalesce(nullif(team, ''), 'unknown')`), uid: jsonString(record.text("/team/id")) });

const isPolicy = `service IN (${POLICIES.map((name) => `'${name}'`).join(", ")})`;
const entity = jsonObject({
  name: jsonString(`coalesce(${record.firstText("/repository_ruleset/name", "/rule/name", "/key/title", "/hook/name", "/installation/app_slug")}, nullif(resource, ''), 'unknown')`),
  uid: jsonString(record.firstText("/repository_ruleset/id", "/rule/id", "/key/id", "/hook_id", "/installation/id")),
  type: `CASE WHEN ${isPolicy} THEN ${jsonConstant("Policy")} ELSE ${jsonString(`coalesce(service, 'unknown')`)} END`,
  type_id: `CASE WHEN ${isPolicy} THEN '5' ELSE '99' END`,
});

const finding = jsonObject({
  uid: jsonString(`CASE WHEN number <> '' THEN concat_ws('/', nullif(repo, ''), service, number) ELSE event_uid END`),
  title: jsonString(
    `coalesce(${record.firstText("/alert/secret_type_display_name", "/alert/secret_type", "/alert/security_advisory/summary", "/alert/rule/description", "/alert/affected_package_name")}, operation)`,
  ),
  types: jsonArrayOf(jsonString("service")),
});

const resources = jsonArrayOf(
  jsonObject({
    name: jsonString("resource"),
    type: `CASE WHEN repo <> '' THEN ${jsonConstant("repository")} WHEN resource <> '' THEN ${jsonConstant("organization")} END`,
    uid: `CASE WHEN repo <> '' THEN ${jsonString(record.text("/repository/id"))} END`,
  }),
);

const common = eventMembers({ name: "GitHub", vendor: "GitHub" }, CLASSES, { profiles: jsonArrayOf(jsonConstant("cloud")) });

const SEVERITIES = { low: [2, "Low"], medium: [3, "Medium"], moderate: [3, "Medium"], high: [4, "High"], critical: [5, "Critical"] } as const;
const severity = (value: 0 | 1): string =>
  `CASE alert_severity ${Object.entries(SEVERITIES).map(([word, known]) => `WHEN '${word}' THEN ${value === 0 ? `'${known[0]}'` : jsonConstant(known[1])}`).join(" ")} ELSE ${value === 0 ? "'0'" : jsonConstant("Unknown")} END`;

/** GitHub closes an alert because it is settled, or because somebody does not care. */
const dismissed = `regexp_matches(operation, 'dismiss|closed_by_user')`;

/** What became of an alert and how bad it is; in all other classes whether it went well. */
const ofFinding = {
  severity_id: `CASE WHEN class_uid = 2004 THEN ${severity(0)} ELSE ${common["severity_id"]} END`,
  severity: `CASE WHEN class_uid = 2004 THEN ${severity(1)} ELSE ${common["severity"]} END`,
  status_id: `CASE WHEN class_uid <> 2004 THEN ${common["status_id"]} WHEN ${dismissed} THEN '3' WHEN activity_id = 3 THEN '4' ELSE '1' END`,
  status: `CASE WHEN class_uid <> 2004 THEN ${common["status"]} WHEN ${dismissed} THEN ${jsonConstant("Suppressed")} WHEN activity_id = 3 THEN ${jsonConstant("Resolved")} ELSE ${jsonConstant("New")} END`,
};

/** The event as OCSF 1.8.0. docs/sources/github.webhook.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...common,
    ...ofFinding,
    status_code: `CASE WHEN outcome <> 'success' THEN ${jsonString("outcome")} END`,
    cloud: jsonObject({ provider: jsonConstant("GitHub"), account: jsonObject({ name: jsonString("account") }) }),
    actor: unlessFinding(actor),
    api: unlessFinding(api),
    src_endpoint: unlessFinding(endpointOf("address")),
    user: `CASE WHEN class_uid = 3005 OR (class_uid = 3006 AND target_user <> '') THEN ${user} END`,
    privileges: `CASE WHEN class_uid = 3005 OR (class_uid = 3006 AND ${privilege} IS NOT NULL) THEN ${jsonArrayOf(jsonString(`coalesce(${privilege}, 'unknown')`))} END`,
    group: when("3006", group),
    entity: when("3004", entity),
    finding_info: when("2004", finding),
    evidences: when("2004", jsonArrayOf(jsonObject({ actor, api }))),
    resources: when("2004, 3005, 6003", resources),
    unmapped: unmapped(MAPPED),
  }),
);

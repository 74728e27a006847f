import { jsonArrayOf, jsonConstant, jsonMillis, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";
import { pointersOf } from "./fields.ts";

const record = new RecordParts();

const MAPPED = ["id", "title", "description", "severity", "status", "tenantId", "createdDateTime", "lastUpdateDateTime", "firstActivityDateTime", "lastActivityDateTime", "alertWebUrl", "AlertDisplayName", "DisplayName", "Description", "Severity", "AlertSeverity", "Status", "SystemAlertId"];

const SEVERITIES = { informational: [1, "Informational"], low: [2, "Low"], medium: [3, "Medium"], high: [4, "High"] } as const;
/** What each form calls the states of an alert. */
const STATES = { new: [1, "New"], active: [1, "New"], inprogress: [2, "In Progress"], dismissed: [3, "Suppressed"], resolved: [4, "Resolved"] } as const;
const idOf = (column: string, words: Readonly<Record<string, readonly [number, string]>>): string => `CASE lower(${column}) ${Object.entries(words).map(([word, [id]]) => `WHEN '${word}' THEN '${id}'`).join(" ")} ELSE '0' END`;
const nameOf = (column: string, words: Readonly<Record<string, readonly [number, string]>>): string => `CASE lower(${column}) ${Object.entries(words).map(([word, [, name]]) => `WHEN '${word}' THEN ${jsonConstant(name)}`).join(" ")} ELSE ${jsonConstant("Unknown")} END`;

/** Techniques of ATT&CK: a list, or the text of one. */
const said = record.firstText("/mitreTechniques", "/properties/techniques", "/Techniques");
const techniques = `regexp_extract_all(${said}, 'T[0-9]{4}(\\.[0-9]{3})?')`;
const attack = `'{"technique":{"uid":"' || split_part(id, '.', 1) || '"}' || CASE WHEN contains(id, '.') THEN ',"sub_technique":{"uid":"' || id || '"}' ELSE '' END || '}'`;
const attacks = `CASE WHEN len(${techniques}) > 0 THEN '[' || array_to_string(list_transform(${techniques}, lambda id: ${attack}), ',') || ']' END`;

const finding = jsonObject({
  uid: jsonString(`coalesce(nullif(alert_id, ''), event_uid)`),
  title: jsonString(`coalesce(nullif(title, ''), nullif(operation, ''), 'unknown')`),
  desc: jsonString("description"),
  types: jsonArrayOf(jsonString("category")),
  created_time: jsonMillis("created"),
  modified_time: jsonMillis("updated"),
  first_seen_time: jsonMillis("first_seen"),
  last_seen_time: jsonMillis(`"time"`),
  src_url: jsonString(record.firstText("/alertWebUrl", "/properties/alertUri", "/AlertUri", "/AlertLink")),
  attacks,
});

const evidence = jsonObject({
  user: jsonObject({ name: jsonString("actor_name") }),
  device: `CASE WHEN machine <> '' THEN ${jsonObject({ hostname: jsonString("machine"), type_id: "'0'" })} END`,
  src_endpoint: `CASE WHEN address <> '' THEN ${endpointOf("address")} END`,
});

/** The alert as OCSF 1.8.0, Detection Finding. docs/sources/microsoft.defender.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers({ name: "Microsoft Defender", vendor: "Microsoft" }, { 2004: "Detection Finding" }, { log_provider: jsonString("service"), tenant_uid: jsonString("account"), original_time: jsonString(record.firstText(...pointersOf("lastSeen"), ...pointersOf("created"))) }),
    message: jsonString("title"),
    severity_id: idOf("severity", SEVERITIES),
    severity: nameOf("severity", SEVERITIES),
    status_id: idOf("status", STATES),
    status: nameOf("status", STATES),
    finding_info: finding,
    evidences: jsonArrayOf(evidence),
    resources: `CASE WHEN resource <> '' THEN ${jsonArrayOf(jsonObject({ name: jsonString("resource") }))} END`,
    unmapped: unmapped(MAPPED),
  }),
);

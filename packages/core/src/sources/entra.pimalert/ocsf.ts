import { jsonArrayOf, jsonConstant, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { eventMembers, unmapped } from "../ocsfEvent.ts";

const record = new RecordParts();
const MAPPED = ["lastModifiedDateTime", "isActive", "alertDefinitionId"];

const rank = `CASE lower(severity) WHEN 'informational' THEN 1 WHEN 'low' THEN 2 WHEN 'medium' THEN 3 WHEN 'high' THEN 4 ELSE 0 END`;
const state = `CASE WHEN is_active = false THEN 4 ELSE 1 END`;

const assigned = (member: string): string => record.firstText(`/alertIncidents/0/${member}`, `/${member}`);
const user = jsonObject({ name: jsonString(`coalesce(actor_name, actor_uid)`), uid: jsonString("actor_uid"), full_name: jsonString(assigned("assigneeDisplayName")) });
const role = jsonObject({ name: jsonString("resource"), uid: jsonString("role_id"), type: jsonConstant("Role") });

/** The incident as OCSF 1.8.0, Detection Finding. docs/sources/entra.pimalert.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers({ name: "Microsoft Entra Privileged Identity Management", vendor: "Microsoft" }, { 2004: "Detection Finding" }, { tenant_uid: jsonString("account"), original_time: jsonString(record.firstText("/lastModifiedDateTime", "/lastScannedDateTime")) }),
    message: jsonString("title"),
    severity_id: `(${rank})::VARCHAR`,
    severity: `CASE ${rank} WHEN 1 THEN '"Informational"' WHEN 2 THEN '"Low"' WHEN 3 THEN '"Medium"' WHEN 4 THEN '"High"' ELSE '"Unknown"' END`,
    status_id: `(${state})::VARCHAR`,
    status: `CASE ${state} WHEN 4 THEN '"Resolved"' ELSE '"New"' END`,
    finding_info: jsonObject({ title: jsonString(`coalesce(title, 'unknown')`), uid: jsonString("event_uid"), desc: jsonString("description"), types: jsonArrayOf(jsonString("risk_event")) }),
    evidences: `CASE WHEN coalesce(actor_name, actor_uid) IS NOT NULL THEN ${jsonArrayOf(jsonObject({ user }))} END`,
    remediation: jsonObject({ desc: jsonString(record.firstText("/alertDefinition/mitigationSteps")) }),
    resources: `CASE WHEN resource IS NOT NULL THEN ${jsonArrayOf(role)} END`,
    unmapped: unmapped(MAPPED),
  }),
);

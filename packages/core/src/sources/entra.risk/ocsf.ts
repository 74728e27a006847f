import { jsonArrayOf, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";

const record = new RecordParts();
const text = (path: string): string => record.firstText(`/properties/${path}`, `/${path}`);

const MAPPED = ["time", "activityDateTime", "id", "tenantId", "correlationId", "riskEventType", "riskLevel", "userPrincipalName", "userId", "ipAddress"];

const rank = `CASE risk_level WHEN 'low' THEN 2 WHEN 'medium' THEN 3 WHEN 'high' THEN 4 ELSE 1 END`;
const state = `CASE WHEN risk_state IN ('dismissed', 'confirmedSafe') THEN 3 WHEN risk_state = 'remediated' THEN 4 WHEN risk_state <> '' THEN 1 ELSE 0 END`;

const user = jsonObject({ name: jsonString(`coalesce(actor_name, CASE WHEN actor_uid IS NULL THEN entity_name END)`), uid: jsonString("actor_uid") });
const evidence = jsonObject({ actor: jsonObject({ user }), src_endpoint: endpointOf("address", { location: jsonObject({ country: `CASE WHEN regexp_full_match(country, '[A-Z]{2}') THEN ${jsonString("country")} END`, city: jsonString(text("location/city")) }) }) });

/** The risk as OCSF 1.8.0, Detection Finding. docs/sources/entra.risk.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers({ name: "Microsoft Entra ID Protection", vendor: "Microsoft" }, { 2004: "Detection Finding" }, { correlation_uid: jsonString("correlation_id"), tenant_uid: jsonString("account"), original_time: jsonString(record.firstText("/properties/activityDateTime", "/activityDateTime", "/time")) }),
    severity_id: `(${rank})::VARCHAR`,
    severity: `CASE ${rank} WHEN 2 THEN '"Low"' WHEN 3 THEN '"Medium"' WHEN 4 THEN '"High"' ELSE '"Informational"' END`,
    status_id: `(${state})::VARCHAR`,
    status: `CASE ${state} WHEN 1 THEN '"New"' WHEN 3 THEN '"Suppressed"' WHEN 4 THEN '"Resolved"' END`,
    status_detail: jsonString("risk_detail"),
    finding_info: jsonObject({ title: jsonString(`coalesce(operation, 'unknown')`), uid: jsonString("event_uid"), types: jsonArrayOf(jsonString("risk_event")) }),
    evidences: jsonArrayOf(evidence),
    unmapped: unmapped(MAPPED),
  }),
);

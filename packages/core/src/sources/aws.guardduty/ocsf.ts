import { jsonArrayOf, jsonConstant, jsonMillis, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";

const record = new RecordParts();

const MAPPED = ["id", "type", "accountId", "region", "severity", "title", "description", "createdAt", "updatedAt"];
const capital = (name: string): string => name[0]!.toUpperCase() + name.slice(1);

/** What GuardDuty calls low, medium, high and critical: from 1, 4, 7 and 9. */
const severityId = `CASE WHEN severity >= 9 THEN 5 WHEN severity >= 7 THEN 4 WHEN severity >= 4 THEN 3 WHEN severity >= 1 THEN 2 ELSE 0 END`;
const severityName = `CASE ${severityId} ${["Low", "Medium", "High", "Critical"].map((name, index) => `WHEN ${index + 2} THEN ${jsonConstant(name)}`).join(" ")} ELSE ${jsonConstant("Unknown")} END`;

const finding = jsonObject({
  uid: jsonString(`coalesce(nullif(finding_id, ''), event_uid)`),
  title: jsonString(`coalesce(nullif(title, ''), nullif(operation, ''), 'unknown')`),
  desc: jsonString("description"),
  types: jsonArrayOf(jsonString(`coalesce(nullif(operation, ''), 'unknown')`)),
  created_time: jsonMillis("created"),
  modified_time: jsonMillis("updated"),
  first_seen_time: jsonMillis("first_seen"),
  last_seen_time: jsonMillis(`"time"`),
  uid_alt: jsonString(record.firstText("/arn", "/Arn")),
});

const user = jsonObject({
  name: jsonString("actor_name"),
  uid: jsonString("actor_uid"),
  type: jsonString("actor_type"),
  type_id: `CASE WHEN actor_type <> '' THEN '99' END`,
  credential_uid: jsonString("access_key"),
});

/** What GuardDuty saw: a call, a connection, a question to the DNS. */
const evidence = jsonObject({
  actor: jsonObject({ user }),
  api: `CASE WHEN api <> '' THEN ${jsonObject({ operation: jsonString("api"), service: jsonObject({ name: jsonString("service") }) })} END`,
  src_endpoint: `CASE WHEN address <> '' THEN ${endpointOf("address")} END`,
  query: `CASE WHEN dns_domain <> '' THEN ${jsonObject({ hostname: jsonString("dns_domain") })} END`,
});

/** The finding as OCSF 1.8.0, Detection Finding. docs/sources/aws.guardduty.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers({ name: "GuardDuty", vendor: "AWS" }, { 2004: "Detection Finding" }, { profiles: jsonArrayOf(jsonConstant("cloud")), log_version: jsonString(record.firstText("/schemaVersion", "/SchemaVersion")) }),
    message: jsonString("title"),
    severity_id: `(${severityId})::VARCHAR`,
    severity: severityName,
    status_id: `CASE WHEN archived THEN '3' ELSE '1' END`,
    status: `CASE WHEN archived THEN ${jsonConstant("Suppressed")} ELSE ${jsonConstant("New")} END`,
    count: `CASE WHEN "count" BETWEEN 1 AND 2147483647 THEN "count"::VARCHAR END`,
    cloud: jsonObject({ provider: jsonConstant("AWS"), account: jsonObject({ uid: jsonString("account") }), region: jsonString("region") }),
    finding_info: finding,
    evidences: jsonArrayOf(evidence),
    resources: `CASE WHEN resource <> '' THEN ${jsonArrayOf(jsonObject({ uid: jsonString("resource"), type: jsonString("resource_type") }))} END`,
    unmapped: unmapped([...MAPPED, ...MAPPED.map(capital)]),
  }),
);

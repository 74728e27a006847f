import { jsonArrayOf, jsonConstant, jsonMillis, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";

const record = new RecordParts();

const MAPPED = ["Id", "AwsAccountId", "Region", "Title", "Description", "CreatedAt", "UpdatedAt", "FirstObservedAt", "LastObservedAt", "Types", "Severity", "RecordState", "Workflow", "Resources", "SchemaVersion", "GeneratorId"];
const SEVERITIES = ["Informational", "Low", "Medium", "High", "Critical"];

/** The label; findings of old have only the number from 0 to 100. */
const severityId = `CASE upper(severity) ${SEVERITIES.map((name, index) => `WHEN '${name.toUpperCase()}' THEN ${index + 1}`).join(" ")} ELSE
    CASE WHEN TRY_CAST(severity_normalized AS DOUBLE) >= 90 THEN 5 WHEN TRY_CAST(severity_normalized AS DOUBLE) >= 70 THEN 4 WHEN TRY_CAST(severity_normalized AS DOUBLE) >= 40 THEN 3 WHEN TRY_CAST(severity_normalized AS DOUBLE) >= 1 THEN 2 WHEN TRY_CAST(severity_normalized AS DOUBLE) >= 0 THEN 1 ELSE 0 END END`;
const STATUS = `CASE WHEN record_state = 'ARCHIVED' THEN 5 WHEN workflow = 'SUPPRESSED' THEN 3 WHEN workflow = 'RESOLVED' THEN 4 WHEN workflow = 'NOTIFIED' THEN 2 ELSE 1 END`;
const when = (uid: number, sql: string): string => `CASE WHEN class_uid = ${uid} THEN ${sql} END`;

/** A JSON array of `sql` for each `one` of a list in the record; NULL when nothing is left. */
const each = (pointer: string, sql: string): string => jsonArrayOf(`list_aggregate(list_transform(json_extract(${record.json(pointer)}, '$[*]'), lambda one: ${sql}), 'string_agg', ',')`);

const finding = jsonObject({
  uid: jsonString(`coalesce(nullif(finding_id, ''), event_uid)`),
  title: jsonString(`coalesce(nullif(title, ''), nullif(operation, ''), 'unknown')`),
  desc: jsonString("description"),
  types: each("/Types", jsonString(`CASE WHEN json_type(one) = 'VARCHAR' THEN one->>'$' END`)),
  created_time: jsonMillis("created"),
  modified_time: jsonMillis("updated"),
  first_seen_time: jsonMillis("first_seen"),
  last_seen_time: jsonMillis(`"time"`),
  product: jsonObject({ uid: jsonString("product_arn"), name: jsonString(`coalesce(nullif(product, ''), nullif(product_arn, ''), 'unknown')`), vendor_name: jsonString(`coalesce(nullif(company, ''), 'unknown')`) }),
  analytic: `CASE WHEN generator <> '' THEN ${jsonObject({ uid: jsonString("generator"), type_id: "'1'", type: jsonConstant("Rule") })} END`,
});

const CHECKED = "CASE compliance WHEN 'PASSED' THEN 1 WHEN 'WARNING' THEN 2 WHEN 'FAILED' THEN 3 ELSE 0 END";
const compliance = jsonObject({
  control: jsonString(`coalesce(nullif(control, ''), ${record.firstText("/ProductFields/ControlId", "/ProductFields/RuleId")})`),
  standards: each("/Compliance/AssociatedStandards", jsonString(`one->>'/StandardsId'`)),
  requirements: each("/Compliance/RelatedRequirements", jsonString(`CASE WHEN json_type(one) = 'VARCHAR' THEN one->>'$' END`)),
  status_id: `(${CHECKED})::VARCHAR`,
  status: `CASE ${CHECKED} WHEN 1 THEN ${jsonConstant("Pass")} WHEN 2 THEN ${jsonConstant("Warning")} WHEN 3 THEN ${jsonConstant("Fail")} ELSE ${jsonConstant("Unknown")} END`,
  status_code: jsonString("compliance"),
});

/** A weakness is a CVE, or known by a vendor's own advisory. */
const weakness = (uid: string): string => `CASE WHEN starts_with(upper(${uid}), 'CVE-') THEN ${jsonObject({ cve: jsonObject({ uid: jsonString(uid) }) })} ELSE ${jsonObject({ advisory: jsonObject({ uid: jsonString(`coalesce(nullif(${uid}, ''), 'unknown')`) }) })} END`;
const vulnerabilities = `coalesce(${each("/Vulnerabilities", weakness(`one->>'/Id'`))}, ${jsonArrayOf(weakness(`regexp_extract(title, 'CVE-[0-9]+-[0-9]+')`))})`;

/** A user of OCSF's has a name or an id, and some findings tell no more than a key. */
const actorName = `coalesce(nullif(actor_name, ''), CASE WHEN coalesce(actor_uid, '') = '' AND coalesce(access_key, actor_arn, actor_type, '') <> '' THEN 'unknown' END)`;

const evidence = jsonObject({
  actor: jsonObject({ user: jsonObject({ name: jsonString(actorName), uid: jsonString("actor_uid"), type: jsonString("actor_type"), type_id: `CASE WHEN actor_type <> '' THEN '99' END`, credential_uid: jsonString("access_key"), uid_alt: jsonString("actor_arn") }) }),
  api: `CASE WHEN api <> '' THEN ${jsonObject({ operation: jsonString("api"), service: jsonObject({ name: jsonString("service") }) })} END`,
  src_endpoint: `CASE WHEN address <> '' THEN ${endpointOf("address")} END`,
});

const thing = jsonObject({ uid: jsonString(`one->>'/Id'`), type: jsonString(`one->>'/Type'`), region: jsonString(`one->>'/Region'`), cloud_partition: jsonString(`one->>'/Partition'`), data: `nullif((one->'/Details')::VARCHAR, 'null')` });

/** The finding as OCSF 1.8.0: Detection, Compliance or Vulnerability Finding. docs/sources/aws.securityhub.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers(
      { name: "Security Hub", vendor: "AWS" },
      { 2002: "Vulnerability Finding", 2003: "Compliance Finding", 2004: "Detection Finding" },
      { profiles: jsonArrayOf(jsonConstant("cloud")), log_version: jsonString(record.text("/SchemaVersion")) },
    ),
    message: jsonString("title"),
    severity_id: `(${severityId})::VARCHAR`,
    severity: `CASE ${severityId} ${SEVERITIES.map((name, index) => `WHEN ${index + 1} THEN ${jsonConstant(name)}`).join(" ")} ELSE ${jsonConstant("Unknown")} END`,
    status_id: `(${STATUS})::VARCHAR`,
    status: `CASE ${STATUS} WHEN 1 THEN ${jsonConstant("New")} WHEN 2 THEN ${jsonConstant("In Progress")} WHEN 3 THEN ${jsonConstant("Suppressed")} WHEN 4 THEN ${jsonConstant("Resolved")} ELSE ${jsonConstant("Archived")} END`,
    cloud: jsonObject({ provider: jsonConstant("AWS"), account: jsonObject({ uid: jsonString("account") }), region: jsonString("region") }),
    finding_info: finding,
    compliance: when(2003, compliance),
    vulnerabilities: when(2002, vulnerabilities),
    evidences: when(2004, jsonArrayOf(evidence)),
    resources: each("/Resources", `CASE WHEN one->>'/Id' <> '' THEN ${thing} END`),
    unmapped: unmapped(MAPPED),
  }),
);

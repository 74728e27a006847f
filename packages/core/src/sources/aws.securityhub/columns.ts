import { arnIdentity, isPersonal } from "../awsIdentity.ts";
import { identity, OBJECT_TIME, timestampSql, type Column } from "../definition.ts";

const text = (name: string, field: string): Column => ({ name, type: "VARCHAR", sql: `"@${field}"`, field });
const first = (...fields: readonly string[]): string => `coalesce(${fields.map((field) => `nullif("@${field}", '')`).join(", ")})`;

/** A finding is told again whenever it goes on, and when somebody has worked on it. */
const id = `CASE WHEN "@Id" <> '' THEN concat_ws(':', "@AwsAccountId", "@Region", "@Id", "@UpdatedAt", "@Workflow.Status", "@RecordState") END`;

/** The first resource of a type. */
const resourceOf = (type: string): string => `list_filter(things, lambda one: one->>'/Type' = '${type}')[1]`;
const detail = (name: string): string => `nullif(access_key_thing->>'/Details/AwsIamAccessKey/${name}', '')`;

/** The identity behind a key, as CloudTrail has it: the user, or the role with its session. */
const keyOwner = `coalesce(${detail("PrincipalName")}, ${detail("UserName")}, ${detail("SessionContext/SessionIssuer/UserName")})`;
const isSession = `coalesce(${detail("PrincipalType")}, '') IN ('AssumedRole', 'Role')`;
const session = `nullif(split_part(${detail("PrincipalId")}, ':', 2), '')`;
const keyKind = `CASE WHEN access_key_thing IS NULL THEN NULL WHEN ${isSession} AND ${isPersonal(keyOwner, session)} AND ${session} IS NOT NULL THEN 'person' WHEN ${isSession} AND ${keyOwner} IS NOT NULL THEN 'role'
    WHEN ${detail("PrincipalType")} = 'Root' OR ${keyOwner} = 'root' THEN 'user' WHEN ${detail("PrincipalType")} = 'AWSService' AND ${keyOwner} IS NOT NULL THEN 'service' WHEN ${keyOwner} IS NOT NULL THEN 'user' END`;
const keyName = `CASE WHEN ${detail("PrincipalType")} = 'Root' THEN 'root' WHEN ${isSession} AND ${isPersonal(keyOwner, session)} THEN lower(${session}) ELSE ${keyOwner} END`;

const named = arnIdentity("actor_arn");
const machine = `nullif(split_part(${resourceOf("AwsEc2Instance")}->>'/Id', '/', -1), '')`;

const entityKind = `coalesce(key_kind, ${named.kind}, CASE WHEN machine IS NOT NULL THEN 'role' WHEN account <> '' THEN 'account' WHEN address <> '' THEN 'address' ELSE 'unknown' END)`;
const entityName = `coalesce(CASE WHEN key_kind IS NOT NULL THEN ${keyName} WHEN ${named.kind} IS NOT NULL THEN ${named.name} WHEN machine IS NOT NULL THEN machine WHEN entity_kind = 'account' THEN account ELSE address END, 'unknown')`;
const userAccount = `coalesce(CASE WHEN key_kind IS NOT NULL THEN ${detail("AccountId")} ELSE ${named.account} END, account)`;

/** A check of a control says its outcome, a weakness has its list; the types tell where both are left out. */
const classUid = `CASE WHEN "@Vulnerabilities[0].Id" <> '' OR starts_with("@Types[0]", 'Software and Configuration Checks/Vulnerabilities') THEN 2002
    WHEN "@Compliance.Status" <> '' OR starts_with("@Types[0]", 'Software and Configuration Checks') THEN 2003 ELSE 2004 END`;

export const columns: readonly Column[] = [
  ...identity(id),
  { name: "things", type: "JSON[]", sql: `json_extract(json, '$.Resources[*]')`, stored: false },
  { name: "created", type: "TIMESTAMP", sql: timestampSql(`replace("@CreatedAt", ' ', 'T')`) },
  { name: "updated", type: "TIMESTAMP", sql: timestampSql(`replace("@UpdatedAt", ' ', 'T')`) },
  { name: "first_seen", type: "TIMESTAMP", sql: timestampSql(`"@FirstObservedAt"`) },
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${timestampSql(`"@LastObservedAt"`)}, updated, created, ${OBJECT_TIME})`, uses: ["updated", "created"] },
  { name: "class_uid", type: "INTEGER", sql: classUid },
  { name: "activity_id", type: "INTEGER", sql: `CASE WHEN "@RecordState" = 'ARCHIVED' OR "@Workflow.Status" IN ('RESOLVED', 'SUPPRESSED') THEN 3 WHEN updated > created THEN 2 ELSE 1 END`, uses: ["updated", "created"] },
  { name: "status_id", type: "INTEGER", sql: `0` },
  { name: "operation", type: "VARCHAR", sql: `"@Types[0]"` },
  { name: "service", type: "VARCHAR", sql: first("Action.AwsApiCallAction.ServiceName") },
  text("account", "AwsAccountId"),
  text("region", "Region"),
  { name: "address", type: "VARCHAR", sql: first("Action.AwsApiCallAction.RemoteIpDetails.IpAddressV4", "Action.NetworkConnectionAction.RemoteIpDetails.IpAddressV4", "Network.SourceIpV4", "Network.SourceIpV6") },
  { name: "user_agent", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "outcome", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "access_key_thing", type: "JSON", sql: resourceOf("AwsIamAccessKey"), uses: ["things"], stored: false },
  { name: "actor_arn", type: "VARCHAR", sql: `coalesce(${detail("SessionContext/SessionIssuer/Arn")}, ${resourceOf("AwsIamUser")}->>'/Id', ${resourceOf("AwsIamRole")}->>'/Id')`, uses: ["things", "access_key_thing"] },
  { name: "access_key", type: "VARCHAR", sql: `coalesce(${detail("AccessKeyId")}, nullif(split_part(access_key_thing->>'/Id', ':', -1), ''))`, uses: ["access_key_thing"] },
  { name: "actor_name", type: "VARCHAR", sql: keyOwner, uses: ["access_key_thing"] },
  { name: "actor_uid", type: "VARCHAR", sql: detail("PrincipalId"), uses: ["access_key_thing"] },
  { name: "actor_type", type: "VARCHAR", sql: detail("PrincipalType"), uses: ["access_key_thing"] },
  { name: "key_kind", type: "VARCHAR", sql: keyKind, uses: ["access_key_thing"], stored: false },
  { name: "machine", type: "VARCHAR", sql: machine, uses: ["things"], stored: false },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["key_kind", "actor_arn", "machine", "account", "address"] },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["key_kind", "actor_arn", "machine", "account", "address", "entity_kind", "access_key_thing"] },
  { name: "entity_key", type: "VARCHAR", sql: `concat_ws(':', entity_kind, CASE WHEN entity_kind = 'user' THEN ${userAccount} END, entity_name)`, uses: ["entity_kind", "entity_name", "key_kind", "actor_arn", "account", "access_key_thing"] },
  { name: "resource", type: "VARCHAR", sql: `"@Resources[0].Id"` },
  { name: "resource_type", type: "VARCHAR", sql: `"@Resources[0].Type"` },
  text("finding_id", "Id"),
  text("title", "Title"),
  text("description", "Description"),
  text("severity", "Severity.Label"),
  text("severity_normalized", "Severity.Normalized"),
  text("product", "ProductName"),
  text("product_arn", "ProductArn"),
  text("company", "CompanyName"),
  text("generator", "GeneratorId"),
  text("record_state", "RecordState"),
  text("workflow", "Workflow.Status"),
  text("compliance", "Compliance.Status"),
  text("control", "Compliance.SecurityControlId"),
  text("action_type", "Action.ActionType"),
  text("api", "Action.AwsApiCallAction.Api"),
];

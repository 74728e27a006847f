import { isPersonal } from "../awsIdentity.ts";
import { OBJECT_TIME, PLACE, timestampSql, type Column } from "../definition.ts";
import { targets } from "./fields.ts";

const target = `coalesce(${targets.map((name) => `"@requestParameters.${name}"`).join(", ")})`;

/** CloudTrail's own id is a GUID; anything else (a redacted or hand-made record) does not identify an event. */
const hasId = `regexp_full_match("@eventID", '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}')`;

const account = `coalesce("@recipientAccountId", "@userIdentity.accountId")`;

const type = `"@userIdentity.type"`;
const arn = `"@userIdentity.arn"`;
const userName = `"@userIdentity.userName"`;
const issuer = `"@userIdentity.sessionContext.sessionIssuer.userName"`;

/** Who holds an assumed role's session, and which role it is: `AROA…:session`, `arn:aws:sts::…:assumed-role/role/session`. */
const sessionName = `coalesce(nullif(split_part("@userIdentity.principalId", ':', 2), ''), nullif(split_part(${arn}, '/', 3), ''))`;
const roleName = `coalesce(${issuer}, nullif(split_part(${arn}, '/', 2), ''))`;

/**
 * Who a session belongs to. A person when single sign-on made the role (its name says so), when the session is named by an
 * e-mail address, or when the identity provider passed a source identity; otherwise the session is a workload's.
 */
const person = `CASE
    WHEN "@userIdentity.sessionContext.sourceIdentity" IS NOT NULL THEN "@userIdentity.sessionContext.sourceIdentity"
    WHEN ${type} = 'AssumedRole' THEN CASE
      WHEN ${isPersonal(roleName, sessionName)} THEN ${sessionName}
      ELSE "@userIdentity.onBehalfOf.userId" END END`;

/** What AWS writes in place of the name of a user that does not exist: people type passwords there. */
const hiddenName = `${userName} = 'HIDDEN_DUE_TO_SECURITY_REASONS'`;

/** Subjects of build systems and Kubernetes: a web identity that is a workload, known by the role it takes on. */
const workload = `regexp_matches(${userName}, '^(repo|project_path|organization|system:serviceaccount|org)[:/]')`;
const takenRole = `nullif(split_part("@resources[0].ARN", '/', -1), '')`;

/** Insights are about the account: whoever stands out in them may be many. */
const isInsight = `"@eventType" = 'AwsCloudTrailInsight'`;

/** Without an identity that says more: the service, the person signing in, or at least where the call came from. */
const otherKind = `CASE
      WHEN ${isInsight} AND "@recipientAccountId" <> '' THEN 'account'
      WHEN "@userIdentity.invokedBy" IS NOT NULL THEN 'service' WHEN ${hiddenName} THEN 'address' WHEN ${userName} <> '' THEN 'person'
      WHEN ${arn} IS NULL AND contains("@userIdentity.principalId", '@') THEN 'person'
      WHEN ${arn} <> '' OR "@userIdentity.principalId" <> '' THEN 'unknown'
      WHEN "@sourceIPAddress" = 'AWS Internal' OR ends_with("@sourceIPAddress", '.amazonaws.com') THEN 'service'
      WHEN "@sourceIPAddress" IS NOT NULL THEN 'address' ELSE 'unknown' END`;

const entityKind = `CASE ${type}
    WHEN 'IAMUser' THEN CASE WHEN ${hiddenName} THEN 'address' ELSE 'user' END
    WHEN 'AssumedRole' THEN CASE WHEN person IS NOT NULL THEN 'person' WHEN ${roleName} IS NOT NULL THEN 'role' ELSE 'unknown' END
    WHEN 'Root' THEN 'user' WHEN 'FederatedUser' THEN 'user' WHEN 'AWSService' THEN 'service' WHEN 'AWSAccount' THEN 'account'
    WHEN 'WebIdentityUser' THEN CASE WHEN ${workload} THEN 'role' ELSE 'person' END
    WHEN 'SAMLUser' THEN 'person' WHEN 'IdentityCenterUser' THEN 'person' ELSE ${otherKind} END`;

/** A federated user is the user who asked for its credentials: its own name is free text. */
const owner = `CASE ${type} WHEN 'Root' THEN 'root' WHEN 'IAMUser' THEN coalesce(nullif(${userName}, ''), nullif(split_part(${arn}, '/', -1), ''))
      ELSE CASE WHEN "@userIdentity.sessionContext.sessionIssuer.type" = 'Root' THEN 'root' ELSE coalesce(${issuer}, ${arn}) END END`;

const entityName = `coalesce(CASE entity_kind
    WHEN 'user' THEN ${owner}
    WHEN 'role' THEN CASE ${type} WHEN 'WebIdentityUser' THEN ${takenRole} ELSE ${roleName} END
    WHEN 'person' THEN lower(coalesce(person, ${userName}, "@userIdentity.onBehalfOf.userId", "@userIdentity.principalId"))
    WHEN 'service' THEN coalesce("@userIdentity.invokedBy", "@sourceIPAddress")
    WHEN 'account' THEN coalesce("@userIdentity.accountId", "@recipientAccountId")
    WHEN 'address' THEN "@sourceIPAddress" END,
    nullif(${arn}, ''), nullif("@userIdentity.principalId", ''), nullif(${userName}, ''), nullif("@sourceIPAddress", ''), nullif(${type}, ''), 'unknown')`;

const IAM_READ = `(starts_with("@eventName", 'Get') OR starts_with("@eventName", 'List') OR starts_with("@eventName", 'Simulate') OR starts_with("@eventName", 'Generate'))`;

/** OCSF's class: who may sign in and do what has classes of its own, everything else is API Activity. */
const classUid = `CASE
    WHEN "@eventSource" = 'signin.amazonaws.com' THEN CASE
      WHEN "@eventName" IN ('ConsoleLogin', 'SwitchRole', 'ExitRole', 'RenewRole', 'CheckMfa', 'CredentialVerification', 'CredentialChallenge', 'UserAuthentication', 'ExternalIdPDirectoryLogin') THEN 3002
      WHEN "@eventName" IN ('PasswordRecoveryRequested', 'PasswordRecoveryCompleted', 'PasswordUpdated', 'EmailUpdated') THEN 3001 ELSE 6003 END
    WHEN "@eventSource" = 'sts.amazonaws.com' THEN CASE WHEN starts_with("@eventName", 'AssumeRole') OR "@eventName" IN ('GetFederationToken', 'GetSessionToken', 'AssumeRoot') THEN 3002 ELSE 6003 END
    WHEN "@eventSource" = 'sso.amazonaws.com' THEN CASE WHEN "@eventName" IN ('Authenticate', 'Federate', 'CreateToken', 'Logout') THEN 3002 ELSE 6003 END
    WHEN "@eventSource" = 'iam.amazonaws.com' AND NOT ${IAM_READ} THEN CASE
      WHEN "@eventName" IN ('CreateUser', 'DeleteUser', 'UpdateUser', 'CreateLoginProfile', 'UpdateLoginProfile', 'DeleteLoginProfile', 'CreateAccessKey', 'DeleteAccessKey', 'UpdateAccessKey', 'ChangePassword', 'EnableMFADevice', 'DeactivateMFADevice', 'ResyncMFADevice', 'PutUserPermissionsBoundary', 'DeleteUserPermissionsBoundary') THEN 3001
      WHEN regexp_full_match("@eventName", '[A-Z][a-z]+(SSHPublicKey|SigningCertificate|ServiceSpecificCredential)') THEN 3001
      WHEN "@eventName" IN ('AttachUserPolicy', 'DetachUserPolicy', 'PutUserPolicy', 'DeleteUserPolicy') THEN 3005
      WHEN "@eventName" IN ('AddUserToGroup', 'RemoveUserFromGroup', 'CreateGroup', 'UpdateGroup', 'DeleteGroup', 'AttachGroupPolicy', 'DetachGroupPolicy', 'PutGroupPolicy', 'DeleteGroupPolicy') THEN 3006
      WHEN contains("@eventName", 'Role') OR contains("@eventName", 'Policy') OR contains("@eventName", 'InstanceProfile') OR contains("@eventName", 'Provider') THEN 3004
      ELSE 6003 END
    ELSE 6003 END`;

/** What the first word of an operation does; one look at the word costs a tenth of a regular expression for each group. */
const VERBS = {
  create: ["Create", "Run", "Register", "Allocate", "Import", "Request", "Issue", "Generate", "Add", "Upload", "Copy", "Restore", "Provision"],
  delete: ["Delete", "Terminate", "Deregister", "Release", "Remove", "Purge", "Destroy", "Revoke", "Cancel"],
  read: ["Get", "List", "Describe", "Head", "Lookup", "Search", "Query", "Scan", "Decrypt", "Select", "View", "Check", "Filter", "Simulate"],
};
const among = (words: readonly string[]): string => `verb IN (${words.map((word) => `'${word}'`).join(", ")})`;
/** What AWS calls read-only is a read, whatever its name (`GenerateDataKey`); without that word the name decides. */
const byVerb = `CASE WHEN "@readOnly" = 'true' THEN 2 WHEN ${among(VERBS.create)} THEN 1 WHEN ${among(VERBS.delete)} THEN 4 WHEN ${among(VERBS.read)} THEN 2 ELSE 3 END`;

/** What is put into a role or taken out of it is an update of the role, not the making or end of one. */
const whole = `regexp_full_match("@eventName", '(Create|Delete)(Role|ServiceLinkedRole|Policy|InstanceProfile|SAMLProvider|OpenIDConnectProvider)')`;

/** OCSF's activity within the class. */
const activityId = `CASE class_uid
    WHEN 3002 THEN CASE "@eventName" WHEN 'SwitchRole' THEN 7 WHEN 'ExitRole' THEN 7 WHEN 'Logout' THEN 2 ELSE 1 END
    WHEN 3001 THEN CASE "@eventName" WHEN 'CreateUser' THEN 1 WHEN 'DeleteUser' THEN 6 WHEN 'ChangePassword' THEN 3 WHEN 'PasswordUpdated' THEN 3 WHEN 'UpdateLoginProfile' THEN 4 WHEN 'PasswordRecoveryCompleted' THEN 4 WHEN 'EnableMFADevice' THEN 10 WHEN 'DeactivateMFADevice' THEN 11 WHEN 'PutUserPermissionsBoundary' THEN 7 WHEN 'DeleteUserPermissionsBoundary' THEN 8 ELSE 99 END
    WHEN 3005 THEN CASE WHEN "@eventName" IN ('AttachUserPolicy', 'PutUserPolicy') THEN 1 ELSE 2 END
    WHEN 3006 THEN CASE "@eventName" WHEN 'AddUserToGroup' THEN 3 WHEN 'RemoveUserFromGroup' THEN 4 WHEN 'CreateGroup' THEN 6 WHEN 'DeleteGroup' THEN 5 WHEN 'UpdateGroup' THEN 99 WHEN 'AttachGroupPolicy' THEN 1 WHEN 'PutGroupPolicy' THEN 1 ELSE 2 END
    WHEN 3004 THEN CASE WHEN NOT ${whole} THEN 3 WHEN verb = 'Create' THEN 1 ELSE 4 END
    ELSE ${byVerb} END`;

/** A sign-in that failed carries no error code: its message says so, or only its response. No text in the record can pose as that response, its quotes are escaped. */
const failed = `("@errorCode" IS NOT NULL OR "@errorMessage" IS NOT NULL OR CASE WHEN "@eventSource" = 'signin.amazonaws.com'
    THEN regexp_matches(json, '"(ConsoleLogin|CheckMfa|SwitchRole|CredentialVerification|UserAuthentication|ExternalIdPDirectoryLogin)"\\s*:\\s*"Failure"') ELSE false END)`;

export const columns: readonly Column[] = [
  { name: "has_id", type: "BOOLEAN", sql: hasId, stored: false },
  { name: "verb", type: "VARCHAR", sql: `regexp_extract(coalesce("@eventName", "@insightDetails.eventName"), '^[A-Z]+[a-z]*')`, stored: false },
  { name: "account", type: "VARCHAR", sql: account },
  { name: "event_uid", type: "VARCHAR", sql: `CASE WHEN has_id THEN coalesce(account, '') || ':' || "@eventID" ELSE ${PLACE} END`, uses: ["has_id", "account"] },
  { name: "event_hash", type: "UBIGINT", sql: `CASE WHEN has_id THEN ('0x' || replace("@eventID"[1:18], '-', ''))::UBIGINT ELSE md5_number_lower(${PLACE}) END`, uses: ["has_id"] },
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${timestampSql(`"@eventTime"`)}, ${OBJECT_TIME})` },
  { name: "class_uid", type: "INTEGER", sql: classUid },
  { name: "activity_id", type: "INTEGER", sql: activityId, uses: ["class_uid", "verb"] },
  { name: "status_id", type: "INTEGER", sql: `CASE WHEN ${failed} THEN 2 ELSE 1 END` },
  { name: "operation", type: "VARCHAR", sql: `"@eventName"`, field: "eventName" },
  { name: "service", type: "VARCHAR", sql: `"@eventSource"`, field: "eventSource" },
  { name: "region", type: "VARCHAR", sql: `"@awsRegion"`, field: "awsRegion" },
  { name: "address", type: "VARCHAR", sql: `"@sourceIPAddress"`, field: "sourceIPAddress" },
  { name: "user_agent", type: "VARCHAR", sql: `"@userAgent"`, field: "userAgent" },
  { name: "error_code", type: "VARCHAR", sql: `"@errorCode"`, field: "errorCode" },
  { name: "error_message", type: "VARCHAR", sql: `"@errorMessage"`, field: "errorMessage" },
  { name: "outcome", type: "VARCHAR", sql: `CASE WHEN status_id = 2 THEN coalesce("@errorCode", 'Failure') ELSE 'success' END`, uses: ["status_id"] },
  { name: "read_only", type: "VARCHAR", sql: `"@readOnly"`, field: "readOnly" },
  { name: "vpc_endpoint", type: "VARCHAR", sql: `"@vpcEndpointId"`, field: "vpcEndpointId" },
  { name: "insight_service", type: "VARCHAR", sql: `"@insightDetails.eventSource"`, field: "insightDetails.eventSource" },
  { name: "insight_operation", type: "VARCHAR", sql: `"@insightDetails.eventName"`, field: "insightDetails.eventName" },
  { name: "insight_type", type: "VARCHAR", sql: `"@insightDetails.insightType"`, field: "insightDetails.insightType" },
  { name: "event_type", type: "VARCHAR", sql: `"@eventType"`, field: "eventType" },
  { name: "actor_type", type: "VARCHAR", sql: `"@userIdentity.type"`, field: "userIdentity.type" },
  { name: "actor_uid", type: "VARCHAR", sql: `"@userIdentity.principalId"`, field: "userIdentity.principalId" },
  { name: "actor_arn", type: "VARCHAR", sql: `"@userIdentity.arn"`, field: "userIdentity.arn" },
  { name: "actor_account", type: "VARCHAR", sql: `"@userIdentity.accountId"`, field: "userIdentity.accountId" },
  { name: "actor_name", type: "VARCHAR", sql: `"@userIdentity.userName"`, field: "userIdentity.userName" },
  { name: "access_key", type: "VARCHAR", sql: `"@userIdentity.accessKeyId"`, field: "userIdentity.accessKeyId" },
  { name: "invoked_by", type: "VARCHAR", sql: `"@userIdentity.invokedBy"`, field: "userIdentity.invokedBy" },
  { name: "role", type: "VARCHAR", sql: issuer, field: "userIdentity.sessionContext.sessionIssuer.userName" },
  { name: "mfa", type: "VARCHAR", sql: `"@userIdentity.sessionContext.attributes.mfaAuthenticated"`, field: "userIdentity.sessionContext.attributes.mfaAuthenticated" },
  { name: "person", type: "VARCHAR", sql: person, stored: false },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["person"] },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["person", "entity_kind"] },
  { name: "entity_key", type: "VARCHAR", sql: `CASE WHEN entity_kind = 'user' THEN concat_ws(':', 'user', coalesce("@userIdentity.accountId", account), entity_name) ELSE entity_kind || ':' || entity_name END`, uses: ["account", "entity_kind", "entity_name"] },
  { name: "resource", type: "VARCHAR", sql: `coalesce("@resources[0].ARN", ${target}, "@requestParameters.instancesSet.items[0].instanceId")` },
];

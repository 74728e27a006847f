/** What GitHub calls the thing that an action is about (`repo`), and what is done to it (`create`). */
export const CATEGORY = `split_part("@action", '.', 1)`;
const VERB = `split_part("@action", '.', 2)`;

const among = (sql: string, values: readonly string[]): string => `${sql} IN (${values.map((value) => `'${value}'`).join(", ")})`;

const SIGN_INS = [
  "user.login", "user.logout", "user.failed_login", "user.two_factor_requested", "user.two_factor_challenge_success", "user.two_factor_challenge_failure",
  "user.sign_in_from_unrecognized_device", "user.sign_in_from_unrecognized_device_and_location", "user.correct_password_from_unrecognized_device",
  "user.correct_password_from_unrecognized_device_and_location", "org.sso_response", "business.sso_response",
];
const GIVEN = [
  "org.add_member", "org.invite_member", "org.update_member", "org.restore_member", "org.add_outside_collaborator", "org.invite_billing_manager", "org.add_billing_manager",
  "repo.add_member", "repo.update_member", "repository_invitation.create", "repository_invitation.accept", "business.add_admin", "business.invite_admin", "business.add_member", "business.add_billing_manager",
  "project.update_user_permission", "organization_role.assign", "enterprise_role.assign", "user.promote",
];
const TAKEN = [
  "org.remove_member", "org.remove_outside_collaborator", "org.remove_billing_manager", "org.cancel_invitation", "repo.remove_member", "repository_invitation.cancel", "repository_invitation.reject", "business.remove_admin",
  "business.remove_member", "business.remove_billing_manager", "organization_role.revoke", "enterprise_role.revoke", "user.demote",
];
/** Actions of users on their own account, by number of the activity in Account Change. */
const ACCOUNTS: Readonly<Record<string, number>> = {
  "user.create": 1, "user.unsuspend": 2, "user.change_password": 3, "user.reset_password": 4, "user.suspend": 5, "user.destroy": 6, "user.delete": 6, "user.rename": 99,
  "two_factor_authentication.enabled": 10, "two_factor_authentication.add_factor": 10, "security_key.register": 10, "passkey.register": 10,
  "two_factor_authentication.disabled": 11, "two_factor_authentication.remove_factor": 11, "security_key.remove": 11, "passkey.remove": 11,
};
const ACCOUNT_CATEGORIES = ["two_factor_authentication", "public_key", "personal_access_token", "oauth_access", "oauth_authorization", "org_credential_authorization", "user_email", "external_identity"];
const GROUP_CATEGORIES = ["team", "enterprise_team", "external_group"];
const GROUPS: Readonly<Record<string, number>> = {
  add_repository: 1, update_repository_permission: 1, promote_maintainer: 1, remove_repository: 2, demote_maintainer: 2, add_member: 3, remove_member: 4, destroy: 5, create: 6,
};
export const POLICY_CATEGORIES = ["protected_branch", "repository_ruleset", "ip_allow_list", "ip_allow_list_entry", "ssh_certificate_authority", "ssh_certificate_requirement"];
const ENTITY_CATEGORIES = [...POLICY_CATEGORIES, "role", "hook", "integration", "integration_installation", "oauth_application"];
const ALERT_CATEGORIES = ["secret_scanning_alert", "repository_vulnerability_alert", "dependabot_alert"];

/** What a rule did to a push is no change of the rule. */
const RULE_AT_WORK = ["protected_branch.policy_override", "protected_branch.rejected_ref_update"];

/** A key with a repository is a deploy key, a thing of the repository; any other is of its user's account. */
const deployKey = `(${CATEGORY} = 'public_key' AND "@repo" <> '')`;

/** OCSF's class. */
export const classUid = `CASE
    WHEN ${among(`"@action"`, SIGN_INS)} THEN 3002
    WHEN ${among(`"@action"`, [...GIVEN, ...TAKEN])} THEN 3005
    WHEN ${among(`"@action"`, RULE_AT_WORK)} THEN 6003
    WHEN ${deployKey} OR ${among(CATEGORY, ENTITY_CATEGORIES)} THEN 3004
    WHEN ${among(`"@action"`, Object.keys(ACCOUNTS))} OR ${among(CATEGORY, ACCOUNT_CATEGORIES)} THEN 3001
    WHEN ${among(CATEGORY, GROUP_CATEGORIES)} THEN 3006
    WHEN ${among(CATEGORY, ALERT_CATEGORIES)} OR starts_with("@action", 'code_scanning.alert') THEN 2004
    ELSE 6003 END`;

const numbered = (sql: string, numbers: Readonly<Record<string, number>>): string => `CASE ${sql} ${Object.entries(numbers).map(([name, number]) => `WHEN '${name}' THEN ${number}`).join(" ")} ELSE 99 END`;

/** What the verb's first word does to the thing. */
const byVerb = `CASE WHEN regexp_matches(${VERB}, '^(create|add|register|invite|upload)') THEN 1 WHEN regexp_matches(${VERB}, '^(clone|fetch|download|export)') THEN 2
      WHEN regexp_matches(${VERB}, '^(destroy|delete|remove)') THEN 4 WHEN "@action" <> '' THEN 3 ELSE 0 END`;

/** OCSF's activity within the class; GitHub's own word for the operation comes first, because verbs mislead: `repo.access` changes who may see a repository. */
export const activityId = `CASE class_uid
    WHEN 3002 THEN CASE "@action" WHEN 'user.logout' THEN 2 ELSE 1 END
    WHEN 3005 THEN CASE WHEN ${among(`"@action"`, TAKEN)} THEN 2 ELSE 1 END
    WHEN 3001 THEN ${numbered(`"@action"`, ACCOUNTS)}
    WHEN 3006 THEN ${numbered(VERB, GROUPS)}
    WHEN 3004 THEN CASE WHEN ${VERB} = 'create' THEN 1 WHEN ${VERB} IN ('destroy', 'delete') THEN 4 WHEN ${VERB} IN ('enable', 'enabled') THEN 8 WHEN ${VERB} IN ('disable', 'disabled') THEN 9 ELSE 3 END
    WHEN 2004 THEN CASE WHEN regexp_matches(${VERB}, 'create') THEN 1 WHEN regexp_matches(${VERB}, 'resolve|dismiss|close') THEN 3 ELSE 2 END
    ELSE CASE WHEN "@action" = 'api.request' THEN CASE upper("@request_method") WHEN 'GET' THEN 2 WHEN 'HEAD' THEN 2 WHEN 'POST' THEN 1 WHEN 'PUT' THEN 3 WHEN 'PATCH' THEN 3 WHEN 'DELETE' THEN 4 ELSE 99 END
      ELSE CASE "@operation_type" WHEN 'create' THEN 1 WHEN 'access' THEN 2 WHEN 'modify' THEN 3 WHEN 'remove' THEN 4 WHEN 'transfer' THEN 3 WHEN 'restore' THEN 3 WHEN 'authentication' THEN 99 ELSE ${byVerb} END END END`;

const refused = ["user.failed_login", "user.two_factor_challenge_failure", "protected_branch.rejected_ref_update"];

/** The log tells what was done, so an event succeeded unless it says otherwise. An answer of single sign-on does not say whether it was good. */
export const statusId = `CASE
    WHEN ${among(`"@action"`, refused)} OR ("@action" = 'api.request' AND TRY_CAST("@status_code" AS INTEGER) >= 400) OR "@conclusion" IN ('failure', 'timed_out', 'startup_failure') THEN 2
    WHEN ends_with("@action", '.sso_response') OR "@conclusion" <> 'success' THEN 0
    ELSE 1 END`;

/** GitHub's word for what came of it, where it has one. */
export const outcome = `CASE WHEN status_id = 1 THEN 'success' WHEN "@conclusion" <> '' THEN "@conclusion" WHEN status_id = 2 THEN coalesce(CASE WHEN "@action" = 'api.request' THEN "@status_code" END, 'failure') END`;

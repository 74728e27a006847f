/** SQL over the columns `operation` (what was done) and `audit_category`: OCSF's class and activity for it. */

const said = `lower(operation)`;
const starts = (...words: readonly string[]): string => `regexp_matches(${said}, '^(${words.join("|")})\\b')`;
const has = (text: string): string => `contains(${said}, '${text}')`;

/** Who gets or loses rights: members of roles, also through Privileged Identity Management; permissions of applications. */
const isGrant = `((audit_category = 'RoleManagement' AND (${has("member")} OR ${has("role assignment")} OR ${has("eligibleroleassignment")}))
    OR ${has("app role assignment")} OR ${has("delegated permission grant")} OR ${said} = 'consent to application' OR ${has("elevated their access")} OR ${said} = 'delete role assignment')`;

const isAccount = `(audit_category = 'UserManagement' OR regexp_full_match(${said}, '(hard )?(add|delete|update|restore|invite external) user'))`;

/** OCSF's class. Whatever is about neither people's accounts, rights nor groups changes an object of the directory. */
export const classUid = `CASE WHEN ${isGrant} THEN 3005 WHEN audit_category = 'GroupManagement' THEN 3006 WHEN ${isAccount} THEN 3001 ELSE 3004 END`;

const account = `CASE
    WHEN ${said} IN ('add user', 'invite external user', 'restore user') THEN 1
    WHEN ${said} IN ('enable account', 'unlock user account (self-service)') THEN 2
    WHEN ${has("change user password")} OR ${has("change password")} THEN 3
    WHEN ${has("reset password")} THEN 4
    WHEN ${said} = 'disable account' THEN 5
    WHEN ${said} IN ('delete user', 'hard delete user') THEN 6
    WHEN ${said} IN ('user registered security info', 'admin registered security info', 'enable strong authentication') THEN 10
    WHEN ${said} IN ('user deleted security info', 'admin deleted security info', 'disable strong authentication') THEN 11
    ELSE 99 END`;

const group = `CASE WHEN ${starts("add member")} THEN 3 WHEN ${starts("remove member")} THEN 4 WHEN ${said} IN ('delete group', 'hard delete group') THEN 5 WHEN ${said} IN ('add group', 'restore group') THEN 6 ELSE 99 END`;

const entity = `CASE WHEN ${starts("add", "added", "create", "register", "restore", "invite")} THEN 1 WHEN ${starts("read", "get", "download", "reveal", "recover", "export")} THEN 2 WHEN ${starts("delete", "remove", "hard delete", "unregister")} THEN 4 WHEN ${said} <> '' THEN 3 ELSE 0 END`;

/** Steps on the way to a role in Privileged Identity Management, which give and take nothing yet. */
const isAsking = `regexp_matches(${said}, '(requested|request (approved|denied)|canceled|cancelled)\\b')`;

/** OCSF's activity within the class. */
export const activityId = `CASE class_uid WHEN 3001 THEN ${account} WHEN 3005 THEN CASE WHEN ${isAsking} THEN 99 WHEN ${starts("remove", "delete")} THEN 2 ELSE 1 END WHEN 3006 THEN ${group} ELSE ${entity} END`;

/** SQL for a list of the parts of a type: `account.password.changed`. */
export const typeParts = `string_split(lower(event_type), '.')`;

const listed = (...words: readonly string[]): string => `[${words.map((word) => `'${word}'`).join(", ")}]`;
const has = (...words: readonly string[]): string => `list_has_any(type_parts, ${listed(...words)})`;
const beginsWith = (...words: readonly string[]): string => `type_parts[1] IN (${words.map((word) => `'${word}'`).join(", ")})`;
const endsWith = (...words: readonly string[]): string => `type_parts[-1] IN (${words.map((word) => `'${word}'`).join(", ")})`;

const LOGIN = ["login", "logon", "signin", "sign_in"];
const LOGOUT = ["logout", "logoff", "signout", "sign_out"];
const APPLICATION = ["app", "application"];
const ACCOUNT = ["account", "user", "password", "mfa"];
const LIFE: readonly (readonly [activity: number, ...words: string[]])[] = [[1, "installed", "deployed"], [2, "removed", "uninstalled"], [3, "started"], [4, "stopped"], [5, "restarted"], [6, "enabled"], [7, "disabled"], [8, "updated", "upgraded"]];

/** OCSF's class by what a type is about; what is about nothing of this kind is a call of the application. */
export const classUid = `CASE
    WHEN ${has(...LOGIN, ...LOGOUT)} OR type_parts[1] = 'authentication' THEN 3002
    WHEN ${beginsWith(...APPLICATION)} AND ${endsWith(...LIFE.flatMap(([, ...words]) => words))} THEN 6002
    WHEN ${endsWith("error", "exception", "crashed", "panic")} THEN 6008
    WHEN ${beginsWith(...ACCOUNT)} THEN 3001
    ELSE 6003 END`;

const account = `CASE
    WHEN ${has("password")} AND ${endsWith("changed")} THEN 3 WHEN ${has("password")} AND ${endsWith("reset")} THEN 4
    WHEN ${has("mfa")} AND ${endsWith("enabled", "added")} THEN 10 WHEN ${has("mfa")} AND ${endsWith("disabled", "removed")} THEN 11
    WHEN ${has("password", "mfa")} THEN 99
    WHEN ${endsWith("created")} THEN 1 WHEN ${endsWith("enabled")} THEN 2 WHEN ${endsWith("disabled")} THEN 5 WHEN ${endsWith("deleted")} THEN 6
    WHEN ${endsWith("locked")} THEN 9 WHEN ${endsWith("unlocked")} THEN 12 ELSE 99 END`;

/** What a type does not say, the method of a request may. */
const call = `CASE
    WHEN ${endsWith("created", "added", "uploaded")} THEN 1 WHEN ${endsWith("read", "viewed", "listed", "downloaded", "exported")} THEN 2
    WHEN ${endsWith("updated", "changed", "modified")} THEN 3 WHEN ${endsWith("deleted", "removed")} THEN 4
    WHEN event_type IS NULL THEN 0
    ELSE CASE lower("@Fields.method") WHEN 'post' THEN 1 WHEN 'get' THEN 2 WHEN 'put' THEN 3 WHEN 'patch' THEN 3 WHEN 'delete' THEN 4 ELSE 99 END END`;

/** OCSF's activity within the class. */
export const activityId = `CASE class_uid
    WHEN 3002 THEN CASE WHEN ${has(...LOGOUT)} THEN 2 WHEN ${has(...LOGIN)} THEN 1 ELSE 99 END
    WHEN 6002 THEN CASE ${LIFE.map(([activity, ...words]) => `WHEN ${endsWith(...words)} THEN ${activity}`).join(" ")} ELSE 99 END
    WHEN 6008 THEN 1
    WHEN 3001 THEN ${account}
    ELSE ${call} END`;

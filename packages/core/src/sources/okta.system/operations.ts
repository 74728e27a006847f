/** OCSF's class and activity of an event type, as class * 100 + activity. */
const EXACT: Readonly<Record<string, number>> = {
  "user.session.start": 300201,
  "user.session.end": 300202,
  "user.session.clear": 300202,
  "user.session.impersonation.initiate": 300207,
  "user.session.impersonation.end": 300202,
  "user.session.impersonation.grant": 300501,
  "user.session.impersonation.extend": 300501,
  "user.session.impersonation.revoke": 300502,
  "app.generic.unauth_app_access_attempt": 300201,
  "policy.evaluate_sign_on": 300299,
  "system.push.send_factor_verify_push": 300299,
  "user.mfa.okta_verify": 300201,
  "user.mfa.okta_verify.deny_push": 300201,
  "user.mfa.attempt_bypass": 300201,
  "user.lifecycle.create": 300101,
  "user.lifecycle.activate": 300102,
  "user.lifecycle.reactivate": 300102,
  "user.lifecycle.unsuspend": 300102,
  "user.lifecycle.deactivate": 300105,
  "user.lifecycle.suspend": 300105,
  "user.lifecycle.delete.initiated": 300106,
  "user.lifecycle.delete.completed": 300106,
  "user.account.lock": 300109,
  "user.account.unlock": 300112,
  "user.account.unlock_by_admin": 300112,
  "user.account.unlock_token": 300112,
  "user.account.update_password": 300103,
  "user.account.reset_password": 300104,
  "user.account.privilege.grant": 300501,
  "user.account.privilege.revoke": 300502,
  "user.account.report_suspicious_activity_by_enduser": 200401,
  "user.mfa.factor.activate": 300110,
  "user.mfa.factor.unsuspend": 300110,
  "user.mfa.factor.deactivate": 300111,
  "user.mfa.factor.suspend": 300111,
  "user.mfa.factor.reset_all": 300111,
  "user.risk.detect": 200401,
  "application.user_membership.add": 300501,
  "application.user_membership.remove": 300502,
  "iam.resourceset.bindings.add": 300501,
  "iam.resourceset.bindings.delete": 300502,
  "group.user_membership.add": 300603,
  "group.user_membership.remove": 300604,
  "group.lifecycle.create": 300606,
  "group.lifecycle.delete": 300605,
  "group.privilege.grant": 300601,
  "group.privilege.revoke": 300602,
  "group.application_assignment.add": 300601,
  "group.application_assignment.remove": 300602,
};

/** Families of event types whose members differ in what they do to one kind of thing. */
const ENTITIES = ["policy", "zone", "application", "system.idp", "system.api_token", "system.log_stream", "system.agent", "iam", "device", "event_hook", "inline_hook"];

const verb = `regexp_extract(operation, '[^._]+$')`;
const among = (words: readonly string[]): string => `verb IN (${words.map((word) => `'${word}'`).join(", ")})`;
const CREATE = among(["create", "add", "grant", "issue", "generate", "import"]);
const READ = among(["read", "view", "list", "download", "get"]);
const UPDATE = among(["update", "change", "rename", "reset", "rotate", "overridden"]);
const DELETE = among(["delete", "remove", "revoke", "purge", "clear"]);

const startsWithAny = (prefixes: readonly string[]): string => prefixes.map((prefix) => `starts_with(operation, '${prefix}.')`).join(" OR ");

/** The last word of an event type: what was done. */
export const verbOf = verb;

/** SQL over `operation` and `verb` for class * 100 + activity. */
export const classAndActivity = `CASE operation ${Object.entries(EXACT).map(([type, act]) => `WHEN '${type}' THEN ${act}`).join(" ")} ELSE CASE
    WHEN ${startsWithAny(["user.authentication"])} THEN 300201
    WHEN ${startsWithAny(["user.session"])} THEN 300299
    WHEN ${startsWithAny(["security"])} THEN 200401
    WHEN ${startsWithAny(["user.lifecycle", "user.account", "user.mfa", "user.credential"])} THEN 300199
    WHEN ${startsWithAny(["group"])} THEN 300699
    WHEN ${startsWithAny(ENTITIES)} THEN 300400 + CASE WHEN ${CREATE} THEN 1 WHEN ${READ} THEN 2 WHEN ${UPDATE} THEN 3 WHEN ${DELETE} THEN 4 WHEN verb = 'activate' THEN 10 WHEN verb = 'deactivate' THEN 11 WHEN verb = 'enroll' THEN 6 WHEN verb = 'unenroll' THEN 7 WHEN verb = 'suspend' THEN 12 WHEN verb = 'unsuspend' THEN 13 ELSE 99 END
    ELSE 600300 + CASE WHEN operation IS NULL THEN 0 WHEN ${CREATE} THEN 1 WHEN ${READ} THEN 2 WHEN ${UPDATE} THEN 3 WHEN ${DELETE} THEN 4 ELSE 99 END END END`;

import { afterFirst, beforeFirst } from "../textParts.ts";

/**
 * What a line tells, in its own words: rules look for them in the line first. The first test that holds counts; `said` is the message
 * without what PAM and repetition put around it.
 */
const EVENTS: readonly (readonly [event: string, test: string])[] = [
  ["accepted", starts("Accepted ")],
  ["failed", `${starts("Failed ")} AND contains(said, ' from ')`],
  ["invalid user", starts("Invalid user ", "input_userauth_request: invalid user ")],
  ["session opened", starts("session opened for user ")],
  ["session closed", starts("session closed for user ")],
  ["authentication failure", `${starts("authentication failure;")} OR (${starts("PAM ")} AND contains(said, ' more authentication failure'))`],
  ["check pass", starts("check pass; ")],
  ["command", `program = 'sudo' AND contains(said, 'COMMAND=') AND refusal IS NULL`],
  ["not in sudoers", `contains(refusal, 'NOT in sudoers')`],
  ["incorrect password attempt", `contains(refusal, 'incorrect password attempt')`],
  ["not allowed", `contains(refusal, 'not allowed') OR (${starts("User ")} AND contains(said, ' not allowed because '))`],
  ["password is required", `contains(refusal, 'password is required')`],
  ["command continued", `program = 'sudo' AND contains(said, ' : (command continued) ')`],
  ["received disconnect", starts("Received disconnect from ")],
  ["disconnected", starts("Disconnected from ")],
  ["disconnecting", starts("Disconnecting")],
  ["connection closed", starts("Connection closed by ")],
  ["connection reset", starts("Connection reset by ")],
  ["connection from", starts("Connection from ")],
  ["maximum authentication attempts exceeded", starts("error: maximum authentication attempts exceeded", "maximum authentication attempts exceeded")],
  ["did not receive identification", starts("Did not receive identification string from ")],
  ["bad protocol version", starts("Bad protocol version identification ")],
  ["unable to negotiate", starts("fatal: Unable to negotiate with ", "Unable to negotiate with ")],
  ["timeout before authentication", starts("fatal: Timeout before authentication for ", "Timeout before authentication for ")],
  ["postponed", starts("Postponed ")],
  ["server listening", starts("Server listening on ")],
  ["terminating", starts("Received signal ")],
  ["starting session", starts("Starting session: ")],
  ["close session", starts("Close session: ")],
  ["subsystem request", starts("subsystem request for ")],
  ["new session", starts("New session ")],
  ["removed session", starts("Removed session ")],
  ["new user", starts("new user: ")],
  ["failed adding user", starts("failed adding user ")],
  ["delete user", starts("delete user ")],
  ["change user", starts("change user ")],
  ["changed user", starts("changed user ")],
  ["lock user", starts("lock user ")],
  ["unlock user", starts("unlock user ")],
  ["password changed", starts("password changed for ")],
  ["password expiry", starts("changed password expiry for ")],
  ["to group", String.raw`regexp_matches(said, '^(add ''[^'']*'' to group|user [^ ]+ added by [^ ]+ to group) ')`],
  ["from group", String.raw`regexp_matches(said, '^(delete ''[^'']*'' from group|user [^ ]+ removed by [^ ]+ from group) ')`],
  ["new group", starts("new group: ")],
  ["group added", starts("group added to ")],
  ["removed group", starts("removed group ")],
  ["failed su", starts("FAILED SU ", "FAILED su for ")],
  ["su", `program = 'su' AND ${starts("Successful su for ", "+ ", "- ", "(to ", "BAD SU ")}`],
  ["failed login", starts("FAILED LOGIN ")],
  ["login", starts("LOGIN ON ", "ROOT LOGIN ", "DIALUP AT ")],
];

function starts(...texts: readonly string[]): string {
  return texts.length === 1 ? `starts_with(said, '${texts[0]}')` : `(${texts.map((text) => `starts_with(said, '${text}')`).join(" OR ")})`;
}

/** What stands between the user and the terminal where sudo refused: `anna : user NOT in sudoers ; TTY=…`. */
export const refusal = `CASE WHEN program = 'sudo' AND contains(said, ' : ') THEN CASE WHEN contains(${afterFirst("said", " : ")}, ' ; ') AND NOT starts_with(${afterFirst("said", " : ")}, 'TTY=') THEN ${beforeFirst(afterFirst("said", " : "), " ; ")} END END`;

/** SQL for the event. */
export const event = `CASE ${EVENTS.map(([name, test]) => `WHEN ${test} THEN '${name}'`).join(" ")} END`;

const list = (events: readonly string[]): string => events.map((name) => `'${name}'`).join(", ");

export const FAILURES = list(["failed", "invalid user", "authentication failure", "check pass", "not in sudoers", "incorrect password attempt", "not allowed", "password is required", "maximum authentication attempts exceeded", "did not receive identification", "bad protocol version", "unable to negotiate", "timeout before authentication", "failed adding user", "failed su", "failed login"]);
export const SUCCESSES = list(["accepted", "session opened", "session closed", "command", "connection from", "connection closed", "disconnected", "received disconnect", "server listening", "starting session", "close session", "subsystem request", "new session", "removed session", "new user", "delete user", "change user", "changed user", "lock user", "unlock user", "password changed", "password expiry", "to group", "from group", "new group", "group added", "removed group", "su", "login"]);
/** Refused sign-ins: whoever tries may write what name he likes, so they are about the address. */
export const BY_STRANGERS = list(["failed", "invalid user", "authentication failure", "check pass", "not allowed", "maximum authentication attempts exceeded", "did not receive identification", "bad protocol version", "unable to negotiate", "timeout before authentication", "received disconnect", "disconnected", "disconnecting", "connection closed", "connection reset", "connection from", "postponed"]);
export const SUDO = list(["command", "not in sudoers", "incorrect password attempt", "password is required", "command continued"]);
export const ACCOUNT = list(["new user", "failed adding user", "delete user", "change user", "changed user", "lock user", "unlock user", "password changed", "password expiry"]);
export const GROUP = list(["to group", "from group", "new group", "group added", "removed group"]);
export const SSH = list(["received disconnect", "disconnected", "disconnecting", "connection closed", "connection reset", "connection from", "did not receive identification", "bad protocol version", "unable to negotiate", "timeout before authentication", "server listening", "starting session", "close session", "subsystem request"]);

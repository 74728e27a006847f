import { PLACE_IDENTITY, type Column } from "../definition.ts";
import { syslogColumns } from "../syslogLine.ts";
import { afterFirst, afterLast, beforeFirst, beforeLast } from "../textParts.ts";
import { ACCOUNT, BY_STRANGERS, event, FAILURES, GROUP, refusal, SSH, SUCCESSES, SUDO } from "./events.ts";

const repeated = `starts_with(message, 'message repeated ') AND contains(message, ': [ ')`;

/** `pam_unix(sshd:session): session opened …` */
const isPam = `starts_with(body, 'pam_') AND contains(body, '): ')`;
const pam = (group: number): string => `CASE WHEN ${isPam} THEN nullif(regexp_extract(body, '^pam_[a-z0-9_]+[(]([^:)]*)(?::([^)]*))?[)]: ', ${group}), '') END`;

/**
 * Where the address begins. A name comes before the address, and is what a stranger has sent: so the last ` from ` counts. In what only
 * somebody who has an account brings about, text of the client may come after the address: there the first one counts.
 */
const place = `CASE
    WHEN event IN ('failed', 'invalid user', 'maximum authentication attempts exceeded', 'postponed', 'did not receive identification', 'bad protocol version', 'connection from') THEN CASE WHEN contains(said, ' from ') THEN ${afterLast("said", " from ")} END
    WHEN event IN ('accepted', 'received disconnect', 'not allowed', 'starting session', 'close session') THEN CASE WHEN contains(said, ' from ') THEN ${afterFirst("said", " from ")} END
    WHEN event IN ('connection closed', 'connection reset', 'disconnected') THEN regexp_extract(said, '[^ ]+(?: port [0-9]+)?(?: \\[[a-z]+\\])?$')
    WHEN event = 'authentication failure' THEN ${beforeFirst(afterLast("said", " rhost="), " ")}
    WHEN event = 'disconnecting' THEN regexp_extract(said, '^Disconnecting .* ([^ ]+ port [0-9]+): ', 1)
    WHEN event = 'unable to negotiate' THEN ${afterFirst("said", " with ")}
    WHEN event = 'timeout before authentication' THEN regexp_replace(${afterFirst("said", " for ")}, '^connection from ', '')
    WHEN event = 'failed login' THEN regexp_extract(said, ' FROM ([^ ]+) FOR ', 1)
    END`;

/** The name in these lines, before the address: `Failed password for invalid user anna from 203.0.113.9 …` */
const nameBefore = (text: string): string => `regexp_replace(${text}, '^invalid user ', '')`;
const quoted = (text: string): string => String.raw`nullif(regexp_extract(${text}, '''([^'']*)''', 1), '')`;

const name = `CASE event
    WHEN 'accepted' THEN ${beforeFirst(afterFirst("said", " for "), " from ")}
    WHEN 'failed' THEN ${nameBefore(beforeLast(afterFirst("said", " for "), " from "))}
    WHEN 'postponed' THEN CASE WHEN contains(said, ' for ') AND contains(said, ' from ') THEN ${nameBefore(beforeLast(afterFirst("said", " for "), " from "))} END
    WHEN 'maximum authentication attempts exceeded' THEN CASE WHEN contains(said, ' for ') AND contains(said, ' from ') THEN ${nameBefore(beforeLast(afterFirst("said", " for "), " from "))} END
    WHEN 'invalid user' THEN CASE WHEN starts_with(said, 'I') THEN CASE WHEN contains(said, ' from ') THEN ${beforeLast("substr(said, 14)", " from ")} END ELSE ${beforeFirst("substr(said, 37)", " [preauth]")} END
    WHEN 'session opened' THEN ${beforeFirst("substr(said, 25)", " by ")}
    WHEN 'session closed' THEN substr(said, 25)
    WHEN 'authentication failure' THEN CASE WHEN contains(said, ' user=') THEN ${afterFirst("said", " user=")} END
    WHEN 'not allowed' THEN CASE WHEN refusal IS NULL THEN ${beforeFirst(beforeFirst("substr(said, 6)", " not allowed because "), " from ")} END
    WHEN 'connection closed' THEN ${nameIn("by")} WHEN 'connection reset' THEN ${nameIn("by")} WHEN 'disconnected' THEN ${nameIn("from")}
    WHEN 'disconnecting' THEN nullif(regexp_extract(said, '^Disconnecting (?:authenticating|invalid) user (.*) [^ ]+ port [0-9]+: ', 1), '')
    WHEN 'subsystem request' THEN CASE WHEN contains(said, ' by user ') THEN ${afterFirst("said", " by user ")} END
    WHEN 'starting session' THEN regexp_extract(said, ' for (.*) from [^ ]+ port ', 1)
    WHEN 'close session' THEN regexp_extract(said, ': user (.*) from [^ ]+ port ', 1)
    WHEN 'new session' THEN rtrim(regexp_extract(said, ' of user ''?([^ '']+)', 1), '.')
    WHEN 'failed su' THEN CASE WHEN contains(said, ' by ') THEN ${afterLast("said", " by ")} ELSE regexp_extract(said, '^FAILED SU [(]to [^)]*[)] ([^ ]+) on ', 1) END
    WHEN 'su' THEN CASE WHEN contains(said, ' by ') THEN ${afterLast("said", " by ")} WHEN starts_with(said, '(to ') THEN regexp_extract(said, '^[(]to [^)]*[)] ([^ ]+) on ', 1) ELSE regexp_extract(said, '^(?:[+-]|BAD SU) [^ ]+ ([^ :]+):', 1) END
    WHEN 'login' THEN regexp_extract(said, ' BY (.+)$', 1)
    WHEN 'failed login' THEN coalesce(nullif(regexp_extract(said, ' FOR ''([^'']*)''', 1), ''), regexp_extract(said, ' FOR ([^ ,]+)', 1))
    ELSE CASE WHEN event IN (${SUDO}, 'not allowed') AND contains(said, ' : ') THEN ltrim(${beforeFirst("said", " : ")}, ' ') END END`;

function nameIn(word: string): string {
  return `nullif(regexp_extract(said, ' ${word} (?:(?:invalid|authenticating) )?user (.*) [^ ]+ port [0-9]+', 1), '')`;
}

/** Who opened a session for another: `by anna(uid=1000)`. */
const opener = `CASE WHEN event = 'session opened' AND contains(said, ' by ') THEN nullif(regexp_replace(${afterLast("said", " by ")}, '[(]uid=.*$', ''), '') END`;

const sudoField = (mark: string): string => `CASE WHEN event IN (${SUDO}, 'not allowed') AND contains(said, '${mark}') THEN ${beforeFirst(afterFirst("said", mark), " ; ")} END`;
const keyValue = (key: string): string => `CASE WHEN event IN ('new user', 'new group', 'group added') AND contains(said, '${key}=') THEN nullif(${beforeFirst(afterFirst("said", `${key}=`), ",")}, '') END`;

const target = `CASE
    WHEN opener IS NOT NULL THEN name
    WHEN event IN (${SUDO}, 'not allowed') THEN ${sudoField("USER=")}
    WHEN event = 'new user' THEN ${keyValue("name")}
    WHEN event IN ('failed adding user', 'delete user', 'change user', 'changed user', 'lock user', 'unlock user') THEN ${quoted("said")}
    WHEN event IN ('password changed', 'password expiry') THEN regexp_replace(${afterFirst("said", " for ")}, '^user ', '')
    WHEN event IN ('to group', 'from group') THEN coalesce(${quoted("said")}, nullif(regexp_extract(said, '^user ([^ ]+) ', 1), ''))
    WHEN event IN ('failed su', 'su') THEN nullif(coalesce(nullif(regexp_extract(said, '(?: for |to )([^ )]+)', 1), ''), regexp_extract(said, ':([^ :]+)$', 1)), '')
    END`;

const group = `CASE event
    WHEN 'new group' THEN ${keyValue("name")} WHEN 'group added' THEN ${keyValue("name")}
    WHEN 'removed group' THEN ${quoted("said")}
    WHEN 'to group' THEN ${groupAfter("to")} WHEN 'from group' THEN ${groupAfter("from")} END`;

function groupAfter(word: string): string {
  return String.raw`nullif(regexp_extract(said, ' ${word} group ''?([^ '']+)', 1), '')`;
}

const kind = `CASE
    WHEN address <> '' AND (event IN (${BY_STRANGERS}) OR actor_name IS NULL) THEN 'address'
    WHEN contains(actor_name, '@') THEN 'person'
    WHEN actor_name <> '' THEN 'user' ELSE 'unknown' END`;

const classUid = `CASE
    WHEN event IN (${SSH}) THEN 4007
    WHEN event IN (${SUDO}) OR (event = 'not allowed' AND refusal IS NOT NULL) THEN 1007
    WHEN event IN (${ACCOUNT}) OR (event IS NULL AND pam_type = 'chauthtok') THEN 3001
    WHEN event IN (${GROUP}) THEN 3006
    WHEN event = 'terminating' OR (event IS NULL AND pam_service IS NULL) THEN 6002
    ELSE 3002 END`;

const activityId = `CASE class_uid
    WHEN 4007 THEN CASE WHEN event = 'connection from' THEN 1 WHEN event IN ('connection closed', 'disconnected', 'received disconnect', 'disconnecting') THEN 2 WHEN event = 'connection reset' THEN 3 WHEN status_id = 2 THEN 4 WHEN event = 'server listening' THEN 7 ELSE 99 END
    WHEN 1007 THEN CASE event WHEN 'command continued' THEN 99 ELSE 1 END
    WHEN 3001 THEN CASE event WHEN 'new user' THEN 1 WHEN 'failed adding user' THEN 1 WHEN 'password changed' THEN 3 WHEN 'delete user' THEN 6 WHEN 'lock user' THEN 9 WHEN 'unlock user' THEN 12 ELSE 99 END
    WHEN 3006 THEN CASE event WHEN 'to group' THEN 3 WHEN 'from group' THEN 4 WHEN 'removed group' THEN 5 WHEN 'new group' THEN 6 ELSE 99 END
    WHEN 6002 THEN CASE event WHEN 'terminating' THEN 4 ELSE 99 END
    ELSE CASE WHEN event IN ('session closed', 'removed session') THEN 2 WHEN event IN ('su', 'failed su') OR (event = 'session opened' AND opener IS NOT NULL) THEN 7 WHEN event IS NULL THEN 99 ELSE 1 END END`;

const text = (column: string, sql: string, uses: readonly string[], field: string = column): Column => ({ name: column, type: "VARCHAR", sql, uses, field });
const step = (column: string, sql: string, uses: readonly string[], type = "VARCHAR"): Column => ({ name: column, type, sql, uses, stored: false });

export const columns: readonly Column[] = [
  ...PLACE_IDENTITY,
  ...syslogColumns,
  step("body", `CASE WHEN ${repeated} THEN (${afterFirst("message", "[ ")})[:-2] ELSE message END`, ["message"]),
  step("said", `CASE WHEN ${isPam} THEN ltrim(${afterFirst("body", "): ")}, ' ') ELSE body END`, ["body"]),
  step("pam_type", pam(2), ["body"]),
  text("pam_service", pam(1), ["body"]),
  step("refusal", refusal, ["said", "program"]),
  text("event", event, ["said", "program", "refusal"]),
  step("place", place, ["event", "said"]),
  step("name", `nullif(regexp_replace(${name}, '[(]uid=[0-9]+[)]$', ''), '')`, ["event", "said", "refusal"]),
  step("opener", opener, ["event", "said"]),
  { name: "status_id", type: "INTEGER", sql: `CASE WHEN event IN (${FAILURES}) OR (event = 'su' AND regexp_matches(said, '^(- |BAD)')) OR contains(said, ' does not exist in /etc/passwd') THEN 2 WHEN event IN (${SUCCESSES}) THEN 1 ELSE 0 END`, uses: ["event", "said"] },
  { name: "class_uid", type: "INTEGER", sql: classUid, uses: ["event", "refusal", "pam_service", "pam_type"] },
  { name: "activity_id", type: "INTEGER", sql: activityId, uses: ["class_uid", "event", "status_id", "opener"] },
  { name: "operation", type: "VARCHAR", sql: "event", uses: ["event"] },
  { name: "service", type: "VARCHAR", sql: "coalesce(pam_service, program)", uses: ["pam_service", "program"] },
  { name: "account", type: "VARCHAR", sql: "NULL::VARCHAR" },
  { name: "region", type: "VARCHAR", sql: "NULL::VARCHAR" },
  text("address", `nullif(regexp_replace(${beforeFirst("place", " ")}, ':$', ''), '')`, ["place"]),
  { name: "user_agent", type: "VARCHAR", sql: "NULL::VARCHAR" },
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN coalesce(event, 'failed') END`, uses: ["status_id", "event"] },
  { name: "access_key", type: "VARCHAR", sql: `CASE WHEN contains(place, ' ssh2: ') THEN nullif(string_split(${afterFirst("place", " ssh2: ")}, ' ')[2], '') END`, uses: ["place"], field: "fingerprint" },
  text("actor_name", "coalesce(opener, name)", ["opener", "name"], "user"),
  text("target_user", target, ["event", "said", "name", "opener"]),
  text("group_name", group, ["event", "said"], "group"),
  { name: "entity_kind", type: "VARCHAR", sql: kind, uses: ["address", "event", "actor_name"] },
  { name: "entity_name", type: "VARCHAR", sql: `CASE entity_kind WHEN 'address' THEN address WHEN 'person' THEN lower(actor_name) WHEN 'user' THEN actor_name ELSE coalesce(host, 'unknown') END`, uses: ["entity_kind", "address", "actor_name", "host"] },
  { name: "entity_key", type: "VARCHAR", sql: `concat_ws(':', entity_kind, CASE WHEN entity_kind = 'user' THEN host END, entity_name)`, uses: ["entity_kind", "entity_name", "host"] },
  { name: "resource", type: "VARCHAR", sql: "coalesce(group_name, target_user, host)", uses: ["group_name", "target_user", "host"] },
  text("method", `CASE WHEN event IN ('accepted', 'failed', 'postponed') THEN nullif(string_split(said, ' ')[2], '') END`, ["event", "said"]),
  text("port", `CASE WHEN contains(place, ' port ') THEN nullif(regexp_extract(place, '^[^ ]+ port ([0-9]+)', 1), '') END`, ["place"]),
  text("command", `CASE WHEN event IN (${SUDO}, 'not allowed') AND contains(said, 'COMMAND=') THEN ${afterFirst("said", "COMMAND=")} WHEN event = 'command continued' THEN ${afterFirst("said", "(command continued) ")} WHEN event = 'starting session' THEN nullif(regexp_extract(said, '^Starting session: ([^ ]+)', 1), '') END`, ["event", "said"]),
  text("tty", `coalesce(${sudoField("TTY=")}, CASE WHEN event = 'authentication failure' AND contains(said, ' tty=') THEN nullif(${beforeFirst(afterFirst("said", " tty="), " ")}, '') WHEN event IN ('su', 'failed su', 'login', 'failed login', 'starting session') THEN nullif(regexp_extract(said, '(?:/dev/)?((?:pts/|tty)[0-9A-Za-z]+)', 1), '') END)`, ["event", "said"]),
  text("cwd", sudoField("PWD="), ["event", "said"]),
  text("uid", `coalesce(${keyValue("UID")}, CASE WHEN event = 'change user' THEN nullif(regexp_extract(said, ' UID from ''[0-9]+'' to ''([0-9]+)''', 1), '') END)`, ["event", "said"]),
  text("gid", keyValue("GID"), ["event", "said"]),
  text("home", keyValue("home"), ["event", "said"]),
  text("shell", keyValue("shell"), ["event", "said"]),
  { name: "count", type: "INTEGER", sql: `CASE WHEN ${repeated} THEN TRY_CAST(string_split(message[:60], ' ')[3] AS INTEGER) WHEN starts_with(message, 'last message repeated ') THEN TRY_CAST(string_split(message[:60], ' ')[4] AS INTEGER) WHEN event = 'authentication failure' AND starts_with(said, 'PAM ') THEN TRY_CAST(string_split(said[:40], ' ')[2] AS INTEGER) END`, uses: ["message", "event", "said"] },
];

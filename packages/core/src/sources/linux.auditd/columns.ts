import { IP_PATTERN } from "../address.ts";
import { identity, OBJECT_TIME, type Column } from "../definition.ts";
import type { Audited } from "./audited.ts";
import { typeUid } from "./classes.ts";
import { errorName } from "./errors.ts";
import { archName, syscallName } from "./syscalls.ts";
import { socketAddress, socketFamily, socketPath, socketPort } from "./values.ts";

/** Arguments that rules ask for, from the first one. */
const ARGUMENTS = 8;

const isIp = (text: string): string => `regexp_full_match(${text}, '${IP_PATTERN}')`;
const isUnset = (id: string): string => `${id} IN ('4294967295', '-1', 'unset')`;

/** A user by name, else by number; of root the number is enough. */
const user = (name: string, id: string): string => `coalesce(CASE WHEN ${name} NOT IN ('', 'unset') AND NOT starts_with(${name}, 'unknown(') THEN ${name} END, CASE WHEN ${id} = '0' THEN 'root' WHEN ${id} <> '' AND NOT ${isUnset(id)} THEN 'uid ' || ${id} END)`;

const seconds = `TRY_CAST(split_part(audit_id, ':', 1) AS DECIMAL(15, 3))`;
const time = `CASE WHEN ${seconds} BETWEEN 0 AND 253402300799 THEN epoch_ms((${seconds} * 1000)::BIGINT) END`;

/** The first path that is no folder above another, from the root on where that is known. */
const firstPath = `path_names[coalesce(list_position(list_transform(path_types, lambda kind: coalesce(kind, '') NOT IN ('PARENT', '')), true), 1)]`;
const absolute = (path: string): string => `CASE WHEN starts_with(${path}, '/') OR cwd IS NULL OR NOT starts_with(cwd, '/') THEN ${path} ELSE rtrim(cwd, '/') || '/' || regexp_replace(${path}, '^(?:\\./)+', '') END`;

/** Records that say more than the system call behind them: somebody has signed in by writing to `/proc/self/loginuid`. */
const ownRecord = `CASE WHEN syscall_no IS NOT NULL AND record_types[1] NOT IN ('SYSCALL', 'AVC', 'SELINUX_ERR', 'EXECVE', 'CWD', 'PATH', 'SOCKADDR', 'PROCTITLE', 'OBJ_PID') THEN record_types[1] END`;

const failed = `status_id = 2`;
const isSignIn = `class_uid = 3002`;
/** Nobody has signed in for this process: it was started by the system. */
const worker = `coalesce(auid_user IS NULL, true)`;

const entityKind = `CASE
    WHEN ${isSignIn} AND ${worker} AND ${failed} AND ${isIp("addr")} THEN 'address'
    WHEN ${isSignIn} AND ${worker} AND target_user IS NOT NULL THEN CASE WHEN contains(target_user, '@') THEN 'person' ELSE 'user' END
    WHEN NOT ${worker} THEN CASE WHEN contains(auid_user, '@') THEN 'person' ELSE 'user' END
    WHEN coalesce(uid_user, comm, unit) IS NOT NULL THEN 'role' ELSE 'unknown' END`;
const entityName = `coalesce(CASE entity_kind
    WHEN 'address' THEN addr
    WHEN 'role' THEN coalesce(uid_user, comm, unit)
    WHEN 'user' THEN coalesce(auid_user, target_user)
    WHEN 'person' THEN lower(coalesce(auid_user, target_user)) END, 'unknown')`;

/** An argument of what is executed, and of the system call: rules call both by the same name. */
const argument = (index: number): string => `list_filter([argv[${index + 1}]${index < 4 ? `, call_arguments[${index + 1}]` : ""}], lambda value: value IS NOT NULL)`;

const text = (name: string, sql: string, more: Partial<Column> = {}): Column => ({ name, type: "VARCHAR", sql, ...more });
const list = (name: string, sql: string, more: Partial<Column> = {}): Column => ({ name, type: "VARCHAR[]", sql, ...more });
const step = { stored: false } as const;

/** The columns of an event of the audit system, however it is written. */
export function columnsOf(from: Audited): readonly Column[] {
  const [uid, hash] = identity(`audit_id || ':' || coalesce(host, '') || ':' || md5(${from.whole})`);
  const uses = [...from.steps.map(({ name }) => name), "record_types"];
  return [
    list("record_types", from.types, { field: "type" }),
    ...from.steps,
    text("audit_id", from.id, { uses }),
    text("host", from.host, { uses }),
    text("raw_arch", from.arch, { uses, ...step }),
    text("syscall_no", from.call, { uses, field: "syscall" }),
    list("call_arguments", from.callArguments, { uses, ...step }),
    text("success", from.success, { uses, field: "success" }),
    text("exit", from.exit, { uses, field: "exit" }),
    text("ppid", from.ppid, { uses, field: "ppid" }),
    text("pid", from.pid, { uses, field: "pid" }),
    text("auid", from.auid, { uses, field: "auid" }),
    text("uid", from.uid, { uses, field: "uid" }),
    text("gid", from.gid, { uses, field: "gid" }),
    text("euid", from.euid, { uses, field: "euid" }),
    text("auid_name", from.auidName, { uses, field: "AUID" }),
    text("uid_name", from.uidName, { uses, field: "UID" }),
    text("euid_name", from.euidName, { uses, field: "EUID" }),
    text("tty", from.tty, { uses, field: "tty" }),
    text("ses", from.ses, { uses, field: "ses" }),
    text("comm", from.comm, { uses, field: "comm" }),
    text("exe", from.exe, { uses, field: "exe" }),
    text("subj", from.subj, { uses, field: "subj" }),
    list("keys", from.keys, { uses, field: "key" }),
    text("cwd", from.cwd, { uses, field: "cwd" }),
    list("argv", from.argv, { uses }),
    text("proctitle", from.title, { uses, field: "proctitle" }),
    list("path_names", from.names, { uses, field: "name" }),
    list("path_types", from.nameTypes, { uses, field: "nametype" }),
    text("saddr", from.saddr, { uses, ...step }),
    text("op", from.op, { uses, field: "op" }),
    text("acct", from.acct, { uses, field: "acct" }),
    text("grp", from.grp, { uses, field: "grp" }),
    text("subject_id", from.subjectId, { uses, field: "id" }),
    text("subject_name", from.subjectName, { uses, ...step }),
    text("addr", from.addr, { uses, field: "addr" }),
    text("hostname", from.hostname, { uses, field: "hostname" }),
    text("terminal", from.terminal, { uses, field: "terminal" }),
    text("res", from.res, { uses, field: "res" }),
    text("unit", from.unit, { uses, field: "unit" }),
    text("cmd", from.cmd, { uses, field: "cmd" }),
    text("dev", from.device, { uses, field: "dev" }),
    text("call_name", from.callName, { uses, ...step }),
    text("arch", archName("raw_arch"), { uses: ["raw_arch"] }),
    text("syscall", `coalesce(call_name, ${syscallName("raw_arch", "syscall_no")})`, { uses: ["call_name", "raw_arch", "syscall_no"], field: "SYSCALL" }),
    ...Array.from({ length: ARGUMENTS }, (_, index) => list(`a${index}`, argument(index), { uses: ["argv", "call_arguments"], field: `a${index}` })),
    text("command_line", `coalesce(nullif(array_to_string(argv, ' '), ''), cmd, proctitle)`, { uses: ["argv", "cmd", "proctitle"] }),
    text("socket_family", socketFamily("saddr"), { uses: ["saddr"] }),
    text("socket_address", socketAddress("saddr", "socket_family"), { uses: ["saddr", "socket_family"], field: "laddr" }),
    { name: "socket_port", type: "INTEGER", sql: socketPort("saddr", "socket_family"), uses: ["saddr", "socket_family"] },
    text("socket_path", socketPath("saddr", "socket_family"), { uses: ["saddr", "socket_family"] }),
    text("first_path", `coalesce(${firstPath}, socket_path)`, { uses: ["path_names", "path_types", "socket_path"], ...step }),
    text("target_path", absolute("first_path"), { uses: ["first_path", "cwd"] }),
    text("target_user", `coalesce(acct, ${user("subject_name", "subject_id")})`, { uses: ["acct", "subject_name", "subject_id"] }),
    text("auid_user", user("auid_name", "auid"), { uses: ["auid_name", "auid"], ...step }),
    text("uid_user", user("uid_name", "uid"), { uses: ["uid_name", "uid"], ...step }),
    text("operation", `coalesce(${ownRecord}, syscall, 'syscall ' || syscall_no, record_types[1])`, { uses: ["syscall", "syscall_no", "record_types"] }),
    { name: "type_uid", type: "INTEGER", sql: typeUid, uses: ["operation", "syscall", "syscall_no", "record_types", "path_types", "a1", "a2", "socket_address", "socket_path", "target_path", "grp", "op"], ...step },
    { name: "class_uid", type: "INTEGER", sql: `type_uid // 100`, uses: ["type_uid"] },
    { name: "activity_id", type: "INTEGER", sql: `type_uid % 100`, uses: ["type_uid"] },
    { name: "status_id", type: "INTEGER", sql: `CASE WHEN coalesce(success, res) IN ('yes', 'success', '1') THEN 1 WHEN coalesce(success, res) IN ('no', 'failed', '0') THEN 2 ELSE 0 END`, uses: ["success", "res"] },
    { ...uid!, uses: ["audit_id", "host", ...uses] },
    hash!,
    { name: "time", type: "TIMESTAMP", sql: `coalesce(${time}, ${OBJECT_TIME})`, uses: ["audit_id"] },
    text("service", "host", { uses: ["host"] }),
    text("account", `NULL::VARCHAR`),
    text("region", `NULL::VARCHAR`),
    text("address", `CASE WHEN addr IS NOT NULL THEN addr WHEN operation IN ('accept', 'accept4', 'recvfrom', 'recvmsg') THEN socket_address END`, { uses: ["addr", "operation", "socket_address"] }),
    text("user_agent", "exe", { uses: ["exe"] }),
    text("outcome", `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN coalesce(CASE WHEN success IS NOT NULL THEN ${errorName("exit")} END, 'failed') END`, { uses: ["status_id", "success", "exit"] }),
    text("access_key", `NULL::VARCHAR`),
    text("actor_name", `coalesce(auid_user, uid_user)`, { uses: ["auid_user", "uid_user"] }),
    text("entity_kind", entityKind, { uses: ["class_uid", "auid_user", "uid_user", "comm", "unit", "status_id", "addr", "target_user"] }),
    text("entity_name", entityName, { uses: ["entity_kind", "addr", "auid_user", "uid_user", "target_user", "comm", "unit"] }),
    text("entity_key", `concat_ws(':', entity_kind, CASE WHEN entity_kind IN ('user', 'role') THEN nullif(host, '') END, entity_name)`, { uses: ["entity_kind", "entity_name", "host"] }),
    text("resource", `coalesce(CASE class_uid WHEN 1007 THEN coalesce(exe, target_path) WHEN 4001 THEN concat_ws(':', socket_address, socket_port) ELSE coalesce(target_user, grp, unit, target_path, exe) END, dev)`, { uses: ["class_uid", "exe", "target_path", "socket_address", "socket_port", "target_user", "grp", "unit", "dev"] }),
  ];
}

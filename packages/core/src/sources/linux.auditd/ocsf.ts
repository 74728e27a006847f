import { IP_PATTERN } from "../address.ts";
import { jsonConstant, jsonObject, jsonString } from "../jsonText.ts";
import { endpointOf, eventMembers } from "../ocsfEvent.ts";
import { CLASSES } from "./classes.ts";

/** The first of these that says something; OCSF wants a name. */
const named = (...candidates: readonly string[]): string => jsonString(`coalesce(${candidates.map((each) => `nullif(${each}, '')`).join(", ")}, 'unknown')`);
const integer = (sql: string): string => `TRY_CAST(${sql} AS INTEGER)::VARCHAR`;
const only = (classes: readonly number[], sql: string): string => `CASE WHEN class_uid IN (${classes.join(", ")}) THEN ${sql} END`;
const baseName = (path: string): string => `coalesce(nullif(split_part(rtrim(${path}, '/'), '/', -1), ''), ${path})`;

const file = (path: string): string => `CASE WHEN ${path} <> '' THEN ${jsonObject({ name: jsonString(baseName(path)), path: jsonString(path), type_id: "'0'" })} END`;

/** Numbers of users, where they are set. */
const set = (id: string): string => `CASE WHEN ${id} NOT IN ('4294967295', '-1', 'unset') THEN ${id} END`;
const userOf = (name: string, id: string): string => `CASE WHEN coalesce(${name}, ${id}) <> '' THEN ${jsonObject({ name: jsonString(name), uid: jsonString(id) })} END`;

/** The process that did it. With an exec call it is the new program already. */
const process = `coalesce(${jsonObject({
  pid: `coalesce(${integer("pid")}, '0')`,
  name: jsonString(`coalesce(comm, ${baseName("exe")})`),
  file: file("exe"),
  cmd_line: jsonString("command_line"),
  working_directory: jsonString("cwd"),
  parent_process: `CASE WHEN ${integer("ppid")} IS NOT NULL THEN ${jsonObject({ pid: integer("ppid") })} END`,
  user: userOf("coalesce(euid_name, uid_name)", "coalesce(euid, uid)"),
  session: `CASE WHEN coalesce(${set("ses")}, terminal, tty) IS NOT NULL THEN ${jsonObject({ uid: jsonString(set("ses")), terminal: jsonString(`nullif(coalesce(terminal, tty), '(none)')`) })} END`,
})}, '{}')`;

const actor = jsonObject({ process, user: jsonObject({ name: named("actor_name"), uid: jsonString(set("auid")) }) });

/** Whose account it is about: the one that is named, else the one who acts. */
const subject = jsonObject({ name: named("target_user", "actor_name"), uid: jsonString("subject_id") });

const device = jsonObject({ type_id: "'0'", name: named("host"), os: jsonObject({ name: jsonConstant("Linux"), type_id: "'200'" }) });

const isInbound = `operation IN ('accept', 'accept4', 'recvfrom', 'recvmsg', 'recvmmsg')`;
const socket = endpointOf("socket_address", { port: `socket_port::VARCHAR` });
const isIp = `regexp_full_match(address, '${IP_PATTERN}')`;

/** The event as OCSF 1.8.0. docs/sources/linux.auditd.md has the mapping. */
export const ocsf = `${jsonObject({
  ...eventMembers({ name: "Linux Audit", vendor: "Linux" }, CLASSES, { profiles: `'["host"]'`, correlation_uid: jsonString("audit_id") }),
  status_code: jsonString("coalesce(exit, res)"),
  status_detail: jsonString("op"),
  actor,
  device,
  process: only([1007], process),
  file: only([1001], file("target_path")),
  driver: only([1002], jsonObject({ file: jsonObject({ name: named("path_names[1]", "argv[2]", "exe", "comm"), type_id: "'0'" }) })),
  kernel: only([1003], jsonObject({ name: named("operation"), type_id: `CASE WHEN syscall_no IS NULL THEN '99' ELSE '2' END`, system_call: jsonString("syscall") })),
  user: only([3001, 3002, 3006], subject),
  group: only([3006], jsonObject({ name: named("grp", "acct", "'gid ' || subject_id") })),
  service: only([3002], jsonObject({ name: named("exe", "host") })),
  is_remote: only([3002], `CASE WHEN ${isIp} THEN 'true' END`),
  app: only([6002], jsonObject({ name: named("unit", "exe", "operation") })),
  src_endpoint: `CASE WHEN class_uid = 4001 AND ${isInbound} THEN ${socket} WHEN class_uid IN (3001, 3002, 3006) AND address <> '' OR class_uid = 4007 THEN ${endpointOf("address")} END`,
  dst_endpoint: `CASE WHEN class_uid = 4001 AND NOT ${isInbound} THEN ${socket} END`,
  connection_info: only([4001], jsonObject({ direction_id: `CASE WHEN activity_id = 7 THEN '0' WHEN ${isInbound} THEN '1' ELSE '2' END`, protocol_ver_id: `CASE socket_family WHEN 'inet6' THEN '6' ELSE '4' END` })),
  unmapped: `nullif(${jsonObject({
    record_types: `to_json(record_types)::VARCHAR`,
    keys: `CASE WHEN len(keys) > 0 THEN to_json(keys)::VARCHAR END`,
    paths: `CASE WHEN len(path_names) > 0 THEN to_json(list_transform(path_names, lambda name, index: {'name': name, 'nametype': path_types[index]}))::VARCHAR END`,
    subj: jsonString("subj"),
  })}, '{}')`,
})}::JSON`;


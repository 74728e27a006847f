import type { Column } from "../definition.ts";
import type { Audited } from "../linux.auditd/audited.ts";
import { plain, sent } from "../linux.auditd/values.ts";

/** Members that are no records of the audit system. */
const OTHER = ["ID", "NODE", "CONTAINER_INFO", "PARENT_INFO"];

/** LAUREL writes bytes that are no printable text as `%FF`, and so the percent and the plus sign themselves. */
const bytes = (text: string): string => `CASE WHEN contains(${text}, '%') THEN coalesce(TRY(url_decode(${text})), ${text}) ELSE ${text} END`;
const told = (text: string): string => `nullif(${bytes(text)}, '')`;

/** Numbers in hexadecimal digits have a prefix that the audit system does not write. */
const unprefixed = (text: string): string => `CASE WHEN starts_with(${text}, '0x') THEN substr(${text}, 3) ELSE ${text} END`;

const member = (of: string, name: string): string => `json_extract_string(${of}, '/${name}')`;
/** What the record of the call says, or the only record. */
const inHead = (name: string): string => member("head", name);
const inCall = (name: string): string => `CASE WHEN is_call THEN ${member("head", name)} END`;
/** What a program's message says: as text of its own, or taken apart. */
const inMessage = (name: string): string => `coalesce(${sent("sent_text", name)}, CASE WHEN json_type(message, '/${name}') NOT IN ('ARRAY', 'OBJECT') THEN ${member("message", name)} END)`;

const elements = (pointer: string): string => `CASE WHEN json_type(json, '${pointer}') = 'ARRAY' THEN json_extract(json, '${pointer}')::JSON[] WHEN json_type(json, '${pointer}') = 'OBJECT' THEN [json_extract(json, '${pointer}')] ELSE [] END`;
const texts = (pointer: string): string => `list_transform(${elements(pointer)}, lambda one: ${bytes("(one->>'$')")})`;
const ofEach = (list: string, name: string): string => `list_transform(${list}, lambda one: ${told(member("one", name))})`;
const paths = `list_concat(${elements("/PATH")}, ${elements("/KERN_MODULE")})`;
const first = (type: string): string => `coalesce(json_extract(json, '/${type}/0'), json_extract(json, '/${type}'))`;

/** A socket's address is bytes, of which LAUREL writes the printable ones as they are. */
const saddr = `hex(TRY(regexp_replace(replace(${member(first("SOCKADDR"), "saddr")}, '\\', '\\x5C'), '%([0-9A-Fa-f]{2})', '\\\\x\\1', 'g')::BLOB))`;

const unstored = (name: string, sql: string, uses: readonly string[], type = "VARCHAR"): Column => ({ name, type, sql, uses, stored: false });
const firstOf = (name: string): string => `coalesce(json_extract(json, '/' || ${name} || '/0'), json_extract(json, '/' || ${name}))`;

const steps: readonly Column[] = [
  unstored("is_call", `coalesce(json_type(json, '/SYSCALL') = 'OBJECT', false)`, ["record_types"], "BOOLEAN"),
  unstored("head", `CASE WHEN is_call THEN json_extract(json, '/SYSCALL') ELSE ${firstOf("record_types[1]")} END`, ["is_call", "record_types"], "JSON"),
  unstored("message", `CASE WHEN NOT is_call THEN head WHEN record_types[1] <> 'SYSCALL' THEN ${firstOf("record_types[1]")} END`, ["head", "is_call", "record_types"], "JSON"),
  unstored("sent_text", `' ' || ${member("message", "msg")}`, ["message"]),
];

export const audited: Audited = {
  steps,
  types: `list_filter(json_keys(json), lambda name: name NOT IN (${OTHER.map((name) => `'${name}'`).join(", ")}))`,
  id: `"@ID"`,
  host: `nullif("@NODE", '')`,
  whole: "json",
  arch: unprefixed(inCall("arch")),
  call: inCall("syscall"),
  callName: inCall("SYSCALL"),
  success: inCall("success"),
  exit: inCall("exit"),
  callArguments: `CASE WHEN is_call THEN CASE WHEN json_type(json, '/SYSCALL/ARGV') = 'ARRAY' THEN list_transform(${texts("/SYSCALL/ARGV")}, lambda one: ${unprefixed("one")}) ELSE [${["a0", "a1", "a2", "a3"].map((name) => unprefixed(member("head", name))).join(", ")}] END ELSE [] END`,
  ppid: inCall("ppid"),
  pid: inHead("pid"),
  auid: inHead("auid"),
  uid: inHead("uid"),
  gid: inHead("gid"),
  euid: inCall("euid"),
  auidName: inHead("AUID"),
  uidName: inHead("UID"),
  euidName: inCall("EUID"),
  tty: `coalesce(${inCall("tty")}, ${inMessage("tty")})`,
  ses: inHead("ses"),
  comm: `coalesce(${told(inHead("comm"))}, ${plain(sent("sent_text", "comm"))})`,
  exe: `coalesce(${told(inHead("exe"))}, ${plain(sent("sent_text", "exe"))})`,
  subj: inHead("subj"),
  keys: `string_split(${told(`coalesce(${inHead("key")}, ${member("message", "key")})`)}, chr(1))`,
  cwd: `coalesce(${told(member("json", "CWD/cwd"))}, ${plain(inMessage("cwd"))})`,
  argv: `CASE WHEN json_type(json, '/EXECVE/ARGV') = 'ARRAY' THEN ${texts("/EXECVE/ARGV")} WHEN ${member("json", "EXECVE/ARGV_STR")} IS NOT NULL THEN string_split(${bytes(member("json", "EXECVE/ARGV_STR"))}, ' ') END`,
  title: `coalesce(nullif(array_to_string(${texts("/PROCTITLE/ARGV")}, ' '), ''), ${told(member("json", "PROCTITLE/proctitle"))})`,
  names: ofEach(paths, "name"),
  nameTypes: `list_transform(${paths}, lambda one: coalesce(${member("one", "nametype")}, ${member("one", "objtype")}))`,
  saddr,
  op: `trim(${inMessage("op")}, '"')`,
  acct: plain(inMessage("acct")),
  grp: plain(inMessage("grp")),
  subjectId: inMessage("id"),
  subjectName: `CASE WHEN NOT is_call THEN ${inHead("ID")} END`,
  addr: inMessage("addr"),
  hostname: inMessage("hostname"),
  terminal: inMessage("terminal"),
  res: inMessage("res"),
  unit: inMessage("unit"),
  cmd: `rtrim(replace(${plain(inMessage("cmd"))}, chr(0), ' '), ' ')`,
  device: inMessage("dev"),
};

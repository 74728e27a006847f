import type { Column } from "../definition.ts";
import type { Audited } from "./audited.ts";
import { HEADER_HOST } from "./lines.ts";
import { plain, sent, valueOf } from "./values.ts";

/** A joined event is its records, one a line. */
export const part = "string_split(line, chr(10))";

const types = String.raw`list_transform(part, lambda r: CASE WHEN starts_with(r, 'type=') THEN substr(r, 6, strpos(r, ' ') - 6) ELSE regexp_extract(r, 'type=([^ ]+) msg=audit', 1) END)`;

/** The first record of a type. */
const recordOf = (type: string): string => `part[nullif(list_position(record_types, '${type}'), 0)]`;
const recordsOf = (...wanted: readonly string[]): string => `list_filter(part, lambda r, i: record_types[i] IN (${wanted.map((type) => `'${type}'`).join(", ")}))`;

/** The words of a record of a system call, as the kernel has written them since 2.6.32; a value is looked for elsewhere where they stand otherwise. */
const CALL = "type msg arch syscall success exit a0 a1 a2 a3 items ppid pid auid uid gid euid suid fsuid egid sgid fsgid tty ses comm exe".split(" ");
/** The words of a program's message. */
const MESSAGE = "type msg pid uid auid ses".split(" ");

function word(name: string): string {
  const places = [CALL, MESSAGE].map((words) => words.indexOf(name) + 1).filter((at) => at > 0);
  return `CASE ${places.map((at) => `WHEN starts_with(words[${at}], '${name}=') THEN substr(words[${at}], ${name.length + 2})`).join(" ")} ELSE ${valueOf("head", name)} END`;
}

/** Old kernels write of a login `old auid=… new auid=…`. */
const newly = (name: string): string => `coalesce(CASE WHEN record_types[1] = 'LOGIN' THEN ${valueOf("message", `new ${name}`)} END, ${word(name)})`;

/** What only records of system calls have. */
const callWord = (name: string): string => `CASE WHEN is_call THEN ${word(name)} END`;

/** Names that auditd has looked up; of a number without a name it says `unknown(1234)`. */
const lookedUp = (record: string, name: string): string => `CASE WHEN contains(${record}, chr(29)) THEN ${valueOf(`substr(${record}, strpos(${record}, chr(29)))`, name)} END`;

/**
 * The arguments as one text. A long list goes on in further records, and a long argument in pieces: `a1_len=9000 a1[0]=… a1[1]=…`.
 */
const usual = `split_part(${recordOf("EXECVE")}, ' argc=', 2)`;
const glued = String.raw`regexp_replace(regexp_replace(array_to_string(list_transform(${recordsOf("EXECVE")}, lambda r: ltrim(split_part(r, '): ', 2))), ' '), '"? a\d+\[[1-9]\d*\]="?', '', 'g'), ' a\d+_len=\d+', '', 'g')`;
const isLong = `contains(${recordOf("EXECVE")}, '_len=') OR len(list_filter(record_types, lambda t: t = 'EXECVE')) > 1`;
const execve = `CASE WHEN ${isLong} THEN split_part(${glued}, 'argc=', 2) ELSE ${usual} END`;

const unstored = (name: string, sql: string, uses: readonly string[], type = "VARCHAR"): Column => ({ name, type, sql, uses, stored: false });
const RAW = ["head", "is_call", "words", "message"];
const raw = (name: string, sql: string): Column => unstored(`raw_${name}`, sql, RAW);
const fromRecord = (name: string, sql: string): Column => unstored(`raw_${name}`, sql, ["record_types"]);

const steps: readonly Column[] = [
  unstored("head", `part[coalesce(nullif(list_position(record_types, 'SYSCALL'), 0), 1)]`, ["record_types"]),
  unstored("is_call", `list_contains(record_types, 'SYSCALL')`, ["record_types"], "BOOLEAN"),
  unstored("words", `string_split(CASE WHEN starts_with(head, 'type=') THEN head ELSE substr(head, strpos(head, 'type=')) END, ' ')`, ["head"], "VARCHAR[]"),
  unstored("message", `CASE WHEN NOT is_call THEN head WHEN record_types[1] <> 'SYSCALL' THEN part[1] END`, ["head", "is_call", "record_types"]),
  raw("comm", word("comm")),
  raw("exe", word("exe")),
  raw("key", `split_part(coalesce(nullif(${valueOf("head", "key")}, '(null)'), ${valueOf("message", "key")}), chr(29), 1)`),
  raw("acct", sent("message", "acct")),
  raw("cmd", sent("message", "cmd")),
  raw("grp", sent("message", "grp")),
  raw("auid_name", lookedUp("head", "AUID")),
  raw("uid_name", lookedUp("head", "UID")),
  raw("euid_name", `CASE WHEN is_call THEN ${lookedUp("head", "EUID")} END`),
  raw("subject_name", lookedUp("message", "ID")),
  raw("cwd", `coalesce(${valueOf(recordOf("CWD"), "cwd")}, ${valueOf("message", "cwd")})`),
  fromRecord("title", valueOf(`coalesce(${recordOf("PROCTITLE")}, ${recordOf("UNKNOWN[1327]")})`, "proctitle")),
  fromRecord("argv", execve),
  unstored("raw_names", `list_transform(${recordsOf("PATH", "KERN_MODULE")}, lambda r: ${valueOf("r", "name")})`, ["record_types"], "VARCHAR[]"),
];

const spaced = (text: string): string => `rtrim(replace(${text}, chr(0), ' '), ' ')`;

export const audited: Audited = {
  steps,
  types,
  id: `rtrim(substr(words[2], 11), '):')`,
  host: `CASE WHEN starts_with(line, 'type=') THEN NULL WHEN starts_with(line, 'node=') THEN split_part(substr(line, 6, 256), ' ', 1)
    ELSE coalesce(nullif(regexp_extract(line[:512], ' node=([^ ]+) type=', 1), ''), nullif(regexp_extract(line[:512], '${HEADER_HOST}', 1), '')) END`,
  whole: "line",
  arch: callWord("arch"),
  call: callWord("syscall"),
  callName: `CASE WHEN is_call THEN ${lookedUp("head", "SYSCALL")} END`,
  success: callWord("success"),
  exit: callWord("exit"),
  callArguments: `CASE WHEN is_call THEN [${["a0", "a1", "a2", "a3"].map(word).join(", ")}] ELSE [] END`,
  ppid: callWord("ppid"),
  pid: word("pid"),
  auid: newly("auid"),
  uid: word("uid"),
  gid: word("gid"),
  euid: callWord("euid"),
  auidName: plain("raw_auid_name"),
  uidName: plain("raw_uid_name"),
  euidName: plain("raw_euid_name"),
  tty: `coalesce(${callWord("tty")}, ${valueOf("message", "tty")})`,
  ses: newly("ses"),
  comm: plain("raw_comm"),
  exe: plain("raw_exe"),
  subj: valueOf("head", "subj"),
  keys: `string_split(${plain("raw_key")}, chr(1))`,
  cwd: plain("raw_cwd"),
  argv: `list_transform(string_split(split_part(raw_argv, chr(29), 1), ' ')[2:], lambda word: ${plain(`substr(word, strpos(word, '=') + 1)`)})`,
  title: spaced(plain("raw_title")),
  names: `list_transform(raw_names, lambda name: ${plain("name")})`,
  nameTypes: `list_transform(${recordsOf("PATH", "KERN_MODULE")}, lambda r: ${valueOf("r", "(?:nametype|objtype)")})`,
  saddr: valueOf(recordOf("SOCKADDR"), "saddr"),
  op: `trim(${sent("message", "op")}, '"')`,
  acct: plain("raw_acct"),
  grp: plain("raw_grp"),
  subjectId: sent("message", "id"),
  subjectName: plain("raw_subject_name"),
  addr: sent("message", "addr"),
  hostname: sent("message", "hostname"),
  terminal: sent("message", "terminal"),
  res: sent("message", "res"),
  unit: sent("message", "unit"),
  cmd: spaced(plain("raw_cmd")),
  device: sent("message", "dev"),
};

import type { Column } from "../definition.ts";

/**
 * What columns are made of: SQL over one event, for each way in which it may be written. All but the lists are text as the audit system has it, decoded where it is encoded.
 */
export interface Audited {
  /** What has to be computed first. */
  steps: readonly Column[];
  /** The types of the event's records, in order. */
  types: string;
  /** `1783414661.335:485` */
  id: string;
  host: string;
  /** All of it. The kernel's id is not enough: two hosts without a name may have the same, and an event may have been read before all of it was written. */
  whole: string;
  arch: string;
  /** The system call's number, and its name where that was written. */
  call: string;
  callName: string;
  success: string;
  exit: string;
  /** Arguments of the system call, in hexadecimal digits. */
  callArguments: string;
  ppid: string;
  pid: string;
  auid: string;
  uid: string;
  gid: string;
  euid: string;
  /** Names of users that auditd has looked up. */
  auidName: string;
  uidName: string;
  euidName: string;
  tty: string;
  ses: string;
  comm: string;
  exe: string;
  subj: string;
  /** The keys of the audit rules that the event is written for. */
  keys: string;
  cwd: string;
  argv: string;
  title: string;
  /** Names of the paths and of kernel modules, and what happened to each path. */
  names: string;
  nameTypes: string;
  saddr: string;
  op: string;
  acct: string;
  grp: string;
  /** The user whom a program's message is about, by number and by name. */
  subjectId: string;
  subjectName: string;
  addr: string;
  hostname: string;
  terminal: string;
  res: string;
  unit: string;
  cmd: string;
  /** Where a module of the kernel or a device is named. */
  device: string;
}

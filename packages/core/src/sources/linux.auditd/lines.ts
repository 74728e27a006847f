/** What begins a record: perhaps a syslog header, perhaps the host's name, the type, and the event's id. No header has quotes or equal signs, which requests in other logs have. */
const BEGIN = /^(?<header>[^"'=]{0,200}\s)?(?:node=(?<node>\S{1,255}) )?type=(?<type>[A-Z][A-Z0-9_]*(?:\[\d+\])?) msg=audit\((?<id>\d{1,12}\.\d{1,3}:\d{1,20})\):/;

/** The host in a syslog header, of RFC 3164 or RFC 5424. */
export const HEADER_HOST = String.raw`^(?:<\d{1,3}>)?(?:1 )?(?:[A-Z][a-z]{2} [ \d]\d [\d:]{8}|\d{4}-\d\d-\d\d[T ]\S+) (\S+) `;

/**
 * Records behind which no other one of their event comes: the end itself, the process title, which the kernel writes last, and those that programs send, each an event of its own.
 * As in audit-userspace (auparse), which goes by numbers: below 1300 and from 2000 on. But a login, below 1300 too, is joined by its system call since Linux 3.17.
 */
const LAST = /^(?:EOE|PROCTITLE|KERNEL|USER|TEST|TRUSTED_APP|CHGRP_ID|CHUSER_ID|MAC_CHECK|FS_RELABEL|SOFTWARE_UPDATE|USYS_CONFIG|(?:USER|CRED|DAEMON|RESP|CRYPTO|VIRT|ACCT|GRP|ADD|DEL|ROLE|SERVICE|SYSTEM|LABEL|DEV)_\w+|ANOM_(?!PROMISCUOUS$|ABEND$|LINK$|CREAT$)\w+|UNKNOWN\[(?:1327|1[12]\d\d|2\d\d\d)\])$/;

const headerHost = new RegExp(HEADER_HOST);

/** Whether a line is a record of the audit system. */
export function recognises(line: string): boolean {
  return BEGIN.test(line);
}

/** Which event a record is part of, and whether it is the last one of it; null for another line. Where the end of an event is told, its process title often was before. */
export function joins(line: string): { event: string; last: boolean; empty?: true } | null {
  const begin = BEGIN.exec(line)?.groups;
  if (!begin) return null;
  const { header, node, type, id } = begin;
  const host = node ?? headerHost.exec(header ?? "")?.[1] ?? "";
  return { event: `${host} ${id}`, last: LAST.test(type!), ...(type === "EOE" && { empty: true }) };
}

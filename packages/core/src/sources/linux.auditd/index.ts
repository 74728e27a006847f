import type { SourceDefinition } from "../definition.ts";
import { columnsOf } from "./columns.ts";
import { joins, recognises } from "./lines.ts";
import { ocsf } from "./ocsf.ts";
import { audited, part } from "./text.ts";

/** Events of the Linux audit system as auditd writes them: raw or interpreted, with or without the name of the host, also behind a syslog header. */
export const linuxAuditd: SourceDefinition = {
  id: "linux.auditd",
  title: "Linux audit",
  logsource: { product: "linux", service: "auditd" },
  text: { recognises, part, joins, decoded: `list_concat([command_line, proctitle, cwd, exe, comm, acct, grp, cmd, syscall, socket_address, auid_name, uid_name, euid_name], argv, path_names, keys)` },
  recognises: () => false,
  fits: `regexp_matches(line[:512], 'type=[A-Z][^ ]* msg=audit\\(\\d{1,12}\\.\\d{1,3}:\\d{1,20}\\):')`,
  fields: {},
  sigmaNames: {},
  keyFields: [],
  columns: columnsOf(audited),
  ocsf,
};

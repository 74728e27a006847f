import type { SourceDefinition } from "../definition.ts";
import { fields, linesOf, matches, part } from "../syslogLine.ts";
import { columns } from "./columns.ts";
import { ocsf } from "./ocsf.ts";

const PROGRAMS = ["sshd(?:-session|-auth)?", "sudo", "su", "runuser", "doas", "login", "user(?:add|del|mod)", "group(?:add|del|mod)", "gpasswd", "passwd", "chpasswd", "newusers", "chage", "chfn", "chsh", "unix_chkpwd", "systemd-logind", "elogind-daemon"];

const authLine = linesOf(PROGRAMS, "(?:message repeated [0-9]+ times: \\[ )?pam_[a-z0-9_]+\\(");

/** Sign-ins, sudo, sessions and accounts of Linux, as its programs write them to syslog: auth.log, secure. */
export const linuxAuth: SourceDefinition = {
  id: "linux.auth",
  title: "Linux sign-ins and accounts",
  logsource: [{ product: "linux", service: "auth" }, { product: "linux", service: "sshd" }, { product: "linux", service: "sudo" }],
  text: { recognises: (line) => authLine.test(line), part },
  recognises: () => false,
  fits: matches(authLine),
  fields,
  sigmaNames: {},
  keyFields: ["event"],
  columns,
  ocsf,
};

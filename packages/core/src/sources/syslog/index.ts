import { PLACE_IDENTITY, type Column, type SourceDefinition } from "../definition.ts";
import { linuxAuth } from "../linux.auth/index.ts";
import { anyLine, fields, levelFirst, matches, part, priority, syslogColumns } from "../syslogLine.ts";
import { ocsf, severities } from "./ocsf.ts";
import { structuredData } from "./structuredData.ts";

const FACILITIES = ["kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp", "audit", "alert", "clock", ...Array.from({ length: 8 }, (_, n) => `local${n}`)];

const sqlList = (texts: readonly string[]): string => `[${texts.map((text) => `'${text}'`).join(", ")}]`;

/** A job that cron starts: `(root) CMD (run-parts /etc/cron.hourly)`. It is taken from the line, not from its message, which is not needed of every line. */
const JOB = String.raw`^[^(]*[: ] ?\(([^()]*)\) CMD \((.*)$`;
const ofJob = (group: number): string => `CASE WHEN contains(line, ') CMD (') AND (contains(program, 'cron') OR program = 'CRON') THEN nullif(regexp_extract(line, '${JOB}', ${group}), '') END`;

const columns: readonly Column[] = [
  ...PLACE_IDENTITY,
  ...syslogColumns,
  { name: "msgid", type: "VARCHAR", sql: `CASE WHEN is_5424 THEN nullif(nullif(part[6], '-'), '') END`, uses: ["is_5424"], field: "msgid" },
  { name: "actor_name", type: "VARCHAR", sql: ofJob(1), uses: ["program"], field: "user" },
  { name: "command", type: "VARCHAR", sql: `regexp_replace(${ofJob(2)}, '[)]$', '')`, uses: ["program"], field: "command" },
  { name: "class_uid", type: "INTEGER", sql: "CASE WHEN command IS NULL THEN 0 ELSE 1006 END", uses: ["command"] },
  { name: "activity_id", type: "INTEGER", sql: "CASE WHEN command IS NULL THEN 0 ELSE 6 END", uses: ["command"] },
  { name: "status_id", type: "INTEGER", sql: "0" },
  { name: "operation", type: "VARCHAR", sql: "msgid", uses: ["msgid"] },
  { name: "service", type: "VARCHAR", sql: "program", uses: ["program"] },
  ...["account", "region", "address", "user_agent", "outcome", "access_key"].map((name): Column => ({ name, type: "VARCHAR", sql: "NULL::VARCHAR" })),
  { name: "entity_kind", type: "VARCHAR", sql: "CASE WHEN actor_name IS NULL THEN 'unknown' ELSE 'user' END", uses: ["actor_name"] },
  { name: "entity_name", type: "VARCHAR", sql: "coalesce(actor_name, host, 'unknown')", uses: ["actor_name", "host"] },
  { name: "entity_key", type: "VARCHAR", sql: "concat_ws(':', entity_kind, CASE WHEN actor_name IS NOT NULL THEN host END, entity_name)", uses: ["entity_kind", "entity_name", "actor_name", "host"] },
  { name: "resource", type: "VARCHAR", sql: "host", uses: ["host"] },
  { name: "facility", type: "VARCHAR", sql: `${sqlList(FACILITIES)}[${priority} // 8 + 1]` },
  { name: "severity", type: "VARCHAR", sql: `${sqlList(severities)}[${priority} % 8 + 1]` },
  { name: "structured_data", type: "VARCHAR", sql: structuredData("data"), uses: ["data"] },
];

/** A request in an access log that came through syslog. */
const ofOthers = `contains(line, '] "')`;

/** Any other line of syslog: RFC 5424, and RFC 3164 as files and networks have it. */
export const syslog: SourceDefinition = {
  id: "syslog",
  title: "Syslog",
  logsource: [{ product: "linux", service: "syslog" }, { product: "linux", service: "cron" }],
  text: { recognises: (line) => anyLine.test(line) && !levelFirst.test(line) && !linuxAuth.text!.recognises(line), part },
  recognises: () => false,
  fits: `${matches(anyLine)} AND NOT ${matches(levelFirst)} AND NOT (${linuxAuth.fits}) AND NOT ${ofOthers}`,
  fields,
  sigmaNames: {},
  keyFields: [],
  columns,
  ocsf,
};

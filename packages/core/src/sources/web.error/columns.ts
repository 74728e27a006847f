import { IP_PATTERN } from "../address.ts";
import { OBJECT_TIME, PLACE_IDENTITY, type Column } from "../definition.ts";
import { beforeFirst } from "../textParts.ts";

const time = `coalesce(try_strptime("@time", ['%Y/%m/%d %H:%M:%S', '%a %b %d %H:%M:%S %Y', '%a %b %d %H:%M:%S.%f %Y']), ${OBJECT_TIME})`;

/** Apache 2.4 puts the port behind the address, in IPv6 without brackets. */
const hasPort = `CASE WHEN starts_with(line, '[') THEN contains("@client", ':') AND ("@module" IS NOT NULL OR contains("@client", '.')) ELSE false END`;
const method = `regexp_extract("@request", '^([A-Z]+) ', 1)`;
const isQuiet = `"@level" IN ('notice', 'info', 'debug') OR starts_with("@level", 'trace')`;

const step = (name: string, sql: string, uses: readonly string[] = []): Column => ({ name, type: "VARCHAR", sql, uses, stored: false });

export const columns: readonly Column[] = [
  ...PLACE_IDENTITY,
  { name: "time", type: "TIMESTAMP", sql: time },
  { name: "address", type: "VARCHAR", sql: `nullif(CASE WHEN ${hasPort} THEN regexp_replace("@client", ':[0-9]+$', '') ELSE "@client" END, '')`, field: "c-ip" },
  { name: "port", type: "VARCHAR", sql: `CASE WHEN ${hasPort} THEN nullif(regexp_extract("@client", ':([0-9]+)$', 1), '') END`, field: "c-port" },
  { name: "class_uid", type: "INTEGER", sql: `CASE WHEN "@client" <> '' THEN 4002 WHEN ${isQuiet} THEN 6002 ELSE 6008 END` },
  { name: "operation", type: "VARCHAR", sql: `nullif(${method}, '')`, field: "cs-method" },
  { name: "activity_id", type: "INTEGER", sql: `CASE class_uid WHEN 6008 THEN 1 WHEN 6002 THEN 99 ELSE CASE operation WHEN 'CONNECT' THEN 1 WHEN 'DELETE' THEN 2 WHEN 'GET' THEN 3 WHEN 'HEAD' THEN 4 WHEN 'OPTIONS' THEN 5 WHEN 'POST' THEN 6 WHEN 'PUT' THEN 7 WHEN 'TRACE' THEN 8 WHEN 'PATCH' THEN 9 ELSE 99 END END`, uses: ["class_uid", "operation"] },
  { name: "status_id", type: "INTEGER", sql: `CASE WHEN ${isQuiet} THEN 0 ELSE 2 END` },
  { name: "service", type: "VARCHAR", sql: `coalesce("@cs-host", nullif("@s-computername", ''))`, field: "cs-host" },
  { name: "account", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "user_agent", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "code", type: "VARCHAR", sql: `nullif(coalesce(nullif(regexp_extract("@message", '^(AH[0-9]{5}): ', 1), ''), regexp_extract("@message", '[(]([0-9]+): [A-Z]', 1)), '')`, field: "code" },
  { name: "outcome", type: "VARCHAR", sql: `CASE WHEN status_id = 2 THEN coalesce(code, "@level") END`, uses: ["status_id", "code"] },
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "actor_name", type: "VARCHAR", sql: `CASE WHEN starts_with("@message", 'user "') THEN nullif(regexp_extract("@message", '^user "([^"]*)"', 1), '') WHEN contains("@message", ': user ') THEN nullif(regexp_extract("@message", '^AH[0-9]{5}: user ([^ :]+)[: ]', 1), '') END`, field: "user" },
  { name: "entity_kind", type: "VARCHAR", sql: `CASE WHEN regexp_full_match(address, '${IP_PATTERN}') THEN 'address' ELSE 'unknown' END`, uses: ["address"] },
  { name: "entity_name", type: "VARCHAR", sql: `coalesce(address, 'unknown')`, uses: ["address"] },
  { name: "entity_key", type: "VARCHAR", sql: `entity_kind || ':' || entity_name`, uses: ["entity_kind", "entity_name"] },
  step("target", `coalesce("@c-uri", CASE WHEN contains("@request", ' ') THEN ${beforeFirst(`substr("@request", strpos("@request", ' ') + 1)`, " ")} END)`),
  { name: "uri", type: "VARCHAR", sql: `nullif(target, '')`, uses: ["target"], field: "c-uri" },
  { name: "resource", type: "VARCHAR", sql: `nullif(${beforeFirst("target", "?")}, '')`, uses: ["target"], field: "cs-uri-stem" },
  { name: "query", type: "VARCHAR", sql: `CASE WHEN contains(target, '?') THEN substr(target, strpos(target, '?') + 1) END`, uses: ["target"], field: "cs-uri-query" },
  { name: "level", type: "VARCHAR", sql: `"@level"`, field: "level" },
  { name: "module", type: "VARCHAR", sql: `"@module"`, field: "module" },
  { name: "pid", type: "VARCHAR", sql: `"@pid"`, field: "pid" },
  { name: "message", type: "VARCHAR", sql: `"@message"`, field: "message" },
  { name: "server", type: "VARCHAR", sql: `nullif("@s-computername", '')`, field: "s-computername" },
  { name: "request", type: "VARCHAR", sql: `"@request"`, field: "request" },
  { name: "upstream", type: "VARCHAR", sql: `"@upstream"`, field: "upstream" },
  { name: "referer", type: "VARCHAR", sql: `"@cs-referer"`, field: "cs-referer" },
];

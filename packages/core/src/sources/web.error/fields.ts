import { afterFirst, afterLast, beforeFirst } from "../textParts.ts";

/** nginx: `2024/05/14 09:30:00 [error] 123#45: *6 message, client: …`. What both patterns say must mean the same to JavaScript and RE2. */
const NGINX = String.raw`^[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} \[(?:debug|info|notice|warn|error|crit|alert|emerg)\] [0-9]+#[0-9]+: `;
/** Apache 2.2 and 2.4: `[Tue May 14 09:30:00.123456 2024] [core:error] [pid 123:tid 45] [client 203.0.113.9:40000] message`. */
const APACHE = String.raw`^\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ 0-3][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,6})? [0-9]{4}\] \[(?:[a-z0-9_-]*:)?(?:emerg|alert|crit|error|warn|notice|info|debug|trace[1-8])\] `;

export const errorLine = new RegExp(`${NGINX}|${APACHE}`);

/** Apache's line is cut at its brackets, nginx's is not cut. */
export const part = `CASE WHEN starts_with(line, '[') THEN string_split(substr(line, 2, 400), '] [') ELSE [] END`;

const isApache = `starts_with(line, '[')`;
const inBrackets = "part[2]";
/** `core:error`, `error`. */
const levelWord = beforeFirst(inBrackets, "]");
const nginxText = `substr(line, strpos(line, ': ') + 2)`;
/** Behind the number of the connection. */
const nginxSaid = `CASE WHEN starts_with(${nginxText}, '*') THEN ${afterFirst(nginxText, " ")} ELSE ${nginxText} END`;

/**
 * A path in the message, and a request, may hold this mark, too: what is said twice is not believed.
 */
const CLIENT = ", client: ";
const isClear = `length(line) - length(replace(line, '${CLIENT}', '')) = ${CLIENT.length}`;
const nginxClient = `CASE WHEN ${isClear} THEN ${beforeFirst(afterFirst("line", CLIENT), ", ")} END`;
const afterClient = (mark: string): string => `CASE WHEN ${isClear} AND contains(${afterFirst("line", CLIENT)}, '${mark}') THEN ${afterFirst(afterFirst("line", CLIENT), mark)} END`;
/** The request may hold quotes; what follows it is one of these. */
const request = `regexp_replace(${afterClient(', request: "')}, '"(?:, (?:upstream|host|referrer|subrequest): ".*)?$', '')`;
const last = (mark: string): string => `CASE WHEN contains(line, '${mark}') THEN nullif(${beforeFirst(afterLast("line", mark), '"')}, '') END`;

const CLIENT_BRACKET = "[client ";
const apacheClient = `CASE WHEN contains(line, '${CLIENT_BRACKET}') THEN ${beforeFirst(afterFirst("line", CLIENT_BRACKET), "]")} END`;
/** What stands behind the brackets, and before the client: `(13)Permission denied: `. */
const apacheText = `CASE WHEN contains(line, '${CLIENT_BRACKET}') THEN ltrim(${afterFirst(afterFirst("line", CLIENT_BRACKET), "]")}, ' ') ELSE regexp_replace(line, '^(?:\\[[^\\]]*\\] ?)+', '') END`;
const tag = (name: string): string => `nullif(regexp_extract(line, '\\[${name} "([^"]*)"', 1), '')`;
const isModSecurity = `contains(line, 'ModSecurity: ')`;

export const fields: Readonly<Record<string, string>> = {
  time: `CASE WHEN ${isApache} THEN part[1] ELSE line[:19] END`,
  level: `CASE WHEN ${isApache} THEN string_split(${levelWord}, ':')[-1] ELSE ${beforeFirst(afterFirst("line", "["), "]")} END`,
  module: `CASE WHEN ${isApache} AND contains(${levelWord}, ':') THEN nullif(${beforeFirst(levelWord, ":")}, '') END`,
  pid: `CASE WHEN ${isApache} THEN CASE WHEN starts_with(part[3], 'pid ') THEN ${beforeFirst(beforeFirst("substr(part[3], 5)", ":"), "]")} END ELSE ${beforeFirst(afterFirst("line", "] "), "#")} END`,
  client: `CASE WHEN ${isApache} THEN ${apacheClient} ELSE ${nginxClient} END`,
  message: `CASE WHEN ${isApache} THEN CASE WHEN contains(line, ', referer: ') THEN ${beforeFirst(apacheText, ", referer: ")} ELSE ${apacheText} END ELSE ${beforeFirst(nginxSaid, CLIENT)} END`,
  "s-computername": `CASE WHEN NOT ${isApache} THEN ${beforeFirst(afterClient(", server: "), ", ")} END`,
  request: `CASE WHEN NOT ${isApache} THEN ${request} END`,
  upstream: `CASE WHEN NOT ${isApache} THEN ${last(', upstream: "')} END`,
  "cs-host": `CASE WHEN NOT ${isApache} THEN ${last(', host: "')} WHEN ${isModSecurity} THEN ${tag("hostname")} END`,
  "cs-referer": `CASE WHEN NOT ${isApache} THEN ${last(', referrer: "')} WHEN contains(line, ', referer: ') THEN ${afterLast("line", ", referer: ")} END`,
  "c-uri": `CASE WHEN ${isApache} AND ${isModSecurity} THEN ${tag("uri")} END`,
};

/**
 * A list of addresses that a proxy passes on may stand in quotes, before that of the proxy. A line of the common and combined formats is cut at its quotes: what stands before the request, the request, status and size, referer, user agent, and whatever
 * a server adds. Apache escapes a quote by a backslash; such quotes are put aside before the cut, and only where there are any: looking is a tenth of the cost of replacing. A cut costs a fifteenth of a regular expression for the whole line.
 */
export const part = String.raw`string_split(CASE WHEN starts_with(line, '"') OR contains(line, '\"') THEN replace(CASE WHEN starts_with(line, '"') THEN regexp_replace(line, '^"([^"]*)" ', '\1, ') ELSE line END, '\"', chr(1)) ELSE line END, '"')`;

const quoted = (index: number): string => String.raw`nullif(CASE WHEN contains(part[${index}], chr(1)) THEN replace(part[${index}], chr(1), '\"') ELSE part[${index}] END, '-')`;
const request = quoted(2);
/** What syslog puts before a line that came through it: a stamp, the host, the program. */
const SYSLOG = "^(?:<[0-9]{1,3}>)?(?:[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}|[0-9-]{10}T[^ ]+) (?:[^ ]+ )?[^ ]+: +|^<[0-9]{1,3}>1 [^ ]+ [^ ]+ [^ ]+ [^ ]+ [^ ]+ - ";
const ownPart = `CASE WHEN starts_with(line, '<') OR contains(part[1], ': ') THEN regexp_replace(part[1], '${SYSLOG}', '') ELSE part[1] END`;
const beforeTime = `split_part(${ownPart}, ' [', 1)`;
/** The words before the time: perhaps the virtual host, the address, the identity that nobody uses, and the user, who may have spaces in his name. */
const words = `string_split(${beforeTime}, ' ')`;
/** `host:443 192.0.2.1 - -`, as Apache writes it for virtual hosts. */
const hasHost = String.raw`CASE WHEN len(${words}) = 3 THEN false ELSE regexp_matches(${beforeTime}, '^[^ ,]*[^ ,0-9a-fA-F:.][^ ,]* [0-9a-fA-F:.]+ ') END`;
const addressAt = `CASE WHEN ${hasHost} THEN 2 ELSE 1 END`;
const target = `split_part(${request}, ' ', 2)`;

/** Fields under the names of W3C's extended log format, which Sigma's rules for web servers use. */
export const fields: Readonly<Record<string, string>> = {
  time: `split_part(split_part(part[1], ' [', 2), ']', 1)`,
  "c-ip": `rtrim(${words}[${addressAt}], ',')`,
  "cs-host": `CASE WHEN ${hasHost} THEN ${words}[1] END`,
  // The words before the last two belong to a list of addresses, as proxies pass it on.
  "cs-username": `nullif(CASE WHEN len(${words}) = 3 OR contains(${beforeTime}, ', ') THEN ${words}[-1] ELSE array_to_string(${words}[${addressAt} + 2:], ' ') END, '-')`,
  request,
  "cs-method": String.raw`nullif(regexp_extract(${request}, '^([A-Z]+) ', 1), '')`,
  "c-uri": `nullif(${target}, '')`,
  "cs-uri-stem": `nullif(split_part(${target}, '?', 1), '')`,
  "cs-uri-query": `CASE WHEN contains(${target}, '?') THEN substr(${target}, strpos(${target}, '?') + 1) END`,
  "cs-version": `nullif(split_part(${request}, ' ', 3), '')`,
  "sc-status": `split_part(trim(part[3]), ' ', 1)`,
  "sc-bytes": `nullif(split_part(trim(part[3]), ' ', 2), '-')`,
  "cs-referer": quoted(4),
  "cs-user-agent": quoted(6),
};

/** Names that rules use beside those. */
export const sigmaNames: Readonly<Record<string, string>> = {
  "c-useragent": "cs-user-agent",
  "cs-uri": "c-uri",
};

/**
 * A line is cut at its quotes; those that a load balancer or client escaped by a backslash are put aside. What stands before the first quote is words, at the same places for Application
 * and Classic Load Balancers once a line of the latter, which says no protocol, begins with a word of ours.
 */
export const part = String.raw`string_split(replace(CASE WHEN line[1] BETWEEN '0' AND '9' THEN 'classic ' || line ELSE line END, '\"', chr(1)), '"')`;

const words = `string_split(part[1], ' ')`;
const behind = `string_split(part[5], ' ')`;
const isTls = `${words}[1] = 'tls'`;
const some = (sql: string): string => `nullif(nullif(${sql}, '-'), '')`;
const quoted = (index: number): string => some(String.raw`replace(part[${index}], chr(1), '\"')`);

/** A word's place in the lines of Application and Classic Load Balancers, and in those of Network Load Balancers; 0 where there is none. */
const word = (application: number, network: number): string => some(`CASE WHEN ${isTls} THEN ${network === 0 ? "NULL" : `${words}[${network}]`} ELSE ${application === 0 ? "NULL" : `${words}[${application}]`} END`);
/** A number that says -1 was not measured. */
const measured = (application: number, network: number): string => `nullif(${word(application, network)}, '-1')`;
/** What stands in quotes in the lines of Application and Classic Load Balancers. */
const text = (index: number): string => `CASE WHEN ${isTls} THEN NULL ELSE ${quoted(index)} END`;
/** What stands unquoted behind the user agent there. */
const late = (application: number, network: number): string => some(`CASE WHEN ${isTls} THEN ${network === 0 ? "NULL" : `${words}[${network}]`} ELSE ${behind}[${application}] END`);

const request = `nullif(${text(2)}, '- - - ')`;
/** `https://www.example.com:443/path?query`, and what stands behind the protocol. */
const url = some(`split_part(${request}, ' ', 2)`);
const rest = `CASE WHEN contains(${url}, '://') THEN substr(${url}, strpos(${url}, '://') + 3) ELSE ${url} END`;

/** Fields under the names that AWS's documents use. */
export const fields: Readonly<Record<string, string>> = {
  type: `nullif(${words}[1], 'classic')`,
  time: word(2, 3),
  elb: word(3, 4),
  listener: word(0, 5),
  "client:port": word(4, 6),
  "target:port": word(5, 7),
  request_processing_time: measured(6, 0),
  target_processing_time: measured(7, 0),
  response_processing_time: measured(8, 0),
  elb_status_code: word(9, 0),
  target_status_code: word(10, 0),
  received_bytes: measured(11, 10),
  sent_bytes: measured(12, 11),
  request,
  method: `nullif(split_part(${request}, ' ', 1), '-')`,
  url,
  host: `CASE WHEN contains(${url}, '://') THEN nullif(rtrim(ltrim(regexp_replace(split_part(split_part(${rest}, '/', 1), '?', 1), ':[0-9]*$', ''), '['), ']'), '') END`,
  path: `CASE WHEN contains(${rest}, '/') THEN split_part(substr(${rest}, strpos(${rest}, '/')), '?', 1) END`,
  query: `CASE WHEN contains(${url}, '?') THEN substr(${url}, strpos(${url}, '?') + 1) END`,
  http_version: some(`split_part(${request}, ' ', 3)`),
  user_agent: text(4),
  ssl_cipher: late(2, 15),
  ssl_protocol: late(3, 16),
  target_group_arn: late(4, 0),
  trace_id: text(6),
  domain_name: `CASE WHEN ${isTls} THEN ${some(`${words}[18]`)} ELSE ${quoted(8)} END`,
  chosen_cert_arn: `CASE WHEN ${isTls} THEN ${some(`${words}[13]`)} ELSE ${quoted(10)} END`,
  actions_executed: text(12),
  redirect_url: text(14),
  error_reason: text(16),
  classification: text(22),
  classification_reason: text(24),
  tls_connection_time: measured(0, 8),
  incoming_tls_alert: word(0, 12),
};

const TIME = String.raw`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z?`;
const END = String.raw`\S+:\d+`;
const APPLICATION = new RegExp(String.raw`^(?:https?|h2|wss?|grpcs?) ${TIME} \S+ ${END} (?:${END}|-) \S+ \S+ \S+ (?:\d{3}|-) \S+ -?\d+ -?\d+ "`);
const CLASSIC = new RegExp(String.raw`^${TIME} \S+ ${END} (?:${END}|-) -?[\d.]+ -?[\d.]+ -?[\d.]+ (?:\d{3}|-) (?:\d{3}|-) -?\d+ -?\d+ "`);
const NETWORK = new RegExp(String.raw`^tls \d\.\d ${TIME} \S+ \S+ ${END} (?:${END}|-) `);

/** Whether a line is from an access log of a load balancer. */
export function isAccess(line: string): boolean {
  return APPLICATION.test(line) || CLASSIC.test(line) || NETWORK.test(line);
}

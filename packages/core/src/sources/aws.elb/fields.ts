/**
 * A line of a Classic Load Balancer says no protocol, and begins with a word of ours instead: then its words stand at the places of Application Load Balancers. So does one about a connection, whose second
 * word is an address: names of load balancers have neither dots nor colons.
 */
const whole = `CASE WHEN line[1] BETWEEN '0' AND '9' THEN CASE WHEN regexp_matches(split_part(line, ' ', 2), '[.:]') THEN 'connection ' ELSE 'classic ' END || line ELSE line END`;

/**
 * A line is cut at its quotes; those that were escaped by a backslash are put aside. What is cut further is cut once: the words in front; what stands behind the user agent, or in a line about a connection
 * behind the last quote; the request.
 */
export const part = String.raw`list_transform([string_split(replace(${whole}, '\"', chr(1)), '"')], lambda q: { quotes: q, words: string_split(q[1], ' '), behind: string_split(CASE WHEN NOT starts_with(q[1], 'connection ') THEN q[5] WHEN len(q) > 2 THEN q[-1] END, ' '), request: string_split(q[2], ' '), tls: starts_with(q[1], 'tls '), connection: starts_with(q[1], 'connection ') })[1]`;

const some = (sql: string): string => `nullif(nullif(${sql}, '-'), '')`;
const quoted = (index: number): string => some(String.raw`replace(part.quotes[${index}], chr(1), '\"')`);

/** What a line says in its place for requests to Application and Classic Load Balancers, in its place for Network Load Balancers, and in its place for connections of Application Load Balancers. */
const either = (application: string, network: string, connection = "NULL"): string => some(`CASE WHEN part.tls THEN ${network} WHEN part.connection THEN ${connection} ELSE ${application} END`);
const at = (index: number): string => (index === 0 ? "NULL" : `part.words[${index}]`);
const word = (application: number, network: number, connection = 0): string => either(at(application), at(network), at(connection));
/** A number that says -1 was not measured. */
const measured = (application: number, network: number): string => `nullif(${word(application, network)}, '-1')`;
/** What stands in quotes in the lines of Application and Classic Load Balancers. */
const text = (index: number): string => `CASE WHEN NOT part.tls AND NOT part.connection THEN ${quoted(index)} END`;
/** What stands unquoted behind the user agent there. */
const late = (application: number, network: number, connection = 0): string => either(`part.behind[${application}]`, at(network), at(connection));
/** What stands behind the quotes in a line about a connection. */
const behind = (index: number): string => some(`CASE WHEN part.connection THEN part.behind[${index}] END`);
/** A word of the request: method, address, version. */
const asked = (index: number): string => some(`CASE WHEN NOT part.tls AND NOT part.connection THEN part.request[${index}] END`);

/** `https://www.example.com:443/path?query` */
const url = asked(2);
const host = String.raw`nullif(trim(regexp_replace(split_part(split_part(${url}, '/', 3), '?', 1), ':[0-9]*$', ''), '[]'), '')`;
const path = `split_part(CASE WHEN contains(part.request[2], '://') THEN '/' || array_to_string(string_split(${url}, '/')[4:], '/') ELSE ${url} END, '?', 1)`;

/** Fields under the names that AWS's documents use. */
export const fields: Readonly<Record<string, string>> = {
  type: `nullif(nullif(part.words[1], 'classic'), 'connection')`,
  time: word(2, 3, 2),
  elb: either("part.words[3]", "part.words[4]", "part.behind[7]"),
  listener: word(0, 5),
  "client:port": either("part.words[4]", "part.words[6]", "part.words[3] || ':' || part.words[4]"),
  "target:port": word(5, 7),
  request_processing_time: measured(6, 0),
  target_processing_time: measured(7, 0),
  response_processing_time: measured(8, 0),
  elb_status_code: word(9, 0),
  target_status_code: word(10, 0),
  received_bytes: measured(11, 10),
  sent_bytes: measured(12, 11),
  request: `nullif(${text(2)}, '- - - ')`,
  method: asked(1),
  url,
  host,
  path,
  query: `nullif(array_to_string(string_split(${url}, '?')[2:], '?'), '')`,
  http_version: asked(3),
  user_agent: text(4),
  ssl_cipher: late(2, 15, 7),
  ssl_protocol: late(3, 16, 6),
  target_group_arn: late(4, 0),
  trace_id: text(6),
  domain_name: either(quoted(8), "part.words[18]"),
  chosen_cert_arn: either(quoted(10), "part.words[13]"),
  conn_trace_id: either("trim(part.quotes[25])", "NULL", "part.behind[5]"),
  actions_executed: text(12),
  redirect_url: text(14),
  error_reason: text(16),
  classification: text(22),
  classification_reason: text(24),
  tls_connection_time: measured(0, 8),
  incoming_tls_alert: word(0, 12),
  listener_port: word(0, 0, 5),
  tls_handshake_latency: word(0, 0, 8),
  leaf_client_cert_subject: some(String.raw`CASE WHEN part.connection THEN replace(array_to_string(part.quotes[2:-2], '"'), chr(1), '\"') END`),
  leaf_client_cert_validity: behind(2),
  leaf_client_cert_serial_number: behind(3),
  tls_verify_status: behind(4),
  tls_keyexchange: behind(6),
  ip_address: behind(8),
};

const TIME = String.raw`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z?`;
const END = String.raw`\S+:\d+`;
const APPLICATION = new RegExp(String.raw`^(?:https?|h2|wss?|grpcs?) ${TIME} \S+ ${END} (?:${END}|-) \S+ \S+ \S+ (?:\d{3}|-) \S+ -?\d+ -?\d+ "`);
const CLASSIC = new RegExp(String.raw`^${TIME} \S+ ${END} (?:${END}|-) -?[\d.]+ -?[\d.]+ -?[\d.]+ (?:\d{3}|-) (?:\d{3}|-) -?\d+ -?\d+ "`);
const NETWORK = new RegExp(String.raw`^tls \d\.\d ${TIME} \S+ \S+ ${END} (?:${END}|-) `);

const CONNECTION = new RegExp(String.raw`^${TIME} (?:\d{1,3}(?:\.\d{1,3}){3}|[\da-fA-F]*:[\da-fA-F:.]+) \d{1,5} \d{1,5} (?:TLSv[\d.]+|-) (?:[A-Z][\w-]+|-) (?:\d+(?:\.\d+)?|-) "`);

/** Whether a line is from an access log or a connection log of a load balancer. */
export function isAccess(line: string): boolean {
  return APPLICATION.test(line) || CLASSIC.test(line) || NETWORK.test(line) || CONNECTION.test(line);
}

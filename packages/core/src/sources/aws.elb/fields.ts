/** A line of a Classic Load Balancer says no protocol, and begins with a word of ours instead: then its words stand at the places of Application Load Balancers. */
const whole = `CASE WHEN line[1] BETWEEN '0' AND '9' THEN 'classic ' || line ELSE line END`;

/** A line is cut at its quotes; those that were escaped by a backslash are put aside. What is cut further is cut once: the words in front, what stands behind the user agent, the request. */
export const part = String.raw`list_transform([string_split(replace(${whole}, '\"', chr(1)), '"')], lambda q: { quotes: q, words: string_split(q[1], ' '), behind: string_split(q[5], ' '), request: string_split(q[2], ' '), tls: starts_with(q[1], 'tls ') })[1]`;

const some = (sql: string): string => `nullif(nullif(${sql}, '-'), '')`;
const quoted = (index: number): string => some(String.raw`replace(part.quotes[${index}], chr(1), '\"')`);

/** What a line says in its place for Application and Classic Load Balancers, and in its place for Network Load Balancers. */
const either = (application: string, network: string): string => some(`CASE WHEN part.tls THEN ${network} ELSE ${application} END`);
const word = (application: number, network: number): string => either(application === 0 ? "NULL" : `part.words[${application}]`, network === 0 ? "NULL" : `part.words[${network}]`);
/** A number that says -1 was not measured. */
const measured = (application: number, network: number): string => `nullif(${word(application, network)}, '-1')`;
/** What stands in quotes in the lines of Application and Classic Load Balancers. */
const text = (index: number): string => `CASE WHEN NOT part.tls THEN ${quoted(index)} END`;
/** What stands unquoted behind the user agent there. */
const late = (application: number, network: number): string => either(`part.behind[${application}]`, network === 0 ? "NULL" : `part.words[${network}]`);
/** A word of the request: method, address, version. */
const asked = (index: number): string => some(`CASE WHEN NOT part.tls THEN part.request[${index}] END`);

/** `https://www.example.com:443/path?query` */
const url = asked(2);
const host = String.raw`nullif(trim(regexp_replace(split_part(split_part(${url}, '/', 3), '?', 1), ':[0-9]*$', ''), '[]'), '')`;
const path = `split_part(CASE WHEN contains(part.request[2], '://') THEN '/' || array_to_string(string_split(${url}, '/')[4:], '/') ELSE ${url} END, '?', 1)`;

/** Fields under the names that AWS's documents use. */
export const fields: Readonly<Record<string, string>> = {
  type: `nullif(part.words[1], 'classic')`,
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
  request: `nullif(${text(2)}, '- - - ')`,
  method: asked(1),
  url,
  host,
  path,
  query: `nullif(array_to_string(string_split(${url}, '?')[2:], '?'), '')`,
  http_version: asked(3),
  user_agent: text(4),
  ssl_cipher: late(2, 15),
  ssl_protocol: late(3, 16),
  target_group_arn: late(4, 0),
  trace_id: text(6),
  domain_name: either(quoted(8), "part.words[18]"),
  chosen_cert_arn: either(quoted(10), "part.words[13]"),
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

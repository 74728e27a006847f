/**
 * A line is cut at its quotes: what stands before the request, the request, status and sizes, referer, user agent, and the rest. S3 leaves quotes inside a user agent as they are,
 * so that one may be cut, too: it is what stands between the referer and the last part.
 */
export const part = `string_split(line, '"')`;

const words = `string_split(part[1], ' ')`;
const numbers = `string_split(part[3], ' ')`;
const rest = `string_split(part[-1], ' ')`;
const some = (sql: string): string => `nullif(nullif(${sql}, '-'), '')`;
const request = some("part[2]");
const target = `split_part(${request}, ' ', 2)`;

/** Fields under the names that AWS's own table for these logs has. */
export const fields: Readonly<Record<string, string>> = {
  bucketowner: some(`${words}[1]`),
  bucket_name: some(`${words}[2]`),
  requestdatetime: `ltrim(${words}[3], '[') || ' ' || rtrim(${words}[4], ']')`,
  remoteip: some(`${words}[5]`),
  requester: some(`${words}[6]`),
  requestid: some(`${words}[7]`),
  operation: some(`${words}[8]`),
  key: some(`trim(array_to_string(${words}[9:], ' '))`),
  request_uri: request,
  method: `nullif(split_part(${request}, ' ', 1), '')`,
  target: `nullif(${target}, '')`,
  httpstatus: some(`${numbers}[2]`),
  errorcode: some(`${numbers}[3]`),
  bytessent: some(`${numbers}[4]`),
  objectsize: some(`${numbers}[5]`),
  totaltime: some(`${numbers}[6]`),
  turnaroundtime: some(`${numbers}[7]`),
  referrer: some("part[4]"),
  useragent: some(`array_to_string(part[6:-2], '"')`),
  versionid: some(`${rest}[2]`),
  hostid: some(`${rest}[3]`),
  sigv: some(`${rest}[4]`),
  ciphersuite: some(`${rest}[5]`),
  authtype: some(`${rest}[6]`),
  endpoint: some(`${rest}[7]`),
  tlsversion: some(`${rest}[8]`),
  accesspointarn: some(`${rest}[9]`),
  aclrequired: some(`${rest}[10]`),
  sourceregion: some(`${rest}[11]`),
};

const TIME = String.raw`\[\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}\]`;
const LINE = new RegExp(String.raw`^\S+ \S+ (?:${TIME}|\[- -\]) \S+ \S+ \S+ (?:(?:REST|WEBSITE|SOAP|S3|BATCH)\.[A-Z0-9_.]+|-) .*"[^"]*" (?:\d{3}|-) \S+ (?:\d+|-) (?:\d+|-) `);

/** Whether a line is one of S3's server access logs: owner, bucket, time, and an operation of S3's. */
export function isAccess(line: string): boolean {
  return LINE.test(line);
}

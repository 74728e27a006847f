/**
 * SQL for a value as the audit system writes it. What somebody else may have chosen (names, arguments) stands in quotes, or as hexadecimal digits where it has spaces, quotes or bytes
 * that are no plain ASCII. Bytes that are no UTF-8 stay visible as `\xFF`.
 */
export function plain(value: string): string {
  const digits = `rtrim(${value}, '"')`;
  return `CASE WHEN ${value} IN ('', '(null)', '?') THEN NULL
    WHEN starts_with(${value}, '"') THEN trim(${value}, '"')
    WHEN regexp_full_match(${value}, '(?:[0-9A-F]{2})+"?') THEN coalesce(TRY(decode(unhex(${digits}))), unhex(${digits})::VARCHAR)
    ELSE ${value} END`;
}

/** SQL for the first value of this name in a record; NULL where it has none. Names in capitals are those that auditd has interpreted, behind a separator of their own. */
export function valueOf(record: string, name: string): string {
  return `nullif(regexp_extract(${record}, '[ ''\\x1d]${name}=([^ \\x1d]+)', 1), '')`;
}

/** SQL for a value that programs send, without what closes their message. */
export function sent(record: string, name: string): string {
  return `nullif(nullif(rtrim(${valueOf(record, name)}, ''',)'), ''), '?')`;
}

const FAMILIES: Readonly<Record<string, string>> = { "01": "local", "02": "inet", "0A": "inet6", "10": "netlink", "11": "packet", "28": "vsock" };

/** SQL for the family of a socket address (`struct sockaddr` in hexadecimal digits), on machines of either byte order. */
export function socketFamily(saddr: string): string {
  const number = `CASE WHEN starts_with(${saddr}, '00') THEN substr(${saddr}, 3, 2) WHEN substr(${saddr}, 3, 2) = '00' THEN substr(${saddr}, 1, 2) END`;
  return `CASE ${number} ${Object.entries(FAMILIES).map(([digits, name]) => `WHEN '${digits}' THEN '${name}'`).join(" ")} END`;
}

/** SQL for its IP address; an IPv4 address inside IPv6 is told as what it is. */
export function socketAddress(saddr: string, family: string): string {
  const v4 = (at: number): string => `concat_ws('.', ${[0, 2, 4, 6].map((byte) => `TRY_CAST('0x' || substr(${saddr}, ${at + byte}, 2) AS INTEGER)::VARCHAR`).join(", ")})`;
  const group = (at: number): string => `coalesce(nullif(ltrim(lower(substr(${saddr}, ${at}, 4)), '0'), ''), '0')`;
  const v6 = `regexp_replace(concat_ws(':', ${Array.from({ length: 8 }, (_, index) => group(17 + 4 * index)).join(", ")}), '(^|:)0(:0)+(:|$)', '::')`;
  return `CASE WHEN ${family} = 'inet' AND length(${saddr}) >= 16 THEN ${v4(9)}
    WHEN ${family} = 'inet6' AND length(${saddr}) >= 48 THEN CASE WHEN substr(${saddr}, 17, 24) = '00000000000000000000FFFF' THEN ${v4(41)} ELSE ${v6} END END`;
}

/** SQL for its port. */
export function socketPort(saddr: string, family: string): string {
  return `CASE WHEN ${family} IN ('inet', 'inet6') AND length(${saddr}) >= 8 THEN TRY_CAST('0x' || substr(${saddr}, 5, 4) AS INTEGER) END`;
}

/** SQL for the path of a local socket; one without a place in the file system is written with an `@`, as tools do. */
export function socketPath(saddr: string, family: string): string {
  const untilNul = (from: number): string => plain(`regexp_extract(substr(${saddr}, ${from}), '^(?:[1-9A-F][0-9A-F]|0[1-9A-F])*')`);
  return `CASE WHEN ${family} = 'local' THEN CASE WHEN substr(${saddr}, 5, 2) = '00' THEN '@' || ${untilNul(7)} ELSE ${untilNul(5)} END END`;
}

const BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const V4 = `${BYTE}(\\.${BYTE}){3}`;
const H = "[0-9A-Fa-f]{1,4}";

/** IPv4 or IPv6 text (RFC 4291, 2.2) as OCSF's `ip_t` takes it: no leading zeros, no zone; IPv4 inside IPv6 in its mapped form only. */
export const IP_PATTERN = [
  V4,
  `(${H}:){7}${H}`,
  `(${H}:){1,7}:`,
  ...[1, 2, 3, 4, 5, 6].map((after) => `(${H}:){1,${7 - after}}(:${H}){1,${after}}`),
  `:((:${H}){1,7}|:)`,
  `:(:[fF]{4})?:${V4}`,
].join("|");

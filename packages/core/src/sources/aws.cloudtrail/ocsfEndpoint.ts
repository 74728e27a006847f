import { jsonObject, jsonString } from "../jsonText.ts";

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

/** OCSF's `src_endpoint`: an address, or the AWS service that called. What is neither (a redacted record) is a name. */
export function sourceEndpoint(): string {
  const isIp = `regexp_full_match(address, '${IP_PATTERN}')`;
  const isService = `(starts_with(address, 'AWS ') OR ends_with(address, '.amazonaws.com'))`;
  return jsonObject({
    ip: `CASE WHEN ${isIp} THEN ${jsonString("address")} END`,
    svc_name: `CASE WHEN ${isService} THEN ${jsonString("address")} END`,
    name: `CASE WHEN coalesce(address, '') = '' THEN '"unknown"' WHEN NOT ${isIp} AND NOT ${isService} THEN ${jsonString("address")} END`,
  });
}

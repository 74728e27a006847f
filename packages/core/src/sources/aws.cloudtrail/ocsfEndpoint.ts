import { IP_PATTERN } from "../address.ts";
import { jsonObject, jsonString } from "../jsonText.ts";

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

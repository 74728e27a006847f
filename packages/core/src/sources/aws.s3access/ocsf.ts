import { jsonArrayOf, jsonConstant, jsonObject, jsonString } from "../jsonText.ts";
import { apiOf, endpointOf, eventMembers } from "../ocsfEvent.ts";

const url = `CASE WHEN uri <> '' THEN ${jsonObject({ path: jsonString(`split_part(uri, '?', 1)`), query_string: `CASE WHEN contains(uri, '?') THEN ${jsonString(`substr(uri, strpos(uri, '?') + 1)`)} END`, url_string: jsonString("uri"), hostname: jsonString("endpoint") })} END`;

/** The request as OCSF 1.8.0, API Activity. docs/sources/aws.s3access.md has the mapping. */
export const ocsf = `${jsonObject({
  ...eventMembers({ name: "Amazon S3", vendor: "AWS" }, { 6003: "API Activity" }, { profiles: jsonArrayOf(jsonConstant("cloud")) }),
  status_code: jsonString("coalesce(error_code, status)"),
  cloud: jsonObject({ provider: jsonConstant("AWS"), region: jsonString("region") }),
  actor: jsonObject({
    user: jsonObject({
      name: `CASE WHEN entity_kind IN ('person', 'role', 'user') THEN ${jsonString("entity_name")} WHEN coalesce(actor_name, '') = '' THEN ${jsonConstant("anonymous")} END`,
      uid: jsonString("actor_name"),
      account: jsonObject({ uid: jsonString("account") }),
    }),
  }),
  api: apiOf({ uid: "request_id", response: { code: `TRY_CAST(status AS INTEGER)::VARCHAR`, error: jsonString("error_code") } }),
  http_request: jsonObject({ http_method: `CASE WHEN method IN ('CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'TRACE', 'PATCH') THEN ${jsonString("method")} END`, url, user_agent: jsonString("user_agent"), referrer: jsonString("referer") }),
  http_response: `CASE WHEN TRY_CAST(status AS INTEGER) IS NOT NULL THEN ${jsonObject({ code: `TRY_CAST(status AS INTEGER)::VARCHAR`, length: `TRY_CAST(bytes AS INTEGER)::VARCHAR` })} END`,
  src_endpoint: endpointOf("address"),
  resources: `CASE WHEN bucket <> '' THEN ${jsonArrayOf(jsonObject({ name: jsonString("resource"), type: `CASE WHEN object_key <> '' THEN ${jsonConstant("AWS::S3::Object")} ELSE ${jsonConstant("AWS::S3::Bucket")} END`, owner: `CASE WHEN bucket_owner <> '' THEN ${jsonObject({ uid: jsonString("bucket_owner") })} END` }))} END`,
})}::JSON`;

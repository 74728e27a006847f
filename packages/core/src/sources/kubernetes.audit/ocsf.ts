import { IP_PATTERN } from "../address.ts";
import { jsonArrayOf, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { apiOf, endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";

const record = new RecordParts();

const MAPPED = ["kind", "apiVersion", "auditID", "requestURI", "verb", "userAgent", "requestObject", "responseObject"];

const groups = `'[' || list_aggregate(list_transform(json_extract(${record.json("/user/groups")}, '$[*]'), lambda one: ${jsonObject({ name: jsonString("one->>'$'") })}), 'string_agg', ',') || ']'`;

const actor = jsonObject({
  user: jsonObject({
    name: jsonString(`coalesce(nullif(actor_name, ''), 'unknown')`),
    uid: jsonString("actor_uid"),
    uid_alt: jsonString("actor_arn"),
    credential_uid: jsonString("access_key"),
    groups,
    account: jsonObject({ uid: jsonString(`nullif(split_part(actor_arn, ':', 5), '')`) }),
  }),
  session: jsonObject({ uid: jsonString(record.text("/user/extra/sessionName/0")) }),
});

const api = apiOf({
  uid: record.text("/auditID"),
  data: record.json("/requestObject"),
  response: { code: `TRY_CAST(response_code AS INTEGER)::VARCHAR`, error: jsonString(record.text("/responseStatus/reason")), message: jsonString(record.text("/responseStatus/message")), data: record.json("/responseObject") },
  more: { version: jsonString(record.text("/objectRef/apiVersion")), group: jsonObject({ name: jsonString("api_group") }) },
});

const resources = jsonArrayOf(jsonObject({ name: jsonString("resource"), type: jsonString("resource_type"), namespace: jsonString("namespace"), uid: jsonString(record.text("/objectRef/uid")) }));

const query = `CASE WHEN contains(request_uri, '?') THEN substr(request_uri, strpos(request_uri, '?') + 1) END`;

/** What the headers say of the way before the connection. */
const forwarded = `nullif(to_json(list_filter(json_extract_string(${record.json("/sourceIPs")}, '$[*]')[:-2], lambda one: regexp_full_match(one, '${IP_PATTERN}')))::VARCHAR, '[]')`;

/** The event as OCSF 1.8.0, API Activity. docs/sources/kubernetes.audit.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers({ name: "Kubernetes", vendor: "Kubernetes" }, { 6003: "API Activity" }, { correlation_uid: jsonString(record.text("/auditID")), log_level: jsonString("level"), log_version: jsonString(record.text("/apiVersion")), original_time: jsonString(record.firstText("/requestReceivedTimestamp", "/stageTimestamp", "/timestamp")) }),
    status_code: jsonString("response_code"),
    status_detail: jsonString(record.text("/responseStatus/message")),
    actor,
    api,
    http_request: jsonObject({ user_agent: jsonString("user_agent"), url: jsonObject({ path: jsonString(`split_part(request_uri, '?', 1)`), query_string: jsonString(query) }), x_forwarded_for: forwarded }),
    src_endpoint: endpointOf("address"),
    resources,
    unmapped: unmapped(MAPPED),
  }),
);

import { jsonArrayOf, jsonConstant, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { endpointOf, eventMembers, unmapped } from "../ocsfEvent.ts";

const record = new RecordParts();

const MAPPED = ["time", "resourceId", "operationName", "category", "callerIpAddress", "location", "correlationId", "statusText", "resultType", "resultSignature"];

const isRole = `entity_kind = 'role'`;
/** Who has a shared key or link, or no token at all, has no name. */
const actor = jsonObject({
  user: jsonObject({ name: jsonString(`coalesce(actor_name, CASE WHEN actor_uid IS NULL THEN coalesce(app_id, 'unknown') END)`), uid: jsonString("actor_uid"), credential_uid: jsonString("access_key"), type: `CASE WHEN ${isRole} THEN ${jsonConstant("Service Principal")} END`, type_id: `CASE WHEN ${isRole} THEN '99' END` }),
  app_uid: jsonString("app_id"),
});

const api = jsonObject({
  operation: jsonString(`coalesce(nullif(operation, ''), 'unknown')`),
  version: jsonString(record.text("/operationVersion")),
  service: jsonObject({ name: jsonString("service") }),
  request: jsonObject({ uid: jsonString(`coalesce(nullif(correlation_id, ''), event_uid)`) }),
  response: jsonObject({ code: `status_code::VARCHAR`, error: `CASE WHEN status_id = 2 THEN ${jsonString("outcome")} END`, message: jsonString(record.text("/resultDescription")) }),
});

/** The call as OCSF 1.8.0, API Activity. docs/sources/azure.diagnostics.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers({ name: "Azure resource logs", vendor: "Microsoft" }, { 6003: "API Activity" }, { profiles: jsonArrayOf(jsonConstant("cloud")), log_provider: jsonString("category"), correlation_uid: jsonString("correlation_id"), original_time: jsonString(record.text("/time")) }),
    status_code: jsonString(`status_code::VARCHAR`),
    cloud: jsonObject({ provider: jsonConstant("Azure"), region: jsonString("region"), account: jsonObject({ uid: jsonString("account") }) }),
    actor,
    api,
    http_request: jsonObject({ user_agent: jsonString("user_agent") }),
    src_endpoint: endpointOf("address"),
    resources: jsonArrayOf(jsonObject({ name: jsonString("resource"), uid: jsonString("resource_id") })),
    unmapped: unmapped(MAPPED),
  }),
);

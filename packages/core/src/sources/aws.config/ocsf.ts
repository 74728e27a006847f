import { jsonArrayOf, jsonConstant, jsonMillis, jsonObject, jsonString, RecordParts } from "../jsonText.ts";
import { eventMembers, unmapped } from "../ocsfEvent.ts";

const record = new RecordParts();

const firstJson = (pointer: string): string => `coalesce(${record.json(pointer)}, ${record.json(`/configurationItem${pointer}`)})`;
/** The API writes the configuration as text, files and notifications as an object; other text and none at all are no data. */
const configuration = firstJson("/configuration");
const data = `CASE json_type(${configuration}) WHEN 'OBJECT' THEN ${configuration} WHEN 'VARCHAR' THEN CASE WHEN json_valid(${configuration}->>'$') THEN ${configuration}->>'$' END END`;
const tags = jsonArrayOf(`list_aggregate(list_transform(map_entries(TRY_CAST(${firstJson("/tags")}::JSON AS MAP(VARCHAR, VARCHAR))), lambda one: '{"name":' || to_json(one.key) || ',"value":' || to_json(coalesce(one.value, '')) || '}'), 'string_agg', ',')`);

const MAPPED = ["awsAccountId", "accountId", "awsRegion", "resourceType", "resourceId", "resourceName", "ARN", "arn", "availabilityZone", "configurationItemCaptureTime", "configurationItemStatus", "configuration", "resourceCreationTime", "configurationItem"];

/** The state of a resource as OCSF 1.8.0, Cloud Resources Inventory Info. docs/sources/aws.config.md has the mapping. */
export const ocsf = record.bind(
  jsonObject({
    ...eventMembers({ name: "AWS Config", vendor: "AWS" }, { 5023: "Cloud Resources Inventory Info" }, { profiles: jsonArrayOf(jsonConstant("cloud")), log_version: jsonString(record.firstText("/configurationItemVersion", "/configurationItem/configurationItemVersion", "/version")) }),
    message: jsonString(`concat_ws(' ', operation, resource_type, coalesce(resource_name, resource_id))`),
    status_code: jsonString("outcome"),
    cloud: jsonObject({ provider: jsonConstant("AWS"), account: jsonObject({ uid: jsonString("account") }), region: jsonString("region"), zone: jsonString("zone") }),
    region: jsonString("region"),
    resources: `CASE WHEN coalesce(resource, resource_name, '') <> '' THEN ${jsonArrayOf(jsonObject({ uid: jsonString("resource"), uid_alt: `CASE WHEN resource_arn IS NOT NULL THEN ${jsonString("resource_id")} END`, name: jsonString("resource_name"), type: jsonString("resource_type"), region: jsonString("region"), zone: jsonString("zone"), created_time: jsonMillis("created"), owner: `CASE WHEN account <> '' THEN ${jsonObject({ account: jsonObject({ uid: jsonString("account") }) })} END`, tags, data }))} END`,
    unmapped: unmapped(MAPPED),
  }),
);

import { OBJECT_TIME, PLACE_IDENTITY, timestampSql, type SourceDefinition } from "../definition.ts";
import { jsonArrayOf, jsonConstant, jsonMillis, jsonObject, jsonString, RECORD } from "../jsonText.ts";

/** Where records of unknown origin commonly keep their time and the person or thing that acted, most telling first. */
const TIME_FIELDS = ["time", "timestamp", "@timestamp", "eventTime", "event_time", "UtcTime", "datetime", "date", "ts"];
const ACTOR_FIELDS = ["user", "User", "username", "user_name", "userName", "actor", "account", "SubjectUserName", "TargetUserName"];
const OPERATION_FIELDS = ["operation", "action", "event", "eventName", "event_name", "type", "EventID"];
const ADDRESS_FIELDS = ["src_ip", "source_ip", "sourceIPAddress", "ip", "client_ip", "remote_addr", "SourceIp", "c-ip"];
const HOST_FIELDS = ["host", "hostname", "Computer", "ComputerName"];

/** RFC 6901: `~` and `/` in a key are escaped. */
const pointer = (key: string): string => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
const names = [...new Set([...TIME_FIELDS, ...ACTOR_FIELDS, ...OPERATION_FIELDS, ...ADDRESS_FIELDS, ...HOST_FIELDS])];
const first = (of: readonly string[]): string => `coalesce(${of.map((name) => `"@${name}"`).join(", ")})`;

/** Seconds, milliseconds or text; whatever reads as a time first. */
const time = `coalesce(${TIME_FIELDS.map((name) => timestampSql(`"@${name}"`)).join(", ")},
    CASE WHEN regexp_full_match(${first(TIME_FIELDS)}, '[0-9]{10}(\\.[0-9]+)?') THEN epoch_ms((TRY_CAST(${first(TIME_FIELDS)} AS DOUBLE) * 1000)::BIGINT)
         WHEN regexp_full_match(${first(TIME_FIELDS)}, '[0-9]{13}') THEN epoch_ms(TRY_CAST(${first(TIME_FIELDS)} AS BIGINT)) END,
    ${OBJECT_TIME})`;

/** A Base Event of OCSF 1.8.0: nothing is known of the record's meaning, so it stands whole under `unmapped`. `actor` comes with the host profile. */
const ocsf = `${jsonObject({
  metadata: jsonObject({
    version: jsonConstant("1.8.0"),
    profiles: `CASE WHEN actor_name <> '' THEN ${jsonArrayOf(jsonConstant("host"))} END`,
    product: jsonObject({ name: jsonConstant("JSON records"), vendor_name: jsonConstant("unknown") }),
    uid: jsonString("event_uid"),
    event_code: jsonString("operation"),
    log_name: jsonString("source"),
  }),
  time: jsonMillis(`"time"`),
  class_uid: "'0'",
  class_name: jsonConstant("Base Event"),
  category_uid: "'0'",
  activity_id: "'0'",
  type_uid: "'0'",
  severity_id: "'1'",
  severity: jsonConstant("Informational"),
  message: jsonString("operation"),
  actor: jsonObject({ user: jsonObject({ name: jsonString("actor_name") }) }),
  unmapped: `CASE WHEN json_type(${RECORD}) = 'OBJECT' THEN json(${RECORD})::VARCHAR END`,
})}::JSON`;

/** Any JSON object: an application's own log, or records exported from elsewhere. Events have no id of their own. */
export const genericJson: SourceDefinition = {
  id: "generic.json",
  title: "JSON records",
  logsource: {},
  text: null,
  recognises: () => true,
  fits: "true",
  fields: Object.fromEntries(names.map((name) => [name, pointer(name)])),
  sigmaNames: {},
  keyFields: [],
  columns: [
    ...PLACE_IDENTITY,
    { name: "time", type: "TIMESTAMP", sql: time },
    { name: "class_uid", type: "INTEGER", sql: `0` },
    { name: "activity_id", type: "INTEGER", sql: `0` },
    { name: "status_id", type: "INTEGER", sql: `0` },
    { name: "operation", type: "VARCHAR", sql: first(OPERATION_FIELDS) },
    { name: "service", type: "VARCHAR", sql: `NULL::VARCHAR` },
    { name: "account", type: "VARCHAR", sql: `NULL::VARCHAR` },
    { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
    { name: "address", type: "VARCHAR", sql: first(ADDRESS_FIELDS) },
    { name: "user_agent", type: "VARCHAR", sql: `NULL::VARCHAR` },
    { name: "outcome", type: "VARCHAR", sql: `NULL::VARCHAR` },
    { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
    { name: "actor_name", type: "VARCHAR", sql: first(ACTOR_FIELDS) },
    { name: "entity_kind", type: "VARCHAR", sql: `CASE WHEN ${first(ACTOR_FIELDS)} IS NOT NULL THEN 'user' WHEN ${first(ADDRESS_FIELDS)} IS NOT NULL THEN 'address' ELSE 'unknown' END` },
    { name: "entity_name", type: "VARCHAR", sql: `coalesce(${first(ACTOR_FIELDS)}, ${first(ADDRESS_FIELDS)}, ${first(HOST_FIELDS)}, 'unknown')` },
    { name: "entity_key", type: "VARCHAR", sql: `entity_kind || ':' || entity_name`, uses: ["entity_kind", "entity_name"] },
    { name: "resource", type: "VARCHAR", sql: first(HOST_FIELDS) },
  ],
  ocsf,
};

import { OBJECT_TIME, PLACE_IDENTITY, timestampSql, type SourceDefinition } from "../definition.ts";
import { jsonConstant, jsonMillis, jsonObject, jsonString } from "../jsonText.ts";

/** A time as ISO 8601 writes it, where most programs put it: near the beginning. */
const isoTime = String.raw`regexp_extract(line[:80], '\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?')`;

/** A Base Event of OCSF 1.8.0: nothing is known of the line's meaning. */
const ocsf = `${jsonObject({
  metadata: jsonObject({ version: jsonConstant("1.8.0"), product: jsonObject({ name: jsonConstant("Lines of text"), vendor_name: jsonConstant("unknown") }), uid: jsonString("event_uid"), log_name: jsonString("source") }),
  time: jsonMillis(`"time"`),
  class_uid: "'0'",
  class_name: jsonConstant("Base Event"),
  category_uid: "'0'",
  activity_id: "'0'",
  type_uid: "'0'",
  severity_id: "'1'",
  severity: jsonConstant("Informational"),
  message: jsonString("raw_data"),
})}::JSON`;

/** Any line that is no JSON: kept whole and searchable. */
export const genericText: SourceDefinition = {
  id: "generic.text",
  title: "Lines of text",
  logsource: {},
  text: { recognises: () => true, part: isoTime },
  recognises: () => false,
  fits: "true",
  fields: { time: "replace(part, ',', '.')" },
  sigmaNames: {},
  keyFields: [],
  columns: [
    ...PLACE_IDENTITY,
    { name: "time", type: "TIMESTAMP", sql: `coalesce(${timestampSql(`"@time"`)}, ${OBJECT_TIME})` },
    { name: "class_uid", type: "INTEGER", sql: `0` },
    { name: "activity_id", type: "INTEGER", sql: `0` },
    { name: "status_id", type: "INTEGER", sql: `0` },
    ...["operation", "service", "account", "region", "address", "user_agent", "outcome", "access_key", "actor_name"].map((name) => ({ name, type: "VARCHAR", sql: `NULL::VARCHAR` })),
    { name: "entity_kind", type: "VARCHAR", sql: `'unknown'` },
    { name: "entity_name", type: "VARCHAR", sql: `'unknown'` },
    { name: "entity_key", type: "VARCHAR", sql: `'unknown:unknown'` },
    { name: "resource", type: "VARCHAR", sql: `NULL::VARCHAR` },
  ],
  ocsf,
};

import { jsonArrayOf, jsonConstant, jsonObject, jsonString, type RecordParts } from "../jsonText.ts";

/** The first target of these types, as JSON; NULL when there is none. */
function first(record: RecordParts, types: string): string {
  return `list_filter(json_extract(${record.json("/target")}, '$[*]'), lambda one: regexp_full_match(one->>'/type', '${types}'))[1]`;
}

const known = (sql: string): string => `nullif(nullif(${sql}, ''), 'unknown')`;

/** SQL over a target's JSON as `one`, for a target that SQL gives; NULL stays NULL. */
const of = (target: string, sql: string): string => `list_transform(list_filter([${target}], lambda one: one IS NOT NULL), lambda one: ${sql})[1]`;

const nameOf = `coalesce(${known("one->>'/alternateId'")}, ${known("one->>'/displayName'")}, nullif(one->>'/id', ''), 'unknown')`;
const titleOf = `coalesce(${known("one->>'/displayName'")}, ${known("one->>'/alternateId'")}, nullif(one->>'/id', ''), 'unknown')`;

/** The user that an event is about; NULL when no user is among its targets. */
export function targetUser(record: RecordParts): string {
  const user = jsonObject({ name: jsonString(nameOf), uid: jsonString("one->>'/id'"), full_name: jsonString("one->>'/displayName'") });
  return of(first(record, "User"), user);
}

/** The group of Group Management. */
export function group(record: RecordParts): string {
  const named = jsonObject({ name: jsonString(titleOf), uid: jsonString("one->>'/id'") });
  return `coalesce(${of(first(record, "(?i).*group"), named)}, ${jsonObject({ name: jsonConstant("unknown") })})`;
}

/** Administrator roles that an event gives or takes: Okta lists them in one text; elsewhere the role or application among the targets. */
export function privileges(record: RecordParts): string {
  const roles = record.firstText("/debugContext/debugData/privilegeGranted", "/debugContext/debugData/privilegeRevoked");
  const listed = `list_aggregate(list_transform(list_filter(string_split(${roles}, ','), lambda text: trim(text) <> ''), lambda text: to_json(trim(text))::VARCHAR), 'string_agg', ',')`;
  const single = of(first(record, "(?i).*role|AppInstance"), jsonString(titleOf));
  return jsonArrayOf(`coalesce(${listed}, ${single}, CASE WHEN class_uid = 3005 THEN '"unknown"' END)`);
}

/** The policy, zone, application, identity provider, token … of Entity Management. */
export function entity(record: RecordParts): string {
  const type = `one->>'/type'`;
  const thing = jsonObject({
    name: jsonString(titleOf),
    uid: jsonString("one->>'/id'"),
    type: jsonString(type),
    type_id: `CASE ${type} WHEN 'User' THEN '2' WHEN 'Device' THEN '1' ELSE '99' END`,
  });
  return `coalesce(${of(`json_extract(${record.json("/target")}, '$[*]')[1]`, thing)}, ${jsonObject({ name: jsonConstant("unknown"), type_id: "'0'" })})`;
}

/** Everything that an event was done to. */
export function resources(record: RecordParts): string {
  const resource = jsonObject({ name: jsonString(nameOf), uid: jsonString("one->>'/id'"), type: jsonString("one->>'/type'") });
  const each = `list_transform(list_filter(json_extract(${record.json("/target")}, '$[*]'), lambda one: json_type(one) = 'OBJECT'), lambda one: ${resource})`;
  return jsonArrayOf(`list_aggregate(${each}, 'string_agg', ',')`);
}

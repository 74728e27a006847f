import { IP_PATTERN } from "./address.ts";
import { jsonConstant, jsonMillis, jsonObject, jsonString, RECORD } from "./jsonText.ts";

/** What an OCSF event says of the product that wrote the record. */
interface Product {
  name: string;
  vendor: string;
}

/**
 * The members that every OCSF 1.8.0 event has, over a stored row.
 * @param classes names of the classes by their numbers; more than one is told by `class_uid`
 * @param metadata more members of `metadata`
 */
export function eventMembers(product: Product, classes: Readonly<Record<number, string>>, metadata: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    metadata: jsonObject({
      version: jsonConstant("1.8.0"),
      product: jsonObject({ name: jsonConstant(product.name), vendor_name: jsonConstant(product.vendor) }),
      uid: jsonString("event_uid"),
      event_code: jsonString("operation"),
      log_name: jsonString("source"),
      ...metadata,
    }),
    time: jsonMillis(`"time"`),
    class_uid: "class_uid::VARCHAR",
    class_name: `CASE class_uid ${Object.entries(classes).map(([uid, name]) => `WHEN ${uid} THEN ${jsonConstant(name)}`).join(" ")} END`,
    category_uid: "(class_uid // 1000)::VARCHAR",
    activity_id: "activity_id::VARCHAR",
    type_uid: "(class_uid * 100 + activity_id)::VARCHAR",
    severity_id: "'1'",
    severity: jsonConstant("Informational"),
    status_id: "status_id::VARCHAR",
    status: `CASE status_id WHEN 1 THEN ${jsonConstant("Success")} WHEN 2 THEN ${jsonConstant("Failure")} END`,
    message: jsonString(`concat(operation, ' by ', entity_name, CASE WHEN status_id = 2 THEN ': ' || outcome END)`),
  };
}

/** What OCSF says of a call beyond its operation and service, as SQL: members of JSON text, but for the request's id, which is text. */
interface Call {
  /** The vendor's id for the request; OCSF wants one, so a call without it takes the event's. */
  uid?: string;
  /** What was asked for. */
  data?: string;
  response?: Readonly<Record<string, string>>;
  /** Further members. */
  more?: Readonly<Record<string, string>>;
}

/** OCSF's `api` over a stored row. */
export function apiOf({ uid = "NULL", data = "NULL", response, more = {} }: Call = {}): string {
  return jsonObject({
    operation: jsonString(`coalesce(nullif(operation, ''), 'unknown')`),
    service: jsonObject({ name: jsonString("service") }),
    request: jsonObject({ uid: jsonString(`coalesce(nullif(${uid}, ''), event_uid)`), data }),
    ...(response && { response: jsonObject(response) }),
    ...more,
  });
}

/** OCSF's endpoint for a column that holds an address; what is none is a name. @param more further members */
export function endpointOf(column: string, more: Readonly<Record<string, string>> = {}): string {
  const isIp = `regexp_full_match(${column}, '${IP_PATTERN}')`;
  return jsonObject({
    ip: `CASE WHEN ${isIp} THEN ${jsonString(column)} END`,
    name: `CASE WHEN coalesce(${column}, '') = '' THEN '"unknown"' WHEN NOT ${isIp} THEN ${jsonString(column)} END`,
    ...more,
  });
}

/** The record without these members, which have a place of their own; NULL where nothing is left. */
export function unmapped(mapped: readonly string[]): string {
  const patch = `'{${mapped.map((name) => `"${name}":null`).join(",")}}'`;
  return `CASE WHEN json_type(${RECORD}) = 'OBJECT' THEN nullif(json_merge_patch(${RECORD}, ${patch})::VARCHAR, '{}') END`;
}

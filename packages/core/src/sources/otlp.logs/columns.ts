import { identity, OBJECT_TIME, type Column } from "../definition.ts";
import { OTHERS, RECORD, recordField, RESOURCE, resourceField } from "./attributes.ts";

const first = (names: readonly string[]): string => `coalesce(${names.map((name) => `nullif("@${name}", '')`).join(", ")})`;
const column = (name: string, field: string): Column => ({ name, type: "VARCHAR", sql: `"@${field}"`, field });

/** Nanoseconds since 1970; 0 is none. */
const nanoseconds = (name: string): string => `CASE WHEN TRY_CAST("@${name}" AS BIGINT) > 0 THEN make_timestamp(TRY_CAST("@${name}" AS BIGINT) // 1000) END`;

/** OpenTelemetry's numbers, four to a word; where there is none, what the logger called it. */
const number = `TRY_CAST("@severityNumber" AS INTEGER)`;
const severity = `CASE WHEN ${number} BETWEEN 1 AND 8 THEN 'debug' WHEN ${number} BETWEEN 9 AND 12 THEN 'info' WHEN ${number} BETWEEN 13 AND 16 THEN 'warning' WHEN ${number} BETWEEN 17 AND 20 THEN 'error' WHEN ${number} BETWEEN 21 AND 24 THEN 'critical'
    ELSE CASE lower("@severityText") WHEN 'trace' THEN 'debug' WHEN 'debug' THEN 'debug' WHEN 'info' THEN 'info' WHEN 'notice' THEN 'notice' WHEN 'warn' THEN 'warning' WHEN 'warning' THEN 'warning' WHEN 'error' THEN 'error' WHEN 'fatal' THEN 'critical' WHEN 'critical' THEN 'critical' END END`;

const code = `TRY_CAST(response_code AS INTEGER)`;
const EMAIL = `[^@\\s"<>{}\\[\\]]+@[^@\\s"<>{}\\[\\]]+`;
const emailIn = (sql: string): string => `CASE WHEN regexp_full_match(${sql}, '${EMAIL}') THEN ${sql} END`;

const classUid = `CASE WHEN request_method <> '' OR event_name IS NOT NULL THEN 6003 WHEN severity IN ('error', 'critical') OR exception_type <> '' THEN 6008 ELSE 6002 END`;
const activityId = `CASE class_uid WHEN 6008 THEN 1 WHEN 6002 THEN 99 ELSE CASE lower(request_method) WHEN 'post' THEN 1 WHEN 'get' THEN 2 WHEN 'head' THEN 2 WHEN 'put' THEN 3 WHEN 'patch' THEN 3 WHEN 'delete' THEN 4 ELSE 99 END END`;

const entityKind = `CASE WHEN actor_email IS NOT NULL THEN 'person' WHEN coalesce(actor_uid, actor_name) IS NOT NULL THEN 'user' WHEN address IS NOT NULL THEN 'address' WHEN service <> '' THEN 'role' ELSE 'unknown' END`;
const entityName = `CASE entity_kind WHEN 'person' THEN lower(actor_email) WHEN 'user' THEN coalesce(actor_name, actor_uid) WHEN 'address' THEN address WHEN 'role' THEN service ELSE 'unknown' END`;
/** Names change; ids stay. */
const entityKey = `entity_kind || ':' || CASE entity_kind WHEN 'user' THEN coalesce(actor_uid, actor_name) ELSE entity_name END`;

export const columns: readonly Column[] = [
  ...Object.entries(RESOURCE).map(([name, of]) => column(of, resourceField(name))),
  ...Object.entries(RECORD).map(([name, of]) => column(of, recordField(name))),
  ...identity(`CASE WHEN ${first(OTHERS.id)} IS NOT NULL THEN concat_ws(':', coalesce(service, ''), ${first(OTHERS.id)}) END`).map((one) => ({ ...one, uses: [...(one.uses ?? []), "service"] })),
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${nanoseconds("timeUnixNano")}, ${nanoseconds("observedTimeUnixNano")}, ${OBJECT_TIME})` },
  { name: "severity", type: "VARCHAR", sql: severity },
  { name: "event_name", type: "VARCHAR", sql: first(OTHERS.event) },
  { name: "class_uid", type: "INTEGER", sql: classUid, uses: ["request_method", "event_name", "severity", "exception_type"] },
  { name: "activity_id", type: "INTEGER", sql: activityId, uses: ["class_uid", "request_method"] },
  { name: "status_id", type: "INTEGER", sql: `CASE WHEN ${code} >= 400 THEN 2 WHEN ${code} > 0 THEN 1 ELSE 0 END`, uses: ["response_code"] },
  { name: "operation", type: "VARCHAR", sql: `coalesce(event_name, nullif(concat_ws(' ', nullif(request_method, ''), nullif(request_path, '')), ''), nullif(exception_type, ''))`, uses: ["event_name", "request_method", "request_path", "exception_type"] },
  { name: "address", type: "VARCHAR", sql: first(OTHERS.address) },
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN response_code END`, uses: ["status_id", "response_code"] },
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "actor_email", type: "VARCHAR", sql: `coalesce(${[...OTHERS.email, ...OTHERS.uid, ...OTHERS.name].map((name) => emailIn(`"@${name}"`)).join(", ")})` },
  { name: "actor_uid", type: "VARCHAR", sql: first(OTHERS.uid) },
  { name: "actor_name", type: "VARCHAR", sql: first([...OTHERS.name, ...OTHERS.email]) },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["actor_email", "actor_uid", "actor_name", "address", "service"] },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["entity_kind", "actor_email", "actor_uid", "actor_name", "address", "service"] },
  { name: "entity_key", type: "VARCHAR", sql: entityKey, uses: ["entity_kind", "entity_name", "actor_uid", "actor_name"] },
  { name: "resource", type: "VARCHAR", sql: `nullif(request_path, '')`, uses: ["request_path"] },
  { name: "environment", type: "VARCHAR", sql: `coalesce(${OTHERS.environment.map((name) => `"@${name}"`).join(", ")})`, field: OTHERS.environment[0] },
  column("message", "body"),
  column("trace_id", "traceId"),
  column("span_id", "spanId"),
  column("logger", "scope.name"),
];

import { identity, OBJECT_TIME, timestampSql, type Column } from "../definition.ts";
import { codeSql } from "./codes.ts";

const text = (name: string): string => `nullif("@${name}", '')`;

/** Auth0's own ids are long numbers; anything else does not identify an event. */
const id = `CASE WHEN regexp_full_match(coalesce("@log_id", "@_id"), '900[0-9]{20,}') THEN coalesce("@log_id", "@_id") END`;

/** Calls of the Management API: what was done is in the description, all of them have the same few types. */
const isCall = `event_type IN ('sapi', 'fapi', 'mgmt_api_read')`;
const answer = `TRY_CAST("@details.response.statusCode" AS INTEGER)`;

const act = `CASE WHEN event_type IN ('sapi', 'fapi') THEN 600300 + CASE lower("@details.request.method") WHEN 'post' THEN 1 WHEN 'get' THEN 2 WHEN 'put' THEN 3 WHEN 'patch' THEN 3 WHEN 'delete' THEN 4 ELSE 99 END
    ELSE ${codeSql(([, code]) => String(code), `CASE WHEN event_type <> '' THEN 600399 ELSE 600300 END`)} END`;

/** Types that came after the table end in what became of them. */
const status = `CASE WHEN ${isCall} AND ${answer} >= 400 THEN 2
    ELSE ${codeSql(([, , outcome]) => String(outcome), `CASE WHEN regexp_matches(event_type, '_(failed|failure|rejected)$') THEN 2 WHEN regexp_matches(event_type, '_(succeed|succeeded|completed)$') THEN 1 ELSE 0 END`)} END`;

const caller = text("details.request.auth.user.email");
const userId = text("user_id");
/** Machines are users by the name of their client. */
const machine = `CASE WHEN ends_with(${userId}, '@clients') THEN left(${userId}, length(${userId}) - 8) END`;

/** Where a sign-in fails and Auth0 knows no user, the name is whatever somebody typed, and the client whatever a program sent. */
const entityKind = `CASE
    WHEN contains(${caller}, '@') THEN 'person'
    WHEN ${machine} <> '' THEN 'role'
    WHEN event_type <> 'fu' AND ${userId} IS NOT NULL THEN CASE WHEN contains("@user_name", '@') THEN 'person' ELSE 'user' END
    WHEN status_id = 2 AND address IS NOT NULL THEN 'address'
    WHEN ${text("client_id")} IS NOT NULL THEN 'role'
    WHEN address IS NOT NULL THEN 'address' ELSE 'unknown' END`;

const entityName = `coalesce(CASE entity_kind
    WHEN 'person' THEN lower(CASE WHEN contains(${caller}, '@') THEN ${caller} ELSE "@user_name" END)
    WHEN 'user' THEN coalesce(${text("user_name")}, ${userId})
    WHEN 'role' THEN coalesce(${text("client_name")}, ${machine}, "@client_id")
    WHEN 'address' THEN address END, 'unknown')`;

/** Names of users and applications change; their ids stay. */
const entityKey = `entity_kind || ':' || CASE entity_kind WHEN 'user' THEN ${userId} WHEN 'role' THEN coalesce(${machine}, "@client_id") ELSE entity_name END`;

export const columns: readonly Column[] = [
  ...identity(id),
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${timestampSql(`"@date"`)}, ${OBJECT_TIME})` },
  { name: "event_type", type: "VARCHAR", sql: `"@type"`, field: "type" },
  { name: "act", type: "INTEGER", sql: act, uses: ["event_type"], stored: false },
  { name: "class_uid", type: "INTEGER", sql: `act // 100`, uses: ["act"] },
  { name: "activity_id", type: "INTEGER", sql: `act % 100`, uses: ["act"] },
  { name: "status_id", type: "INTEGER", sql: status, uses: ["event_type"] },
  { name: "operation", type: "VARCHAR", sql: `CASE WHEN ${isCall} AND "@description" <> '' THEN "@description" ELSE ${codeSql(([name]) => `'${name}'`, "event_type")} END`, uses: ["event_type"] },
  { name: "service", type: "VARCHAR", sql: `coalesce(${text("client_name")}, ${text("audience")})` },
  { name: "account", type: "VARCHAR", sql: `"@tenant_name"`, field: "tenant_name" },
  { name: "region", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "address", type: "VARCHAR", sql: `coalesce(${text("ip")}, ${text("details.request.ip")})` },
  { name: "user_agent", type: "VARCHAR", sql: `"@user_agent"`, field: "user_agent" },
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN CASE WHEN ${isCall} THEN coalesce("@details.response.statusCode", event_type) ELSE event_type END END`, uses: ["event_type", "status_id"] },
  { name: "access_key", type: "VARCHAR", sql: `"@details.request.auth.credentials.jti"`, field: "details.request.auth.credentials.jti" },
  { name: "actor_name", type: "VARCHAR", sql: `coalesce(${caller}, ${text("user_name")})` },
  { name: "actor_uid", type: "VARCHAR", sql: `"@user_id"`, field: "user_id" },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["address", "event_type", "status_id"] },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["address", "entity_kind"] },
  { name: "entity_key", type: "VARCHAR", sql: entityKey, uses: ["entity_kind", "entity_name"] },
  { name: "resource", type: "VARCHAR", sql: `coalesce(${text("details.request.path")}, ${text("client_name")}, ${text("client_id")})` },
  { name: "description", type: "VARCHAR", sql: `"@description"`, field: "description" },
  { name: "client_id", type: "VARCHAR", sql: `"@client_id"`, field: "client_id" },
  { name: "client_name", type: "VARCHAR", sql: `"@client_name"`, field: "client_name" },
  { name: "connection", type: "VARCHAR", sql: `"@connection"`, field: "connection" },
  { name: "user_name", type: "VARCHAR", sql: `"@user_name"`, field: "user_name" },
  { name: "strategy", type: "VARCHAR", sql: `"@strategy"`, field: "strategy" },
  { name: "hostname", type: "VARCHAR", sql: `"@hostname"`, field: "hostname" },
  { name: "organization_id", type: "VARCHAR", sql: `"@organization_id"`, field: "organization_id" },
  { name: "session_id", type: "VARCHAR", sql: `"@session_id"`, field: "session_id" },
  { name: "request_method", type: "VARCHAR", sql: `"@details.request.method"`, field: "details.request.method" },
  { name: "request_path", type: "VARCHAR", sql: `"@details.request.path"`, field: "details.request.path" },
  { name: "response_code", type: "VARCHAR", sql: `"@details.response.statusCode"`, field: "details.response.statusCode" },
];

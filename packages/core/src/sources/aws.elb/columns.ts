import { OBJECT_TIME, PLACE_IDENTITY, timestampSql, type Column } from "../definition.ts";

const text = (name: string, field: string): Column => ({ name, type: "VARCHAR", sql: `"@${field}"`, field });
const status = `TRY_CAST("@elb_status_code" AS INTEGER)`;

/** An address without its port, and the port; IPv6 may stand in brackets. */
const addressOf = (field: string): string => `nullif(rtrim(ltrim("@${field}"[:-(length(split_part("@${field}", ':', -1)) + 2)], '['), ']'), '')`;
const portOf = (field: string): string => `nullif(split_part("@${field}", ':', -1), '')`;

/** Why a connection was refused: `Failed:ClientCertExpired`. */
const isRefused = `starts_with("@tls_verify_status", 'Failed')`;

/** The first ARN of the line says region and account. */
const arn = `coalesce("@target_group_arn", "@chosen_cert_arn")`;

export const columns: readonly Column[] = [
  ...PLACE_IDENTITY,
  // Network Load Balancers write no zone; their times are UTC, too.
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${timestampSql(`(rtrim("@time", 'Z') || 'Z')`)}, ${OBJECT_TIME})` },
  { name: "class_uid", type: "INTEGER", sql: `CASE WHEN "@type" = 'tls' OR "@request" IS NULL THEN 4001 ELSE 4002 END` },
  { name: "activity_id", type: "INTEGER", sql: `CASE WHEN ${isRefused} THEN 4 WHEN "@listener_port" IS NOT NULL THEN 1 WHEN class_uid = 4001 THEN 6 ELSE CASE "@method" WHEN 'CONNECT' THEN 1 WHEN 'DELETE' THEN 2 WHEN 'GET' THEN 3 WHEN 'HEAD' THEN 4 WHEN 'OPTIONS' THEN 5 WHEN 'POST' THEN 6 WHEN 'PUT' THEN 7 WHEN 'TRACE' THEN 8 WHEN 'PATCH' THEN 9 ELSE 99 END END`, uses: ["class_uid"] },
  { name: "status_id", type: "INTEGER", sql: `CASE WHEN ${status} BETWEEN 100 AND 399 OR "@tls_verify_status" = 'Success' THEN 1 WHEN ${status} >= 400 OR "@incoming_tls_alert" IS NOT NULL OR ${isRefused} THEN 2 ELSE 0 END` },
  text("operation", "method"),
  { name: "service", type: "VARCHAR", sql: `coalesce("@domain_name", "@host")` },
  { name: "account", type: "VARCHAR", sql: `nullif(split_part(${arn}, ':', 5), '')` },
  { name: "region", type: "VARCHAR", sql: `nullif(split_part(${arn}, ':', 4), '')` },
  { name: "address", type: "VARCHAR", sql: addressOf("client:port") },
  text("user_agent", "user_agent"),
  { name: "outcome", type: "VARCHAR", sql: `CASE status_id WHEN 1 THEN 'success' WHEN 2 THEN coalesce("@error_reason", "@elb_status_code", "@incoming_tls_alert", "@tls_verify_status") END`, uses: ["status_id"] },
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "actor_name", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "entity_kind", type: "VARCHAR", sql: `CASE WHEN address IS NOT NULL THEN 'address' ELSE 'unknown' END`, uses: ["address"] },
  { name: "entity_name", type: "VARCHAR", sql: `coalesce(address, 'unknown')`, uses: ["address"] },
  { name: "entity_key", type: "VARCHAR", sql: `entity_kind || ':' || entity_name`, uses: ["entity_kind", "entity_name"] },
  { name: "resource", type: "VARCHAR", sql: `coalesce("@path", "@elb")` },
  text("uri", "url"),
  text("host", "host"),
  text("path", "path"),
  text("query", "query"),
  text("status", "elb_status_code"),
  text("bytes", "sent_bytes"),
  text("received_bytes", "received_bytes"),
  text("http_version", "http_version"),
  text("request", "request"),
  text("protocol", "type"),
  text("load_balancer", "elb"),
  { name: "client_port", type: "VARCHAR", sql: portOf("client:port") },
  { name: "target", type: "VARCHAR", sql: addressOf("target:port") },
  { name: "target_port", type: "VARCHAR", sql: portOf("target:port") },
  text("target_status", "target_status_code"),
  text("target_group", "target_group_arn"),
  text("trace_id", "trace_id"),
  text("correlation_id", "conn_trace_id"),
  text("listener_address", "ip_address"),
  text("listener_port", "listener_port"),
  text("tls_verify_status", "tls_verify_status"),
  text("client_subject", "leaf_client_cert_subject"),
  text("client_serial", "leaf_client_cert_serial_number"),
  text("tls_cipher", "ssl_cipher"),
  text("tls_version", "ssl_protocol"),
  text("tls_alert", "incoming_tls_alert"),
  text("sni", "domain_name"),
  text("certificate", "chosen_cert_arn"),
  text("actions", "actions_executed"),
  text("redirect_url", "redirect_url"),
  text("error_reason", "error_reason"),
  text("classification", "classification"),
  text("classification_reason", "classification_reason"),
];

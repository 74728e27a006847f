import { bool, bytes, double, fixed32, fixed64, inner, int64, list, text, uint32, type Message } from "./message.ts";

// opentelemetry/proto/common/v1, resource/v1, logs/v1, collector/logs/v1 of OTLP 1.x.
const ANY_VALUE: Message = {
  1: text("stringValue"),
  2: bool("boolValue"),
  3: int64("intValue"),
  4: double("doubleValue"),
  5: inner("arrayValue", () => ({ 1: list("values", () => ANY_VALUE) })),
  6: inner("kvlistValue", () => ({ 1: list("values", () => KEY_VALUE) })),
  7: bytes("bytesValue", "base64"),
};
const KEY_VALUE: Message = { 1: text("key"), 2: inner("value", () => ANY_VALUE) };
const LOG_RECORD: Message = {
  1: fixed64("timeUnixNano"),
  2: uint32("severityNumber"),
  3: text("severityText"),
  5: inner("body", () => ANY_VALUE),
  6: list("attributes", () => KEY_VALUE),
  7: uint32("droppedAttributesCount"),
  8: fixed32("flags"),
  9: bytes("traceId", "hex"),
  10: bytes("spanId", "hex"),
  11: fixed64("observedTimeUnixNano"),
  12: text("eventName"),
};
const RESOURCE: Message = { 1: list("attributes", () => KEY_VALUE) };
const SCOPE: Message = { 1: text("name"), 2: text("version"), 3: list("attributes", () => KEY_VALUE) };
const SCOPE_LOGS: Message = { 1: inner("scope", () => SCOPE), 2: list("logRecords", () => LOG_RECORD) };
const RESOURCE_LOGS: Message = { 1: inner("resource", () => RESOURCE), 2: list("scopeLogs", () => SCOPE_LOGS) };

/** ExportLogsServiceRequest. */
export const LOGS_REQUEST: Message = { 1: list("resourceLogs", () => RESOURCE_LOGS) };

import { Invalid } from "../../kernel/index.ts";
import type { JsonRecord } from "../definition.ts";
import { isObject, objectsIn, plainAttributes, plainValue } from "./plainValue.ts";

/** A log record of a request with its resource and scope; null where it is none, with what stands there as its text. */
export interface RequestRecord {
  record: JsonRecord | null;
  text: string;
}

/** Whether this is an ExportLogsServiceRequest in OTLP's JSON form, as the Collector's file exporter writes it on a line, too. */
export function isLogsRequest(value: JsonRecord): boolean {
  return Array.isArray(value["resourceLogs"]);
}

/** The log records of an ExportLogsServiceRequest, each as one object with plain values. */
export function* logRecordsIn(request: JsonRecord): Generator<RequestRecord> {
  for (const { resource, scopeLogs } of objectsIn(request["resourceLogs"])) {
    const of = { attributes: plainAttributes(isObject(resource) ? resource["attributes"] : undefined) };
    for (const { scope, logRecords } of objectsIn(scopeLogs)) {
      const plain = plainScope(scope);
      // The resource is written once for all of its records.
      const around = `{"resource":${JSON.stringify(of)},"scope":${JSON.stringify(plain)},`;
      for (const logRecord of Array.isArray(logRecords) ? (logRecords as unknown[]) : []) {
        const own = plainRecord(logRecord);
        yield own === null ? { record: null, text: JSON.stringify(logRecord) } : { record: { resource: of, scope: plain, ...own }, text: around + JSON.stringify(own).slice(1) };
      }
    }
  }
}

function plainScope(scope: unknown): JsonRecord {
  if (!isObject(scope)) return {};
  const attributes = plainAttributes(scope["attributes"]);
  return { name: textOf(scope["name"]), version: textOf(scope["version"]), ...(Object.keys(attributes).length > 0 && { attributes }) };
}

/** A log record with plain values; null for what is none. */
function plainRecord(record: unknown): JsonRecord | null {
  if (!isObject(record)) return null;
  const { severityNumber, flags, droppedAttributesCount } = record;
  try {
    return {
      timeUnixNano: nanoseconds(record["timeUnixNano"]) ?? "0",
      observedTimeUnixNano: nanoseconds(record["observedTimeUnixNano"]),
      severityNumber: typeof severityNumber === "number" && severityNumber > 0 ? severityNumber : undefined,
      severityText: textOf(record["severityText"]),
      eventName: textOf(record["eventName"]),
      body: record["body"] === undefined ? undefined : plainValue(record["body"]),
      attributes: plainAttributes(record["attributes"]),
      traceId: textOf(record["traceId"]),
      spanId: textOf(record["spanId"]),
      flags: typeof flags === "number" && flags > 0 ? flags : undefined,
      droppedAttributesCount: typeof droppedAttributesCount === "number" && droppedAttributesCount > 0 ? droppedAttributesCount : undefined,
    };
  } catch (error) {
    if (error instanceof Invalid) return null;
    throw error;
  }
}

/** A number in JSON has lost its last digits already; text has not. */
function nanoseconds(value: unknown): string | undefined {
  const text = typeof value === "number" && Number.isInteger(value) ? String(BigInt(value)) : value;
  return typeof text === "string" && /^[0-9]{1,20}$/.test(text) && !/^0+$/.test(text) ? text : undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

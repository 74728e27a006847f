import type { JsonRecord } from "../definition.ts";

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
const isNanoseconds = (value: unknown): boolean => typeof value === "string" && /^[0-9]{1,20}$/.test(value);

/** Whether this is a log record of OpenTelemetry, with its resource, as `POST /v1/logs` takes requests apart. */
export function isLogRecord({ resource, timeUnixNano, observedTimeUnixNano }: JsonRecord): boolean {
  return isObject(resource) && (isNanoseconds(timeUnixNano) || isNanoseconds(observedTimeUnixNano));
}

/** Either may be an event of another source. Undefined where the record is no log record. */
export const bodyOf = (record: JsonRecord): unknown => (isLogRecord(record) ? record["body"] : undefined);
export const attributesOf = (record: JsonRecord): unknown => (isLogRecord(record) ? record["attributes"] : undefined);

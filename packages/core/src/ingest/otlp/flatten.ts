import { Invalid } from "../../kernel/index.ts";
import { TooLarge } from "../receipt/receive.ts";
import { isObject, objectsIn, plainAttributes, plainValue } from "./plainValue.ts";

/** A request taken apart. */
export interface Flattened {
  /** One JSON object for each log record, with its resource and scope. */
  records: string[];
  /** Records that are none. */
  rejected: number;
  /** Whether every record has a time: then no two requests are the same by chance. */
  timed: boolean;
}

/** A resource stands in each of its records; together they may have so many characters. */
const MOST = 64 * 1024 * 1024;

/** Takes an ExportLogsServiceRequest in OTLP's JSON form apart. @throws Invalid for what is none, TooLarge when it would become too much */
export function flatten(request: unknown): Flattened {
  if (!isObject(request) || (request["resourceLogs"] !== undefined && !Array.isArray(request["resourceLogs"]))) throw new Invalid("The body is no ExportLogsServiceRequest.", { hint: 'It begins with {"resourceLogs":[ in JSON.' });
  const result: Flattened = { records: [], rejected: 0, timed: true };
  let size = 0;
  for (const { resource, scopeLogs } of objectsIn(request["resourceLogs"])) {
    const of = { attributes: plainAttributes(isObject(resource) ? resource["attributes"] : undefined) };
    for (const { scope, logRecords } of objectsIn(scopeLogs)) {
      const around = `{"resource":${JSON.stringify(of)},"scope":${JSON.stringify(plainScope(scope))},`;
      for (const logRecord of Array.isArray(logRecords) ? (logRecords as unknown[]) : []) {
        const plain = plainRecord(logRecord);
        if (plain === null) {
          result.rejected++;
          continue;
        }
        result.timed &&= plain["timeUnixNano"] !== "0" || plain["observedTimeUnixNano"] !== undefined;
        const text = around + JSON.stringify(plain).slice(1);
        size += text.length;
        if (size > MOST) throw new TooLarge(`With its resource in each record this is more than ${MOST / 1024 ** 2} MiB.`, { hint: "Send fewer records in one request." });
        result.records.push(text);
      }
    }
  }
  return result;
}

function plainScope(scope: unknown): Record<string, unknown> {
  if (!isObject(scope)) return {};
  const attributes = plainAttributes(scope["attributes"]);
  return { name: textOf(scope["name"]), version: textOf(scope["version"]), ...(Object.keys(attributes).length > 0 && { attributes }) };
}

/** A log record with plain values; null for what is none. */
function plainRecord(record: unknown): Record<string, unknown> | null {
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

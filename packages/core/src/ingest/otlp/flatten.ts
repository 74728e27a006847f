import { Invalid } from "../../kernel/index.ts";
import { logRecordsIn, type JsonRecord } from "../../sources/index.ts";
import { TooLarge } from "../receipt/receive.ts";

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
  for (const { record, text } of logRecordsIn(request)) {
    if (record === null) {
      result.rejected++;
      continue;
    }
    result.timed &&= record["timeUnixNano"] !== "0" || record["observedTimeUnixNano"] !== undefined;
    size += text.length;
    if (size > MOST) throw new TooLarge(`With its resource in each record this is more than ${MOST / 1024 ** 2} MiB.`, { hint: "Send fewer records in one request." });
    result.records.push(text);
  }
  return result;
}

const isObject = (value: unknown): value is JsonRecord => typeof value === "object" && value !== null && !Array.isArray(value);

import type { SourceDefinition } from "../definition.ts";
import { isLogRecord } from "./carried.ts";
import { columns } from "./columns.ts";
import { fields, sigmaNames } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** Log records of OpenTelemetry that carry no event of a known source. */
export const otlpLogs: SourceDefinition = {
  id: "otlp.logs",
  title: "OpenTelemetry logs",
  logsource: { category: "application", product: "otlp", service: "logs" },
  text: null,
  recognises: isLogRecord,
  // Any of them may carry an event of another source.
  carries: true,
  fits: "false",
  fields,
  sigmaNames,
  keyFields: ["eventName"],
  columns,
  ocsf,
};

import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, sigmaNames } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

const SEVERITIES = ["debug", "info", "notice", "warning", "error", "critical"];
/** The day, and that a time of the day follows: what is no time behind it shows in the column. */
const TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:.*";
const TYPE = "[a-z][a-z0-9_-]*(\\.[a-z0-9_-]+)*";
const isTime = new RegExp(`^${TIME}$`);
const isType = new RegExp(`^${TYPE}$`);

/** Events of a company's own applications, in the envelope of content/envelope/app.event.schema.json, or in Mozilla's (mozlog 2.0). */
export const appEvent: SourceDefinition = {
  id: "app.event",
  title: "Application events",
  logsource: { category: "application", product: "app", service: "event" },
  text: null,
  recognises: (record) => isOurs(record) || isMozillas(record),
  fits: `coalesce("@severity" IN (${SEVERITIES.map((one) => `'${one}'`).join(", ")}) AND "@logger" <> '' AND regexp_full_match("@type", '${TYPE}') AND regexp_full_match("@time", '${TIME}'), false)
    OR coalesce("@EnvVersion" = '2.0' AND "@Type" <> '' AND "@Logger" <> '' AND "@Timestamp" IS NOT NULL, false)`,
  fields,
  sigmaNames,
  keyFields: ["type", "logger"],
  columns,
  ocsf,
};

function isOurs({ time, type, logger, severity }: JsonRecord): boolean {
  return typeof time === "string" && isTime.test(time) && typeof type === "string" && isType.test(type) && filled(logger) && SEVERITIES.includes(severity as string);
}

function isMozillas({ EnvVersion, Type, Logger, Timestamp }: JsonRecord): boolean {
  return EnvVersion === "2.0" && filled(Type) && filled(Logger) && (typeof Timestamp === "number" || filled(Timestamp));
}

const filled = (value: unknown): boolean => typeof value === "string" && value !== "";

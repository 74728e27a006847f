import type { SourceDefinition } from "../definition.ts";
import { CODES } from "./codes.ts";
import { columns } from "./columns.ts";
import { fields } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** Ids of tenant logs begin with 900 and the time. */
const LOG_ID = "900[0-9]{20,}";
const isLogId = new RegExp(`^${LOG_ID}$`);

/** Auth0 tenant logs, as the Management API gives them, and as log streams and EventBridge wrap them. */
export const auth0Logs: SourceDefinition = {
  id: "auth0.logs",
  title: "Auth0 tenant logs",
  logsource: { product: "auth0", service: "logs" },
  text: null,
  recognises: (record) => {
    const { type, date } = record;
    const id = record["log_id"] ?? record["_id"];
    if (typeof type !== "string") return false;
    if (typeof id === "string" && isLogId.test(id)) return true;
    return Object.hasOwn(CODES, type) && typeof date === "string" && typeof record["client_id"] === "string" && (typeof record["ip"] === "string" || typeof record["user_id"] === "string");
  },
  fits: `"@type" IS NOT NULL AND regexp_full_match(coalesce("@log_id", "@_id"), '${LOG_ID}')`,
  fields,
  sigmaNames: {},
  keyFields: ["type"],
  columns,
  ocsf,
};

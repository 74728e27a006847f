import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, sigmaNames } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** Okta System Log: what happens in an Okta org, as its API, its log streams and event hooks give it (LogEvent). */
export const oktaSystem: SourceDefinition = {
  id: "okta.system",
  title: "Okta System Log",
  logsource: { product: "okta", service: "okta" },
  text: null,
  recognises: (record) => {
    const type = record["eventType"];
    return typeof type === "string" && type.includes(".") && (hasOktaActor(record["actor"]) || (has(record, "published") && has(record, "displayMessage")));
  },
  fits: `contains("@eventType", '.') AND ("@actor.alternateId" IS NOT NULL OR ("@published" IS NOT NULL AND "@displayMessage" IS NOT NULL))`,
  fields,
  sigmaNames,
  keyFields: ["eventType"],
  columns,
  ocsf,
};

const has = (record: JsonRecord, name: string): boolean => typeof record[name] === "string";

/** No other vendor calls an actor's login its alternate id. */
function hasOktaActor(actor: unknown): boolean {
  return typeof actor === "object" && actor !== null && typeof (actor as JsonRecord)["alternateId"] === "string";
}

import type { SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, sigmaNames } from "./fields.ts";
import { INCIDENT_TYPE, isAlert, isIncident } from "./incidents.ts";
import { ocsf } from "./ocsf.ts";

/** Alerts of Privileged Identity Management about the roles of a directory: an alert has incidents, of which each is an event. */
export const entraPimalert: SourceDefinition = {
  id: "entra.pimalert",
  title: "Microsoft Entra alerts of Privileged Identity Management",
  logsource: { product: "azure", service: "pim" },
  text: null,
  recognises: (record) => isIncident(record) || isAlert(record),
  several: true,
  fits: `("@alertDefinitionId" IS NOT NULL AND "@scopeType" IS NOT NULL AND "@isActive" IN ('true', 'false')) OR regexp_full_match("@@odata.type", '${INCIDENT_TYPE}')`,
  fields,
  sigmaNames,
  keyFields: ["riskEventType"],
  columns,
  ocsf,
};

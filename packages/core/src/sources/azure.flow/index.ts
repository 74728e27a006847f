import type { SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields } from "./fields.ts";
import { isFlowRecord } from "./flows.ts";
import { ocsf } from "./ocsf.ts";

/** Flow logs of Azure's network security groups and virtual networks: a record holds all flows of a network card in a minute, of which each is an event. */
export const azureFlow: SourceDefinition = {
  id: "azure.flow",
  title: "Azure flow logs",
  logsource: { product: "azure", service: "flowlogs" },
  text: null,
  recognises: isFlowRecord,
  several: true,
  fits: `("@category" = 'NetworkSecurityGroupFlowEvent' AND "@properties.Version" IS NOT NULL AND contains(json, '"flows"')) OR ("@category" = 'FlowLogFlowEvent' AND contains(json, '"flowRecords"') AND contains(json, '"flows"'))`,
  fields,
  sigmaNames: {},
  keyFields: [],
  columns,
  ocsf,
};

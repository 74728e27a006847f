import type { JsonRecord, SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

/** Flow logs of Azure's network security groups and virtual networks: each record holds the flows of a network card in a minute. */
export const azureFlow: SourceDefinition = {
  id: "azure.flow",
  title: "Azure flow logs",
  logsource: { product: "azure", service: "flowlogs" },
  text: null,
  recognises: ({ category, properties, flowRecords }) => (category === "NetworkSecurityGroupFlowEvent" && hasFlows(properties)) || (category === "FlowLogFlowEvent" && hasFlows(flowRecords)),
  fits: `("@category" = 'NetworkSecurityGroupFlowEvent' AND "@properties.Version" IS NOT NULL AND contains(json, '"flows"')) OR ("@category" = 'FlowLogFlowEvent' AND contains(json, '"flowRecords"') AND contains(json, '"flows"'))`,
  fields,
  sigmaNames: {},
  keyFields: [],
  columns,
  ocsf,
};

function hasFlows(value: unknown): boolean {
  return typeof value === "object" && value !== null && Array.isArray((value as JsonRecord)["flows"]);
}

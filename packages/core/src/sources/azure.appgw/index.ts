import type { SourceDefinition } from "../definition.ts";
import { columns } from "./columns.ts";
import { fields, sigmaNames } from "./fields.ts";
import { ocsf } from "./ocsf.ts";

const CATEGORIES = ["ApplicationGatewayAccessLog", "ApplicationGatewayFirewallLog"];

/** Requests to an Azure Application Gateway, and what its firewall thinks of them. */
export const azureAppgw: SourceDefinition = {
  id: "azure.appgw",
  title: "Azure Application Gateway",
  logsource: [{ category: "webserver" }, { product: "azure", service: "appgw" }],
  text: null,
  recognises: (record) => typeof record["category"] === "string" && CATEGORIES.includes(record["category"]) && typeof record["properties"] === "object" && record["properties"] !== null,
  fits: `"@category" IN (${CATEGORIES.map((name) => `'${name}'`).join(", ")})`,
  fields,
  sigmaNames,
  keyFields: [],
  columns,
  ocsf,
};

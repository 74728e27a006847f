const CLAIMS = { upn: "http:~1~1schemas.xmlsoap.org~1ws~12005~105~1identity~1claims~1upn", email: "http:~1~1schemas.xmlsoap.org~1ws~12005~105~1identity~1claims~1emailaddress", fullName: "http:~1~1schemas.xmlsoap.org~1ws~12005~105~1identity~1claims~1name", name: "name", objectId: "http:~1~1schemas.microsoft.com~1identity~1claims~1objectidentifier", appId: "appid", kind: "idtyp" };

/** The token's claims, which a diagnostic setting puts under `identity`. */
const claims = (prefix: string, parent: string): [string, string][] => Object.entries(CLAIMS).map(([name, key]) => [`${prefix}.${name}`, `${parent}/${key}`]);

const pointers = (names: readonly string[]): [string, string][] => names.map((name) => [name, `/${name.replaceAll(".", "/")}`]);

/**
 * Fields of an activity log event that columns are made of, in three shapes: of a diagnostic setting, of the REST API, and of Azure's Python SDK,
 * which writes the latter in snake case. `operationName` and `category` are texts in the first and objects with a `value` in the others.
 */
export const fields: Readonly<Record<string, string>> = Object.fromEntries([
  ...pointers(["operationName", "category", "resourceId", "correlationId", "level", "tenantId", "caller"]),
  ...pointers(["time", "resultType", "resultSignature", "resultDescription", "callerIpAddress", "location", "identity.authorization.scope", "identity.authorization.evidence.role", "identity.authorization.evidence.principalId"]),
  ...pointers(["eventTimestamp", "eventDataId", "subscriptionId", "httpRequest.clientIpAddress", "status.value", "subStatus.value", "authorization.scope", "authorization.evidence.role"]),
  ...pointers(["event_timestamp", "event_data_id", "subscription_id", "http_request.client_ip_address", "sub_status.value", "operation_name.value", "resource_id", "correlation_id", "tenant_id"]),
  ...pointers(["properties.statusCode", "properties.severity"]),
  ...claims("identity.claims", "/identity/claims"),
  ...claims("claims", "/claims"),
]);

const operation = ["operationName", "operationName.value", "operation_name.value"];
const category = ["category", "category.value"];
const result = ["resultType", "status.value"];
const resource = ["resourceId", "resource_id"];

/** The names of the portal's export and of Log Analytics, and where the other shapes have what a name means. */
export const sigmaNames: Readonly<Record<string, readonly string[]>> = {
  operationName: operation,
  OperationName: operation,
  OperationNameValue: operation,
  category,
  Category: category,
  CategoryValue: category,
  resultType: result,
  ResultType: result,
  ActivityStatusValue: result,
  resourceId: resource,
  ResourceId: resource,
  ResourceProviderValue: ["resourceProviderName.value", "resource_provider_name.value"],
};

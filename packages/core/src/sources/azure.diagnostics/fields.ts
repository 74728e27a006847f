/** The claims of a caller's token, as Key Vault writes them. */
const CLAIMS = { upn: "http:~1~1schemas.xmlsoap.org~1ws~12005~105~1identity~1claims~1upn", shortUpn: "upn", objectId: "http:~1~1schemas.microsoft.com~1identity~1claims~1objectidentifier", shortObjectId: "oid", appId: "appid", ip: "ipaddr" };

const AROUND = ["time", "resourceId", "category", "operationName", "operationVersion", "statusCode", "statusText", "resultType", "resultSignature", "resultDescription", "callerIpAddress", "correlationId", "location", "uri", "protocol", "tenantId"];
const IDENTITY = ["type", "tokenHash", "requester.appId", "requester.objectId", "requester.upn", "requester.tenantId"].map((name) => `identity.${name}`);
/** Of Azure Storage, and of Key Vault. */
const PROPERTIES = ["accountName", "objectKey", "serviceType", "metricResponseType", "userAgentHeader", "clientInfo", "requestUri", "id", "httpStatusCode", "isAddressAuthorized", "isRbacAuthorized", "isAccessPolicyMatch"].map((name) => `properties.${name}`);

export const fields: Readonly<Record<string, string>> = Object.fromEntries([
  ...[...AROUND, ...IDENTITY, ...PROPERTIES].map((name) => [name, `/${name.replaceAll(".", "/")}`]),
  ...Object.entries(CLAIMS).map(([name, key]) => [`identity.claim.${name}`, `/identity/claim/${key}`]),
]);

const result = ["resultType", "statusText"];

/** The names of Log Analytics, and the one field that the two services call differently. */
export const sigmaNames: Readonly<Record<string, readonly string[]>> = {
  OperationName: ["operationName"],
  Category: ["category"],
  CallerIpAddress: ["callerIpAddress"],
  CallerIPAddress: ["callerIpAddress"],
  ResultType: result,
  ResultSignature: ["resultSignature"],
  StatusText: ["statusText"],
  StatusCode: ["statusCode"],
  AuthenticationType: ["identity.type"],
  ObjectKey: ["properties.objectKey"],
  Uri: ["uri"],
  UserAgentHeader: ["properties.userAgentHeader"],
};

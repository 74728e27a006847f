/** Members of a sign-in that rules and columns use, as Microsoft Graph has them. A diagnostic setting puts the sign-in under `properties`. */
const SIGN_IN = [
  "id", "createdDateTime", "userPrincipalName", "userDisplayName", "userId", "userType", "appId", "appDisplayName", "ipAddress", "userAgent", "clientAppUsed", "resourceDisplayName", "correlationId",
  "conditionalAccessStatus", "authenticationRequirement", "authenticationProtocol", "isInteractive", "riskState", "riskDetail", "riskLevelAggregated", "riskLevelDuringSignIn", "crossTenantAccessType",
  "networkLocationDetails", "servicePrincipalId", "servicePrincipalName", "servicePrincipalCredentialKeyId", "sessionId", "homeTenantId", "resourceTenantId", "incomingTokenType",
  "status.errorCode", "status.failureReason", "status.additionalDetails",
  "deviceDetail.deviceId", "deviceDetail.displayName", "deviceDetail.operatingSystem", "deviceDetail.browser", "deviceDetail.trustType", "deviceDetail.isCompliant", "deviceDetail.isManaged",
];
/** What a diagnostic setting says beside it. Its `location` is a country, and Graph's an object. */
const AROUND = ["time", "category", "operationName", "tenantId", "resultType", "resultSignature", "resultDescription", "callerIpAddress", "location"];
const COUNTRY = "properties.location.countryOrRegion";

const pointer = (path: string): string => `/${path.replaceAll(".", "/")}`;
const names = [...AROUND, ...SIGN_IN, ...SIGN_IN.map((path) => `properties.${path}`), COUNTRY];
export const fields: Readonly<Record<string, string>> = Object.fromEntries(names.map((name) => [name, pointer(name)]));

/** Log Analytics begins every name with a capital letter. */
const capital = (name: string): string => name[0]!.toUpperCase() + name.slice(1);
const everywhere = (path: string): [string, string[]][] => [path, capital(path), `properties.${path}`].map((name) => [name, [`properties.${path}`, path]]);

const result = ["resultType", "properties.status.errorCode", "status.errorCode"];
const description = ["resultDescription", "properties.status.failureReason", "status.failureReason"];

/** Either shape's names, and those of the portal and of Log Analytics, for both shapes. */
export const sigmaNames: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries([...SIGN_IN, "riskEventTypes", "riskEventTypes_v2", "authenticationProcessingDetails"].flatMap(everywhere)),
  resultType: result,
  ResultType: result,
  "status.errorCode": result,
  resultDescription: description,
  ResultDescription: description,
  Resultdescription: description,
  // The portal's status, and what it says below: any of these, so none that has a column comes first.
  Status: ["status.additionalDetails", "properties.status.additionalDetails", "resultSignature"],
  "DeviceDetail.trusttype": ["properties.deviceDetail.trustType", "deviceDetail.trustType"],
  // Sigma's rules for device code and password flows: the protocol, which the portal shows as text.
  "properties.message": ["properties.authenticationProtocol", "authenticationProtocol"],
};

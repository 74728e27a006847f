/**
 * Members of a riskDetection, a servicePrincipalRiskDetection, a riskyUser and a riskyServicePrincipal, as Microsoft Graph has them. A diagnostic
 * setting puts them under `properties`.
 */
const RISK = [
  "id", "requestId", "correlationId", "riskEventType", "riskType", "riskState", "riskLevel", "riskDetail", "source", "detectionTimingType", "activity", "ipAddress", "activityDateTime", "detectedDateTime", "lastUpdatedDateTime",
  "riskLastUpdatedDateTime", "userId", "userDisplayName", "userPrincipalName", "appId", "displayName", "servicePrincipalId", "servicePrincipalDisplayName", "location.countryOrRegion", "location.city",
];
const AROUND = ["time", "category", "operationName", "tenantId"];

const pointer = (path: string): string => `/${path.replaceAll(".", "/")}`;
export const fields: Readonly<Record<string, string>> = Object.fromEntries([...AROUND, ...RISK.flatMap((path) => [`properties.${path}`, path])].map((name) => [name, pointer(name)]));

const capital = (name: string): string => name[0]!.toUpperCase() + name.slice(1);

/** Either shape's names, and those of Log Analytics, for both shapes. */
export const sigmaNames: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  RISK.flatMap((path) => [path, capital(path), `properties.${path}`].map((name) => [name, [`properties.${path}`, path]])),
);

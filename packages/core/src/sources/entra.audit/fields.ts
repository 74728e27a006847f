/** Members of a directoryAudit, as Microsoft Graph has them. A diagnostic setting puts it under `properties`, with the activity as `operationName` beside it. */
const AUDIT = [
  "id", "category", "correlationId", "result", "resultReason", "activityDisplayName", "activityDateTime", "loggedByService", "operationType", "userAgent",
  "initiatedBy.user.id", "initiatedBy.user.userPrincipalName", "initiatedBy.user.displayName", "initiatedBy.user.ipAddress",
  "initiatedBy.app.appId", "initiatedBy.app.displayName", "initiatedBy.app.servicePrincipalId",
];
const TARGET = ["id", "displayName", "type", "userPrincipalName"];
const AROUND = ["time", "operationName", "tenantId", "resourceId", "callerIpAddress"];

const pointer = (path: string): string => `/${path.replaceAll(".", "/")}`;
const both = (path: string): string[] => [`properties.${path}`, path];
export const fields: Readonly<Record<string, string>> = Object.fromEntries([
  ...[...AROUND, ...AUDIT.flatMap(both)].map((name) => [name, pointer(name)]),
  ...TARGET.flatMap((name) => [`properties.targetResources[0].${name}`, `targetResources[0].${name}`]).map((name) => [name, pointer(name.replace("[0]", ".0"))]),
]);

const capital = (name: string): string => name[0]!.toUpperCase() + name.slice(1);
const everywhere = (path: string): [string, string[]][] => [path, capital(path), `properties.${path}`].map((name) => [name, both(path)]);

const activity = ["operationName", "activityDisplayName"];
const CHANGES = ["displayName", "oldValue", "newValue"].map((name) => `targetResources.modifiedProperties.${name}`);
/** Log Analytics has the whole list as one text; what rules look for in it is in one of these. */
const targets = [...["id", "displayName", "userPrincipalName", "type"].map((name) => `targetResources.${name}`), ...CHANGES].flatMap(both);

/** Either shape's names, and those of the portal and of Log Analytics, for both shapes. */
export const sigmaNames: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries([...AUDIT, ...CHANGES, "targetResources.type", "targetResources.id", "targetResources.displayName", "targetResources.userPrincipalName"].flatMap(everywhere)),
  operationName: activity,
  OperationName: activity,
  // Sigma's rules that were written from the portal: what it shows as the activity.
  "properties.message": activity,
  // The portal's status, and the reason that it shows below: any of these, so none that has a column comes first.
  Status: ["resultReason", "properties.resultReason", ...both("result")],
  failure_status_reason: both("resultReason"),
  targetResources: targets,
  TargetResources: targets,
  "properties.targetResources": targets,
  "TargetResources.modifiedProperties": CHANGES.flatMap(both),
  "TargetResources.ModifiedProperties.DisplayName": both("targetResources.modifiedProperties.displayName"),
  "TargetResources.ModifiedProperties.NewValue": both("targetResources.modifiedProperties.newValue"),
};

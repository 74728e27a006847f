/** Members of the incidents, as Microsoft Graph has them. */
const INCIDENT = [
  "@odata.type", "id", "assigneeId", "assigneeDisplayName", "assigneeUserPrincipalName", "assignmentCreatedDateTime", "lastSignInDateTime", "lastActivationDateTime", "activationCount", "sequenceStartDateTime",
  "sequenceEndDateTime", "roleDefinitionId", "roleDisplayName", "roleTemplateId", "tenantLicenseStatus",
];
/** Members of a unifiedRoleManagementAlert. */
const ALERT = ["alertDefinitionId", "scopeType", "isActive", "lastModifiedDateTime", "lastScannedDateTime", "alertDefinition.displayName", "alertDefinition.description", "alertDefinition.severityLevel"];

/** The only incident of an alert. */
const within = (name: string): string => `alertIncidents[0].${name}`;

export const fields: Readonly<Record<string, string>> = Object.fromEntries([
  ...INCIDENT.flatMap((name) => [[within(name), `/alertIncidents/0/${name}`], [name, `/${name}`]]),
  ...ALERT.map((name) => [name, `/${name.replaceAll(".", "/")}`]),
]);

/** SQL for a member of the incident, inside its alert or by itself; empty text is none. */
export const of = (name: string): string => `coalesce(nullif("@${within(name)}", ''), nullif("@${name}", ''))`;

/** An incident's members by their own names, also where it stands in its alert; `id` is the alert's there. */
export const sigmaNames: Readonly<Record<string, readonly string[]>> = Object.fromEntries(INCIDENT.filter((name) => !["id", "@odata.type"].includes(name)).map((name) => [name, [`alertIncidents.${name}`, name]]));

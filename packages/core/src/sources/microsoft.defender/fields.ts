/**
 * Where an alert says what, in the order in which it is looked for: Microsoft Graph's alerts_v2, the API and older exports of Defender for Cloud
 * (`properties`), its continuous export, and Microsoft Sentinel's table SecurityAlert.
 */
const PLACES = {
  id: ["properties.systemAlertId", "SystemAlertId", "id"],
  title: ["title", "properties.alertDisplayName", "AlertDisplayName", "DisplayName", "AlertName"],
  description: ["description", "properties.description", "Description"],
  type: ["properties.alertType", "AlertType", "detectorId"],
  severity: ["severity", "properties.severity", "Severity", "AlertSeverity"],
  status: ["status", "properties.status", "Status"],
  created: ["createdDateTime", "properties.timeGeneratedUtc", "TimeGenerated"],
  updated: ["lastUpdateDateTime", "properties.processingEndTimeUtc", "ProcessingEndTime"],
  firstSeen: ["firstActivityDateTime", "properties.startTimeUtc", "StartTimeUtc", "StartTime"],
  lastSeen: ["lastActivityDateTime", "properties.endTimeUtc", "EndTimeUtc", "EndTime"],
  product: ["productName", "properties.productName", "ProductName"],
  service: ["serviceSource", "properties.productComponentName", "ProviderName"],
  category: ["category", "properties.intent", "Intent", "Tactics"],
  incident: ["properties.isIncident", "IsIncident"],
  subscription: ["WorkspaceSubscriptionId"],
  tenant: ["tenantId"],
  compromised: ["properties.compromisedEntity", "CompromisedEntity"],
  resource: ["AzureResourceId", "ResourceId"],
  entities: ["evidence", "properties.entities", "Entities"],
} as const;
export type Place = keyof typeof PLACES;

const pointer = (path: string): string => `/${path.replaceAll(".", "/")}`;
export const fields: Readonly<Record<string, string>> = Object.fromEntries(Object.values(PLACES).flat().map((path) => [path, pointer(path)]));

/** SQL for the text that the first of a place's fields has; no text and empty text are NULL. */
export function text(place: Place): string {
  return `coalesce(${PLACES[place].map((path) => `nullif("@${path}", '')`).join(", ")})`;
}

/** JSON pointers of a place. */
export function pointersOf(place: Place): string[] {
  return PLACES[place].map(pointer);
}

/** Each name finds the same in every form. */
export const sigmaNames: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.values(PLACES).filter((paths) => paths.length > 1).flatMap((paths) => paths.filter((path) => path !== "id").map((path) => [path, [...paths]])),
);

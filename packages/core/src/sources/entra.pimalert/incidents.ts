import type { JsonRecord } from "../definition.ts";

/** What Graph calls the incidents of Privileged Identity Management: staleSignInAlertIncident, and others derived from unifiedRoleManagementAlertIncident. */
export const INCIDENT_TYPE = "#microsoft\\.graph\\.([A-Za-z]+AlertIncident)";
const isIncidentType = new RegExp(`^${INCIDENT_TYPE}$`);

/** Whether a record is an incident by itself, as Graph lists those of an alert. */
export function isIncident({ "@odata.type": type }: JsonRecord): boolean {
  return typeof type === "string" && isIncidentType.test(type);
}

/** Whether a record is a unifiedRoleManagementAlert, with its incidents or without. */
export function isAlert({ alertDefinitionId, scopeType, isActive }: JsonRecord): boolean {
  return typeof alertDefinitionId === "string" && typeof scopeType === "string" && typeof isActive === "boolean";
}

/** An alert for each of its incidents, in Graph's form with a list of one; undefined where it has no more than one. */
export function incidentsIn(record: JsonRecord): Iterable<JsonRecord> | undefined {
  const { alertIncidents } = record;
  return Array.isArray(alertIncidents) && alertIncidents.length > 1 && isAlert(record) ? each(record, alertIncidents) : undefined;
}

function* each(record: JsonRecord, incidents: readonly unknown[]): Generator<JsonRecord> {
  for (const incident of incidents) yield { ...record, alertIncidents: [incident] };
}

import { identity, OBJECT_TIME, timestampSql, type Column } from "../definition.ts";
import { personSql } from "../microsoftIdentity.ts";
import { text, type Place } from "./fields.ts";

const time = (place: Place): string => timestampSql(text(place));
const column = (name: string, place: Place, field?: string): Column => ({ name, type: "VARCHAR", sql: text(place), ...(field === undefined ? {} : { field }) });

/** Everybody and everything that an alert names; Microsoft Sentinel has the list as text. */
const entities = `CASE WHEN starts_with(ltrim(${text("entities")}), '[') AND json_valid(${text("entities")}) THEN json_extract(${text("entities")}, '$[*]') END`;
const first = (of: string): string => `list_filter(list_transform(entities, lambda one: nullif(${of}, '')), lambda found: found IS NOT NULL)[1]`;
const either = (...pointers: readonly string[]): string => `coalesce(${pointers.map((pointer) => `(one->>'${pointer}')`).join(", ")})`;
/** Defender for Cloud has kinds of entities, and Microsoft Graph kinds of evidence. */
const kind = `coalesce(lower(${either("/type", "/Type")}), (one->>'/@odata.type'))`;
const isOf = (...kinds: readonly string[]): string => `${kind} IN (${kinds.map((name) => `'${name}'`).join(", ")})`;
const GRAPH = "#microsoft.graph.security.";

const accountName = `CASE WHEN ${isOf("account")} THEN ${either("/name", "/Name")} END`;
const suffix = either("/upnSuffix", "/UPNSuffix", "/UpnSuffix");
const upn = first(`coalesce((one->>'/userAccount/userPrincipalName'), ${accountName} || '@' || nullif(${suffix}, ''))`);
const localUser = first(`coalesce(concat_ws('\\', nullif((one->>'/userAccount/domainName'), ''), nullif((one->>'/userAccount/accountName'), '')), concat_ws('\\', ${either("/ntDomain", "/NTDomain")}, ${accountName}))`);
const machine = first(`coalesce((one->>'/deviceDnsName'), CASE WHEN ${isOf("host", `${GRAPH}deviceEvidence`)} THEN ${either("/hostName", "/HostName")} END)`);
const address = first(`CASE WHEN ${isOf("ip", `${GRAPH}ipEvidence`)} THEN ${either("/ipAddress", "/address", "/Address")} END`);

const subscription = `nullif(regexp_extract("@id", '(?i)^/subscriptions/([^/]+)', 1), '')`;
const isClosed = `lower(status) IN ('resolved', 'dismissed')`;
const entityKind = `CASE WHEN person IS NOT NULL THEN 'person' WHEN local_user IS NOT NULL THEN 'user' WHEN machine IS NOT NULL OR ${text("compromised")} IS NOT NULL THEN 'role' WHEN address IS NOT NULL THEN 'address' WHEN account IS NOT NULL THEN 'account' ELSE 'unknown' END`;
const entityName = `coalesce(CASE entity_kind WHEN 'person' THEN person WHEN 'user' THEN local_user WHEN 'role' THEN lower(coalesce(machine, ${text("compromised")})) WHEN 'address' THEN address WHEN 'account' THEN account END, 'unknown')`;

export const columns: readonly Column[] = [
  { name: "account", type: "VARCHAR", sql: `lower(coalesce(${text("tenant")}, ${text("subscription")}, ${subscription}))` },
  column("status", "status", "status"),
  // An alert is told again whenever somebody works on it, or it goes on.
  ...identity(`CASE WHEN ${text("id")} IS NOT NULL THEN concat_ws(':', coalesce(account, ''), ${text("id")}, ${text("updated")}, status) END`).map((one) => ({ ...one, uses: [...(one.uses ?? []), "account", "status"] })),
  { name: "time", type: "TIMESTAMP", sql: `coalesce(${(["lastSeen", "updated", "created"] as const).map(time).join(", ")}, ${OBJECT_TIME})` },
  { name: "first_seen", type: "TIMESTAMP", sql: time("firstSeen") },
  { name: "created", type: "TIMESTAMP", sql: time("created") },
  { name: "updated", type: "TIMESTAMP", sql: time("updated") },
  { name: "class_uid", type: "INTEGER", sql: `2004` },
  { name: "activity_id", type: "INTEGER", sql: `CASE WHEN ${isClosed} THEN 3 WHEN updated > created OR lower(status) = 'inprogress' THEN 2 ELSE 1 END`, uses: ["status", "updated", "created"] },
  { name: "status_id", type: "INTEGER", sql: `0` },
  column("title", "title", "title"),
  column("alert_type", "type"),
  { name: "operation", type: "VARCHAR", sql: `coalesce(${[`"@properties.alertType"`, `"@AlertType"`].map((field) => `nullif(${field}, '')`).join(", ")}, title)`, uses: ["title"] },
  column("severity", "severity", "severity"),
  column("description", "description", "description"),
  column("alert_id", "id"),
  column("product", "product", "productName"),
  column("service", "service", "serviceSource"),
  column("category", "category", "category"),
  column("is_incident", "incident", "properties.isIncident"),
  { name: "region", type: "VARCHAR", sql: `nullif(regexp_extract("@id", '(?i)/locations/([^/]+)', 1), '')` },
  { name: "entities", type: "JSON[]", sql: entities, stored: false },
  { name: "person", type: "VARCHAR", sql: `coalesce(${personSql(upn)}, ${personSql(text("compromised"))})`, uses: ["entities"], stored: false },
  { name: "local_user", type: "VARCHAR", sql: localUser, uses: ["entities"], stored: false },
  { name: "machine", type: "VARCHAR", sql: machine, uses: ["entities"] },
  { name: "address", type: "VARCHAR", sql: address, uses: ["entities"] },
  { name: "user_agent", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "outcome", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "access_key", type: "VARCHAR", sql: `NULL::VARCHAR` },
  { name: "actor_name", type: "VARCHAR", sql: `coalesce(${upn}, local_user)`, uses: ["entities", "local_user"] },
  { name: "entity_kind", type: "VARCHAR", sql: entityKind, uses: ["person", "local_user", "machine", "address", "account"] },
  { name: "entity_name", type: "VARCHAR", sql: entityName, uses: ["entity_kind", "person", "local_user", "machine", "address", "account"] },
  { name: "entity_key", type: "VARCHAR", sql: `entity_kind || ':' || entity_name`, uses: ["entity_kind", "entity_name"] },
  { name: "resource", type: "VARCHAR", sql: `coalesce(${text("resource")}, ${text("compromised")}, machine)`, uses: ["machine"] },
];

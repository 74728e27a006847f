import { accessLine } from "./aws.s3access/line.ts";
import { flowLine } from "./aws.vpcflow/line.ts";
import type { JsonRecord } from "./definition.ts";
import { journalLine } from "./journald.ts";
import { withOktaNames } from "./okta.system/copies.ts";
import { attributesOf, bodyOf } from "./otlp.logs/carried.ts";

/** What may be an event that is wrapped in another record. */
interface Wrapped {
  /** Null where it is a line of text. */
  record: JsonRecord | null;
  text: string;
}

/** How vendors hand events out inside other records: what is inside, as text or as an object; undefined where it is not that. */
const WRAPPINGS: readonly ((record: JsonRecord) => unknown)[] = [
  // CloudTrail's LookupEvents.
  (record) => record["CloudTrailEvent"],
  // CloudTrail Lake: the whole event as its tables have it, and what others have put there, of which CloudTrail says where and for whom.
  (record) => record["eventJson"],
  (record) => (record["eventCategory"] === "ActivityAuditLog" && isRecord(record["eventData"]) ? { ...record, eventData: undefined, ...record["eventData"] } : undefined),
  // Amazon EventBridge.
  (record) => (typeof record["detail-type"] === "string" ? record["detail"] : undefined),
  // Amazon SNS, as it is delivered to queues and over HTTP.
  (record) => (record["Type"] === "Notification" && typeof record["TopicArn"] === "string" ? record["Message"] : undefined),
  // An event of Amazon CloudWatch Logs, as subscriptions and FilterLogEvents give it.
  (record) => (typeof record["timestamp"] === "number" ? record["message"] : undefined),
  // Logs of Azure Kubernetes Service in a diagnostic setting.
  (record) => (typeof record["category"] === "string" && isRecord(record["properties"]) ? record["properties"]["log"] : undefined),
  // Microsoft 365's Search-UnifiedAuditLog, and the same by Microsoft Graph.
  (record) => record["AuditData"] ?? record["auditData"],
  // A LogEntry of Google Cloud Logging.
  (record) => (typeof record["insertId"] === "string" ? record["jsonPayload"] : undefined),
  // An entry of systemd's journal.
  journalLine,
  // A log record of OpenTelemetry; a filelog receiver puts JSON that it has parsed into the attributes.
  bodyOf,
  attributesOf,
  // Okta's events, copied out of databases.
  withOktaNames,
  // Flows of VPCs and requests to S3, copied into tables.
  flowLine,
  accessLine,
  // Auth0's log streams; CloudEvents, and whoever else puts an event under this name.
  (record) => record["data"],
];

/** What a record may wrap, most likely first; lines of text come after all objects. */
export function* wrappedIn(record: JsonRecord): Generator<Wrapped> {
  const lines: Wrapped[] = [];
  for (const inside of WRAPPINGS) {
    const inner = inside(record);
    if (isRecord(inner)) yield { record: inner, text: JSON.stringify(inner) };
    if (typeof inner !== "string") continue;
    const parsed = parseRecord(inner);
    if (parsed !== null) yield { record: parsed, text: inner };
    else lines.push({ record: null, text: inner });
  }
  yield* lines;
}

/** The JSON object that a text is; null when it is none. */
export function parseRecord(text: string): JsonRecord | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

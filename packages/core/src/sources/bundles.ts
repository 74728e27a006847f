import { flowsIn } from "./azure.flow/flows.ts";
import type { JsonRecord } from "./definition.ts";
import { incidentsIn } from "./entra.pimalert/incidents.ts";
import { isLogsRequest, logRecordsIn } from "./otlp.logs/request.ts";

/** What may be one of the events that lie side by side in a record. */
export interface Part {
  /** Null where it is no object. */
  record: JsonRecord | null;
  text: string;
}

/** How vendors put several events into one record; undefined where it is not that. */
const BUNDLES: readonly ((record: JsonRecord) => Iterable<Part> | undefined)[] = [
  // Azure's flow logs: all flows of a network card in a minute.
  (record) => {
    const flows = flowsIn(record);
    return flows && partsOf(flows);
  },
  // An alert of Privileged Identity Management, with all of its incidents.
  (record) => {
    const incidents = incidentsIn(record);
    return incidents && partsOf(incidents);
  },
  // A request of OpenTelemetry's protocol, as the Collector's file exporter writes it.
  (record) => (isLogsRequest(record) ? logRecordsIn(record) : undefined),
  // What Security Hub sends by Amazon EventBridge, by itself and for a custom action.
  (record) => (typeof record["detail-type"] === "string" ? listIn(record["detail"], "findings") : undefined),
  // Okta's event hooks.
  (record) => (record["eventType"] === "com.okta.event_hook" ? listIn(record["data"], "events") : undefined),
  // CloudTrail's and Azure's files and CloudWatch's subscriptions, handed on in something else: a notification, a message of a queue.
  (record) => listIn(record, "Records") ?? listIn(record, "records"),
  (record) => (typeof record["logGroup"] === "string" ? listIn(record, "logEvents") : undefined),
];

/** The parts of a record that may be events of their own; undefined where it is not made of such. They are written while they are asked for. */
export function partsIn(record: JsonRecord): Iterable<Part> | undefined {
  for (const bundle of BUNDLES) {
    const parts = bundle(record);
    if (parts !== undefined) return parts;
  }
  return undefined;
}

function listIn(value: unknown, name: string): Iterable<Part> | undefined {
  const list = isRecord(value) ? value[name] : undefined;
  return Array.isArray(list) ? partsOf(list as unknown[]) : undefined;
}

function* partsOf(list: Iterable<unknown>): Generator<Part> {
  for (const value of list) yield { record: isRecord(value) ? value : null, text: JSON.stringify(value) };
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { isObject, jsonObject, saysJson, webServer, type WebServer } from "./webServer.ts";

export interface PagerDutyEvent {
  action: "trigger" | "acknowledge" | "resolve";
  dedupKey: string;
  /** Undefined for acknowledge and resolve, which need none. */
  payload: Record<string, unknown> | undefined;
  links: unknown;
}

export interface PagerDutyIncident {
  dedupKey: string;
  status: "triggered" | "acknowledged" | "resolved";
  /** Everything that was said about it, the first trigger included. */
  events: PagerDutyEvent[];
}

export interface FakePagerDuty extends WebServer {
  /** Where events go: `http://127.0.0.1:port/v2/enqueue`. */
  readonly endpoint: string;
  readonly routingKey: string;
  /** In the order of their beginning. An event for an open incident joins it; one for a resolved incident opens another. */
  readonly incidents: readonly PagerDutyIncident[];
}

const SEVERITIES: readonly unknown[] = ["critical", "error", "warning", "info"];
const ACTIONS: readonly unknown[] = ["trigger", "acknowledge", "resolve"];
const MOST_BYTES = 512 * 1024;

/** Starts PagerDuty's Events API v2 on a free port of the loopback interface; wrong events get 400 with the list of what is wrong. */
export async function fakePagerDuty(): Promise<FakePagerDuty> {
  const routingKey = "R0UT1NGKEYR0UT1NGKEYR0UT1NGKEY00";
  const incidents: PagerDutyIncident[] = [];
  let counter = 0;

  const server = await webServer((request) => {
    if (request.method !== "POST" || request.path !== "/v2/enqueue") return { status: 404, body: "" };
    const event = saysJson(request) ? jsonObject(request.body) : undefined;
    const errors = event === undefined ? ["Event object format is unrecognized"] : problemsOf(event, Buffer.byteLength(request.body));
    // A key that is well formed and belongs to nobody is accepted, as PagerDuty does; it just leads nowhere.
    if (errors.length > 0 || event === undefined) return { status: 400, body: JSON.stringify({ status: "invalid event", message: "Event object is invalid", errors }) };
    const dedupKey = typeof event["dedup_key"] === "string" ? event["dedup_key"] : `made-up-${++counter}`;
    if (event["routing_key"] === routingKey) {
      take({ action: event["event_action"] as PagerDutyEvent["action"], dedupKey, payload: event["payload"] as PagerDutyEvent["payload"], links: event["links"] });
    }
    return { status: 202, body: JSON.stringify({ status: "success", message: "Event processed", dedup_key: dedupKey }) };
  });

  const take = (event: PagerDutyEvent): void => {
    let incident = incidents.find(({ dedupKey, status }) => dedupKey === event.dedupKey && status !== "resolved");
    if (incident === undefined) {
      if (event.action !== "trigger") return;
      incident = { dedupKey: event.dedupKey, status: "triggered", events: [] };
      incidents.push(incident);
    }
    incident.events.push(event);
    if (event.action === "acknowledge") incident.status = "acknowledged";
    if (event.action === "resolve") incident.status = "resolved";
  };

  return { ...server, endpoint: `${server.origin}/v2/enqueue`, routingKey, incidents };
}

function problemsOf(event: Record<string, unknown>, size: number): string[] {
  const problems: string[] = [];
  const routingKey = event["routing_key"];
  if (typeof routingKey !== "string" || routingKey.length !== 32) problems.push("Length of 'routing_key' is incorrect (should be 32 characters)");
  if (!ACTIONS.includes(event["event_action"])) problems.push("'event_action' is invalid (must be one of the following: trigger, acknowledge, or resolve)");
  const dedupKey = event["dedup_key"];
  if (dedupKey !== undefined && (typeof dedupKey !== "string" || dedupKey.length > 255)) problems.push("'dedup_key' is invalid");
  if (dedupKey === undefined && event["event_action"] !== "trigger") problems.push("'dedup_key' is missing or blank");
  if (size > MOST_BYTES) problems.push("Event size is too large");
  if (event["event_action"] === "trigger") problems.push(...payloadProblems(event["payload"]));
  if (event["links"] !== undefined && !(Array.isArray(event["links"]) && event["links"].every((link) => isObject(link) && typeof link["href"] === "string"))) problems.push("'links' is invalid");
  return problems;
}

function payloadProblems(payload: unknown): string[] {
  if (!isObject(payload)) return ["'payload' is missing or blank"];
  const problems: string[] = [];
  const { summary, source, severity, timestamp, custom_details: details } = payload;
  if (typeof summary !== "string" || summary === "" || summary.length > 1024) problems.push("'payload.summary' is missing, blank or too long");
  if (typeof source !== "string" || source === "") problems.push("'payload.source' is missing or blank");
  if (!SEVERITIES.includes(severity)) problems.push("'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')");
  if (timestamp !== undefined && (typeof timestamp !== "string" || Number.isNaN(Date.parse(timestamp)))) problems.push("'payload.timestamp' is invalid");
  if (details !== undefined && !isObject(details)) problems.push("'payload.custom_details' is invalid");
  return problems;
}

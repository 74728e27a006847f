import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The records of a log file, told by `JSON.parse` alone: shares nothing with the product's reader. A whole document gives the
 * elements of its array or of `Records`, or itself; anything else one record a line that is not blank, but the lines of one audit event.
 * @returns in order; null for text that is no JSON object
 */
export function recordsOf(file: string): (JsonObject | null)[] {
  return itemsOf(file).map((item) => (typeof item === "string" ? null : item));
}

/** The records of a log file, and its lines of text; null for what begins as a JSON object and is none. */
function itemsOf(file: string): (JsonObject | string | null)[] {
  const bytes = readFileSync(file);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
  const whole = parse(text);
  const inside: unknown = isObject(whole) && Array.isArray(whole["Records"]) ? whole["Records"] : whole;
  const lines = (): unknown[] => text.split("\n").filter((line) => line.trim() !== "").map((line) => (line.trimStart().startsWith("{") ? parse(line) : line));
  const found: unknown[] = inside === undefined ? lines() : Array.isArray(inside) ? inside : [inside];
  const ofOneEvent = new Set<string>();
  return found
    .map((record) => (isObject(record) || typeof record === "string" ? record : null))
    .filter((item) => {
      const event = typeof item === "string" ? auditIdentity(item) : null;
      return event === null || (!ofOneEvent.has(event) && ofOneEvent.add(event));
    });
}

/** What lines of Linux' audit system have in common that are of one event: its host, time and serial number. */
function auditIdentity(line: string): string | null {
  const [, node, event] = /^(?:node=(\S+) )?type=\S+ msg=audit\(([\d.:]+)\):/.exec(line) ?? [];
  return event === undefined ? null : JSON.stringify(["audit", node, event]);
}

/** Files below a folder whose names say that they hold logs. */
export function logFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(?:json|jsonl|ndjson|log|txt|gz)$/.test(path))
    .map((path) => join(folder, path))
    .sort((a, b) => (a < b ? -1 : 1));
}

/** What makes two CloudTrail records the same event: GUID, account, time and operation. Null without a GUID: nothing does. */
function cloudtrailIdentity(record: JsonObject): string | null {
  const wrapped = record["CloudTrailEvent"];
  const event = typeof wrapped === "string" ? (JSON.parse(wrapped) as JsonObject) : record;
  const { eventID, eventTime, eventName, userIdentity, recipientAccountId } = event;
  if (typeof eventID !== "string" || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(eventID) || typeof event["eventSource"] !== "string") return null;
  const account = recipientAccountId ?? (isObject(userIdentity) ? userIdentity["accountId"] : null) ?? null;
  return JSON.stringify([eventID, account, eventTime, eventName]);
}

/** What makes two audit events of Kubernetes the same: the request, its stage, the time and what was asked. */
function kubernetesIdentity({ kind, auditID, stage, requestReceivedTimestamp, verb }: JsonObject): string | null {
  return kind === "Event" && typeof auditID === "string" ? JSON.stringify([auditID, stage, requestReceivedTimestamp, verb]) : null;
}

/** What a lake made of these files must hold. */
interface Expected {
  counts: { read: number; stored: number; duplicate: number; dead: number };
  /** Records of each file that are kept or repeat another one, and those that cannot be read. */
  readable: Map<string, number>;
  dead: Map<string, number>;
  /** Files with an event that is in another one, too: which of them has it is open. */
  shared: Set<string>;
}

/** Counts files as one scan of them must; each term is counted by itself. */
export function expectedOf(files: readonly string[]): Expected {
  const seen = new Map<string, string>();
  const expected: Expected = { counts: { read: 0, stored: 0, duplicate: 0, dead: 0 }, readable: new Map(), dead: new Map(), shared: new Set() };
  const add = (map: Map<string, number>, file: string): void => void map.set(file, (map.get(file) ?? 0) + 1);
  for (const file of files) {
    for (const item of itemsOf(file)) {
      expected.counts.read++;
      add(item === null ? expected.dead : expected.readable, file);
      const identity = item === null ? null : typeof item === "string" ? auditIdentity(item) : (cloudtrailIdentity(item) ?? kubernetesIdentity(item));
      const earlier = identity === null ? undefined : seen.get(identity);
      if (item === null) expected.counts.dead++;
      else if (earlier === undefined) expected.counts.stored++;
      else {
        expected.counts.duplicate++;
        expected.shared.add(file).add(earlier);
      }
      if (identity !== null) seen.set(identity, file);
    }
  }
  return expected;
}

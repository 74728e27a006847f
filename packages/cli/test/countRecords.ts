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
 * elements of its array or of `Records`, or itself; anything else one record a line that is not blank.
 * @returns in order; null for text that is no JSON object
 */
export function recordsOf(file: string): (JsonObject | null)[] {
  const bytes = readFileSync(file);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
  const whole = parse(text);
  const inside: unknown = isObject(whole) && Array.isArray(whole["Records"]) ? whole["Records"] : whole;
  const lines = (): unknown[] => text.split("\n").filter((line) => line.trim() !== "").map(parse);
  const found: unknown[] = inside === undefined ? lines() : Array.isArray(inside) ? inside : [inside];
  return found.map((record) => (isObject(record) ? record : null));
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

/** What a lake made of these files must hold. */
interface Expected {
  read: number;
  stored: number;
  duplicate: number;
  dead: number;
}

/** Counts files as one scan of them must; each term is counted by itself. */
export function expectedCounts(files: readonly string[]): Expected {
  const seen = new Set<string>();
  const counts: Expected = { read: 0, stored: 0, duplicate: 0, dead: 0 };
  for (const record of files.flatMap(recordsOf)) {
    counts.read++;
    const identity = record && cloudtrailIdentity(record);
    if (record === null) counts.dead++;
    else if (identity !== null && seen.has(identity)) counts.duplicate++;
    else counts.stored++;
    if (identity !== null) seen.add(identity);
  }
  return counts;
}

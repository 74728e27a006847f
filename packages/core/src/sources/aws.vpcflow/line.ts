import type { JsonRecord } from "../definition.ts";
import { nameOf, NAMES } from "./names.ts";

/** Numbers of fields with which AWS's versions 2, 3, 4, 5, 7, 8, 9 and 10 end. */
export const SIZES: readonly number[] = [14, 21, 25, 29, 39, 40, 41, 42];
const ADDRESS = /^(?:-|\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)$/;

/** Whether a line is a flow in the default format, or has all fields of a later version in the documented order. What has another order needs its header. */
export function isFlow(line: string): boolean {
  const part = line.split(" ");
  if (!SIZES.includes(part.length)) return false;
  const [version, , eni, source, destination, , , , , , , , action, status, vpc] = part as [string, ...string[]];
  if (!/^(?:\d{1,2}|-)$/.test(version) || !ADDRESS.test(source!) || !ADDRESS.test(destination!)) return false;
  if (!/^(?:ACCEPT|REJECT|-)$/.test(action!) || !/^(?:OK|NODATA|SKIPDATA|-)$/.test(status!)) return false;
  if (source === "-" && !/^(?:eni-|regional)/.test(eni!) && status === "-") return false;
  return vpc === undefined || /^(?:vpc-[0-9a-zA-Z]*|-)$/.test(vpc);
}

/** Fields that a collector adds to a record of its own (`p_log_type` of Panther, partitions of a table). */
const ADDED = /^(?:p_.*|year|month|day|hour|aws-?_?(?:account-?_?id|region|service))$/i;

/** Keys without one of which there is no flow: most records are told by these alone. */
const MARKS = ["srcaddr", "srcAddr", "interface_id", "interface-id", "interfaceId"];

/** The line of a flow that was copied to JSON, in the documented order; undefined for anything else. */
export function flowLine(record: JsonRecord): string | undefined {
  if (!MARKS.some((key) => record[key] !== undefined)) return undefined;
  const told = new Map<string, string>();
  let strange = 0;
  for (const [key, value] of Object.entries(record)) {
    const name = nameOf(key);
    if (name === undefined) strange += ADDED.test(key) ? 0 : 1;
    else told.set(name, wordOf(value));
  }
  const flows = told.has("srcaddr") && told.has("dstaddr") && strange === 0;
  if (!flows && !(told.has("interface-id") && told.has("log-status"))) return undefined;
  return NAMES.map((name) => told.get(name) ?? "-").join(" ");
}

/** A value as one word of a line: no field of a flow has spaces. */
function wordOf(value: unknown): string {
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  return /^\S+$/.test(text) ? text : "-";
}

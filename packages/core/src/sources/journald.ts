import type { JsonRecord } from "./definition.ts";

/** What systemd gives a message without a facility and a priority: daemon, info. */
const FACILITY = 3;
const PRIORITY = 6;

/**
 * The line of RFC 5424 that an entry of systemd's journal is, as `journalctl -o json` and its relatives write entries; undefined where the record is none, or has no message.
 * Fields are texts, or lists of texts where an entry has a field more than once; a message that is not plain text is a list of bytes.
 */
export function journalLine(record: JsonRecord): string | undefined {
  const micros = text(record["__REALTIME_TIMESTAMP"]);
  const message = messageOf(record["MESSAGE"]);
  if (micros === null || message === null || !/^\d{1,16}$/.test(micros)) return undefined;
  const time = new Date(Math.floor(Number(micros) / 1000)).toISOString().slice(0, 20) + micros.slice(-6).padStart(6, "0");
  const priority = Math.min(number(record["SYSLOG_FACILITY"], FACILITY), 23) * 8 + Math.min(number(record["PRIORITY"], PRIORITY), 7);
  const words = [["_HOSTNAME"], ["SYSLOG_IDENTIFIER", "_COMM"], ["_PID", "SYSLOG_PID"]].map((names) => word(names.map((name) => text(record[name])).find((value) => value !== null && value !== "")));
  return `<${priority}>1 ${time}Z ${words.join(" ")} - - ${escaped(message)}`;
}

function messageOf(value: unknown): string | null {
  const isBytes = Array.isArray(value) && value.length > 0 && value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
  return isBytes ? Buffer.from(value as number[]).toString("utf8") : text(value);
}

function text(value: unknown): string | null {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" ? first : null;
}

function number(value: unknown, otherwise: number): number {
  const digits = text(value);
  return digits !== null && /^\d{1,2}$/.test(digits) ? Number(digits) : otherwise;
}

function word(value: string | null | undefined): string {
  return value?.replaceAll(/[^!-~]+/g, "_").slice(0, 255) ?? "-";
}

/** Line feeds and returns, as rsyslog writes them into a line. */
function escaped(message: string): string {
  return message.replaceAll("\n", "#012").replaceAll("\r", "#015");
}

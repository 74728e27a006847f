import { NotFound, visible } from "@corduroy/core/kernel";
import { countOf, countText } from "@corduroy/core/reports";
import { driftOf, sourceById, type Drift } from "@corduroy/core/sources";
import { jsonText } from "../json.ts";
import { asking, type WhichLake } from "./askRows.ts";
import { EVENTS_A_DAY, shapeOn, storedSources } from "./sample.ts";

/** Days with events that are compared: the newest with those before. */
const NEW_DAYS = 2;
const OLD_DAYS = 12;
/** So few older records say little about what is new. */
const LEAST_RECORDS = 50;
/** Fields of one kind that are shown. */
const SHOWN = 20;

interface Compared {
  source: string;
  newer: { days: string[]; records: number };
  older: { days: string[]; records: number };
  /** Whether records had more fields than are remembered. */
  cut: boolean;
  /** Null where too little came before. */
  drift: Drift | null;
}

/** `corduroy sources drift`: what is new in the records of sources. */
export async function driftCommand(only: string | undefined, { format, ...which }: WhichLake & { format: "table" | "json" }): Promise<void> {
  if (only !== undefined && sourceById(only) === undefined) throw new NotFound(`There is no source ${only}.`, { hint: "docs/sources lists them; corduroy sources list shows what they have brought." });
  const ask = await asking(which);
  const found: Compared[] = [];
  for (const { source, days } of await storedSources(ask)) {
    // Lines of text have the fields that we read from them, and no others.
    if (source.text !== null || (only !== undefined && source.id !== only)) continue;
    const [newest, before] = [days.slice(0, NEW_DAYS), days.slice(NEW_DAYS, NEW_DAYS + OLD_DAYS)];
    if (newest.length === 0) continue;
    const newer = await shapeOn(ask, source, newest);
    const older = before.length === 0 ? null : await shapeOn(ask, source, before);
    found.push({ source: source.id, newer: { days: newest, records: newer.records }, older: { days: before, records: older?.records ?? 0 }, cut: newer.isCut || older?.isCut === true, drift: older === null || older.records < LEAST_RECORDS ? null : driftOf(older, newer) });
  }
  process.stdout.write(format === "json" ? jsonText(found) : text(found));
}

function text(found: readonly Compared[]): string {
  if (found.length === 0) return "No records of JSON are stored.\n";
  const head = `Compared: the newest ${NEW_DAYS} days with events and the ${OLD_DAYS} before them, up to ${EVENTS_A_DAY} records a day.\n`;
  return [head, ...found.map(block)].join("\n");
}

function block({ source, newer, older, cut, drift }: Compared): string {
  const title = `${source}  ${countText(newer.records)} of ${countOf(newer.days.length, "day")} with ${countText(older.records)} of ${countOf(older.days.length, "day")} before`;
  const lines = drift === null ? ["  Too little came before to say what is new."] : [
    ...listed(drift.fresh.map(({ field, types, records }) => `  new      ${visible(field)}  ${types.join(" or ") || "null"}  in ${countOf(records, "record")}`)),
    ...listed(drift.changed.map(({ field, before, now, records }) => `  changed  ${visible(field)}  was ${before.join(" or ")}, is ${now.join(" or ")}  in ${countOf(records, "record")}`)),
  ];
  return [title, ...(lines.length === 0 ? ["  Nothing is new."] : lines), ...(cut ? ["  Some records have more fields than are compared."] : []), ""].join("\n");
}

function listed(lines: readonly string[]): string[] {
  return lines.length <= SHOWN ? [...lines] : [...lines.slice(0, SHOWN), `  and ${countText(lines.length - SHOWN)} more`];
}

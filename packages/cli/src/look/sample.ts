import { fieldsToSee, type DetectionRule, type SeenSource } from "@corduroy/core/detect";
import { Forbidden } from "@corduroy/core/kernel";
import { Shape, sourceById, type SourceDefinition } from "@corduroy/core/sources";
import type { Ask } from "./askRows.ts";

/** Events of each day that are looked at. */
export const EVENTS_A_DAY = 500;
/** Events in whose text fields are looked for that those do not have. */
export const EVENTS_AGAIN = 100_000;
/** A record above this is left out: looking at it takes the time of a thousand others. */
const RECORD_BYTES = 256 * 1024;
const DAY_MS = 86_400_000;

/** A source that has events. */
export interface StoredSource {
  source: SourceDefinition;
  events: number;
  /** Its days with events, the newest first. */
  days: string[];
}

/** What was seen of a source, and in how many events. */
export interface LookedAt extends SeenSource {
  columns: Set<string>;
  looked: number;
}

/** The sources of a lake, with the days they have events on. Days to come are left out: a clock is wrong there, and what is newest is not. */
export async function storedSources(ask: Ask, now = new Date()): Promise<StoredSource[]> {
  const found = new Map<string, StoredSource>();
  const tomorrow = new Date(now.getTime() + DAY_MS).toISOString().slice(0, 10);
  await ask("select source, strftime(time, '%Y-%m-%d') as day, count(*) as events from events group by all order by day desc", (row) => {
    const source = sourceById(String(row["source"]));
    if (source === undefined) return;
    const known = found.get(source.id) ?? { source, events: 0, days: [] };
    known.events += Number(row["events"]);
    const day = String(row["day"]);
    if (day <= tomorrow) known.days.push(day);
    found.set(source.id, known);
  });
  return [...found.values()].sort((a, b) => (a.source.id < b.source.id ? -1 : 1));
}

/** What a few events of each of these days have. */
export async function shapeOn(ask: Ask, source: SourceDefinition, days: readonly string[]): Promise<Shape> {
  const shape = new Shape();
  await addRecords(ask, source, days, shape);
  return shape;
}

/** What a few events of each of these days have of what rules read. */
export async function seenOn(ask: Ask, source: SourceDefinition, days: readonly string[], rules: readonly DetectionRule[]): Promise<LookedAt> {
  const shape = new Shape(fieldsToSee(rules, source));
  const fields = source.columns.flatMap(({ field, name, whole }) => (field !== undefined && (source.text !== null || whole === true) ? [{ field, name }] : []));
  const columns = new Set<string>();
  if (source.text === null) await addRecords(ask, source, days, shape);
  if (source.text === null && fields.length === 0) return { source, shape, columns, looked: shape.records };
  let looked = 0;
  const counts = fields.map(({ name }, index) => `count("${name}") as c${index}`);
  await ask(`select ${["count(*) as looked", ...counts].join(", ")} from (${ofDays(source, days, ["time", ...fields.map(({ name }) => `"${name}"`)])})`, (row) => {
    looked = Number(row["looked"]);
    for (const [index, { field }] of fields.entries()) if (Number(row[`c${index}`]) > 0) columns.add(field);
  });
  return { source, shape, columns, looked };
}

/**
 * Looks for fields that a few events do not have in the text of many, by the last part of their names, and adds those that may be there to what was seen. What is rare is not missing.
 * @param fields of rules
 */
export async function lookAgain(ask: Ask, { source, columns }: LookedAt, days: readonly string[], fields: readonly string[]): Promise<void> {
  if (source.text !== null || fields.length === 0) return;
  const keys = fields.map((field) => [Object.hasOwn(source.sigmaNames, field) ? source.sigmaNames[field]! : field].flat().map((place) => JSON.stringify(place.split(".").at(-1))));
  const found = keys.map((texts, index) => `bool_or(${texts.map((text) => `contains(record, '${text.replaceAll("'", "''")}')`).join(" or ")}) as c${index}`);
  const from = days.at(-1)!;
  await ask(`select ${found.join(", ")} from (select coalesce(event_json, raw_data) as record from ${viewOf(source)} where time >= timestamp '${from}' and time < timestamp '${dayAfter(days[0]!)}' limit ${EVENTS_AGAIN})`, (row) => {
    for (const [index, field] of fields.entries()) if (row[`c${index}`] === true) columns.add(field);
  });
}

async function addRecords(ask: Ask, source: SourceDefinition, days: readonly string[], shape: Shape): Promise<void> {
  await ask(`select record from (${ofDays(source, days, ["coalesce(event_json, raw_data) as record"])}) where record is null or strlen(record) <= ${RECORD_BYTES}`, ({ record }) => {
    // Every event has its record: where it is not shown, nothing could be said of what it has.
    if (typeof record !== "string") throw new Forbidden("The records of events are withheld from this token.", { hint: "Ask with a token of the scope write, which may see people." });
    shape.add(record);
  });
}

/** The first rows that are met of each day: the parts of no other day are read, and of these no more than is needed. */
function ofDays(source: SourceDefinition, days: readonly string[], columns: readonly string[]): string {
  return days.map((day) => `(select ${columns.join(", ")} from ${viewOf(source)} where time >= timestamp '${day}' and time < timestamp '${dayAfter(day)}' limit ${EVENTS_A_DAY})`).join(" union all ");
}

const viewOf = ({ id }: SourceDefinition): string => id.replaceAll(".", "_");
const dayAfter = (day: string): string => new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);

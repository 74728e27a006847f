import type { FieldSeen, JsonType, Shape } from "./shape.ts";

/** What has changed in the records of a source. */
export interface Drift {
  /** Fields that no earlier record has, the most frequent first. */
  fresh: { field: string; types: JsonType[]; records: number }[];
  /** Fields that have a type now that they never had. */
  changed: { field: string; before: JsonType[]; now: JsonType[]; records: number }[];
}

/** An object with more different names than these is a map: its names are data, and new ones no news. */
const MAP_NAMES = 50;

/** Compares the fields of newer records with those of older ones. */
export function driftOf(older: Shape, newer: Shape): Drift {
  const maps = mapsOf(older, newer);
  const [before, now] = [folded(older, maps), folded(newer, maps)];
  const drift: Drift = { fresh: [], changed: [] };
  for (const [field, { records, types }] of now) {
    const known = before.get(field);
    const added = [...types].filter((type) => known !== undefined && !known.types.has(type));
    if (known === undefined) drift.fresh.push({ field, types: [...types], records });
    // A field that was always null gets its type now, and no rule has read anything else.
    else if (added.length > 0 && known.types.size > 0) drift.changed.push({ field, before: [...known.types], now: [...types], records });
  }
  // Below a new field everything is new: it says so for all of it.
  const isBelow = ({ field }: { field: string }): boolean => above(field).some((parent) => !before.has(parent) && now.has(parent));
  return { fresh: drift.fresh.filter((each) => !isBelow(each)).sort(byRecords), changed: drift.changed.sort(byRecords) };
}

function byRecords(a: { field: string; records: number }, b: typeof a): number {
  return b.records - a.records || (a.field < b.field ? -1 : 1);
}

function mapsOf(...shapes: readonly Shape[]): Set<string> {
  const names = new Map<string, Set<string>>();
  for (const { fields } of shapes)
    for (const field of fields.keys()) {
      const at = field.lastIndexOf(".");
      if (at === -1) continue;
      const parent = field.slice(0, at);
      names.set(parent, (names.get(parent) ?? new Set()).add(field));
    }
  return new Set([...names].flatMap(([parent, { size }]) => (size > MAP_NAMES ? [parent] : [])));
}

/** The fields, with one name for all names of a map. */
function folded({ fields }: Shape, maps: ReadonlySet<string>): Map<string, FieldSeen> {
  const found = new Map<string, FieldSeen>();
  for (const [field, { records, types }] of fields) {
    const map = above(field).find((parent) => maps.has(parent));
    const name = map === undefined ? field : `${map}.*`;
    const known = found.get(name) ?? { records: 0, types: new Set<JsonType>() };
    found.set(name, { records: Math.max(known.records, records), types: new Set([...known.types, ...types]) });
  }
  return found;
}

/** The names of what a field stands in, the outermost first. */
function above(field: string): string[] {
  const parts = field.split(".");
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("."));
}

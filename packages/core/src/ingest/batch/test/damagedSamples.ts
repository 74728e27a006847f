import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { fuzzed } from "./fuzzed.ts";
import type { JsonRecord, SourceDefinition } from "../../../sources/index.ts";

/** Records made of a source's samples, in each of which some values, members or whole branches are something else or gone. */
export function damagedSamples(source: SourceDefinition, count: number): JsonRecord[] {
  const folder = new URL(`../../../sources/${source.id}/samples/`, import.meta.url);
  const records = readdirSync(folder).map((name) => (JSON.parse(readFileSync(new URL(name, folder), "utf8")) as { record: JsonRecord }).record);
  const other = fc.oneof(fc.constantFrom(null, "", [], {}, "null", 0, "-1", true, [[]], [null], ["x"]), fc.string({ unit: "binary", maxLength: 6 }), fc.jsonValue({ stringUnit: "binary", maxDepth: 2 }));
  const damage = fc.array(fc.tuple(fc.nat(), other), { minLength: 1, maxLength: 4 });
  return fuzzed(fc.tuple(fc.constantFrom(...records), damage), count).map(([record, changes]) => {
    const copy = structuredClone(record);
    for (const [at, value] of changes) replace(copy, at, value);
    return copy;
  });
}

/** Puts a value in place of one of all members below. */
function replace(record: JsonRecord, at: number, value: unknown): void {
  const places: [Record<string, unknown>, string][] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      visit((node as Record<string, unknown>)[key]);
    }
  };
  visit(record);
  const place = places[at % places.length];
  if (place) place[0][place[1]] = structuredClone(value);
}

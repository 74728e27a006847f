import type { Expr } from "@corduroy/sigma";
import type { SourceDefinition } from "../sources/index.ts";
import { fieldColumns, wholeFields } from "./plan.ts";

/** Where a field stands: at several places its values are taken together; at none where the source never has it. @param isExists whether it is only asked if it is there */
export type Places = (field: string, isExists: boolean) => readonly string[];

/** An expression whose fields stand where a source has them. */
export function located(expr: Expr, places: Places): Expr {
  const inside = (part: Expr): Expr => located(part, places);
  if (expr.kind === "and") return { kind: "and", all: expr.all.map(inside) };
  if (expr.kind === "or") return { kind: "or", any: expr.any.map(inside) };
  if (expr.kind === "not") return { kind: "not", not: inside(expr.not) };
  return expr.kind === "field" ? locatedField(expr, places) : expr;
}

/** Some value at some of the places; null only where all of them are. */
function locatedField({ field, test }: Expr & { kind: "field" }, places: Places): Expr {
  const tests = test.kind === "sameAs" ? places(test.field, false).map((other) => ({ ...test, field: other })) : [test];
  const parts = places(field, test.kind === "exists").flatMap((place) => tests.map((each): Expr => ({ kind: "field", field: place, test: each })));
  if (parts.length === 0) return { kind: "constant", value: test.kind === "isNull" };
  if (parts.length === 1) return parts[0]!;
  return test.kind === "isNull" ? { kind: "and", all: parts } : { kind: "or", any: parts };
}

/** For rows that are read through columns: a column holds the value of all places. Whether a field exists is asked of the record, never of a column. */
export function quickPlaces(source: SourceDefinition): Places {
  const columns = fieldColumns(source);
  const whole = wholeFields(source);
  return (field, isExists) => {
    if (whole.has(field)) return [field];
    const named = Object.hasOwn(source.sigmaNames, field) ? [source.sigmaNames[field]!].flat() : [field];
    if (source.text !== null) return named.filter((name) => columns.has(name));
    return !isExists && columns.has(named[0]!) ? named.slice(0, 1) : named;
  };
}

/** For the other rows: all places of what `quickPlaces` has left at the first of several. */
export function allPlaces(source: SourceDefinition): Places {
  const columns = fieldColumns(source);
  const several = new Map(Object.values(source.sigmaNames).flatMap((places) => (typeof places !== "string" && columns.has(places[0]!) ? [[places[0]!, places] as const] : [])));
  return (field, isExists) => (isExists || source.text !== null ? [field] : (several.get(field) ?? [field]));
}

import { fieldsOf, type Expr } from "@corduroy/sigma";
import type { Shape, SourceDefinition } from "../sources/index.ts";
import { isFor } from "./applies.ts";
import { wholeFields } from "./plan.ts";
import type { DetectionRule } from "./rule.ts";

/** What was seen of a source's events. */
export interface SeenSource {
  source: SourceDefinition;
  /** Of its records, where they are JSON. */
  shape: Shape;
  /** Fields whose columns hold something. */
  columns: ReadonlySet<string>;
}

/** Which rules cannot match what there is, and what no rule looks at. */
export interface Coverage {
  /** Rules that no such event can fulfil, with the fields of theirs that none of them has. */
  blind: { rule: DetectionRule; sources: string[]; missing: string[] }[];
  /** Rules whose log source no event is of. */
  withoutEvents: DetectionRule[];
  /** Ids of sources that have events, and no rule. */
  withoutRules: string[];
}

/** Fields that rules for a source read, at the places where the source has them; to be looked for in its records. */
export function fieldsToSee(rules: readonly DetectionRule[], source: SourceDefinition): Set<string> {
  const fields = rules.filter((rule) => isFor(rule, source)).flatMap(({ expr }) => fieldsOf(expr).fields);
  return new Set(fields.flatMap((field) => placesOf(source, field)).flatMap((place) => [place, withoutNumbers(place)]));
}

/** Compares rules with what was seen. A rule is asked about its fields alone: whether one of their values ever comes is not known. */
export function coverageOf(rules: readonly DetectionRule[], seen: readonly SeenSource[]): Coverage {
  const coverage: Coverage = { blind: [], withoutEvents: [], withoutRules: [] };
  for (const rule of rules) {
    const mine = seen.filter(({ source }) => isFor(rule, source));
    if (mine.length === 0) coverage.withoutEvents.push(rule);
    else if (!mine.some((each) => canMatch(rule.expr, (field) => isCarried(each, field)))) {
      const missing = fieldsOf(rule.expr).fields.filter((field) => !mine.some((each) => isCarried(each, field)));
      coverage.blind.push({ rule, sources: mine.map(({ source }) => source.id), missing });
    }
  }
  coverage.withoutRules = seen.filter(({ source }) => !rules.some((rule) => isFor(rule, source))).map(({ source }) => source.id);
  return coverage;
}

function isCarried({ source, shape, columns }: SeenSource, field: string): boolean {
  return columns.has(field) || placesOf(source, field).some((place) => shape.fields.has(place) || shape.fields.has(withoutNumbers(place)));
}

/** Where a source has a field, in its records. */
function placesOf(source: SourceDefinition, field: string): readonly string[] {
  if (source.text !== null || wholeFields(source).has(field)) return [];
  return Object.hasOwn(source.sigmaNames, field) ? [source.sigmaNames[field]!].flat() : [field];
}

/** The elements of a list are taken together: its numbers are no part of the name. */
function withoutNumbers(place: string): string {
  return place.split(".").filter((part) => !/^\d+$/.test(part)).join(".");
}

/** Whether an expression can be fulfilled by events that have these fields, whatever is in them. */
function canMatch(expr: Expr, isThere: (field: string) => boolean): boolean {
  if (expr.kind === "and") return expr.all.every((part) => canMatch(part, isThere));
  if (expr.kind === "or") return expr.any.some((part) => canMatch(part, isThere));
  if (expr.kind === "constant") return expr.value;
  if (expr.kind !== "field" || expr.test.kind === "isNull") return true;
  return isThere(expr.field) && (expr.test.kind !== "sameAs" || isThere(expr.test.field));
}

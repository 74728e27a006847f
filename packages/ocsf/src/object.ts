import { objectShape } from "./facts.ts";
import type { Attribute, Shape } from "./facts.ts";
import { below, shown } from "./problem.ts";
import type { Problems } from "./problem.ts";
import { checkValue } from "./value.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** True for what JSON calls an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object's own value under `key`; null, undefined and absent are all undefined, since OCSF treats a null attribute as not there. */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? (object[key] ?? undefined) : undefined;
}

/** Some objects hold their own kind (a process its parent process). Real events stay below ten levels. */
const MAX_DEPTH = 64;

/** What stays the same on the walk through one event. */
export interface Walk {
  readonly applied: ReadonlySet<string>;
  readonly problems: Problems;
}

/** Checks every attribute of an object, or of an event, against its shape: unknown, profile, missing, values, constraints. */
export function checkObject(object: JsonObject, shape: Shape, path: string, depth: number, walk: Walk): void {
  if (shape.attributes.size === 0) return;
  const { applied, problems } = walk;
  for (const key of Object.keys(object)) {
    if (problems.full) return;
    const attribute = shape.attributes.get(key);
    if (attribute === undefined) problems.add(below(path, key), "unknown", "the schema has no such attribute here");
    else if (!isAllowed(attribute, applied)) problems.add(below(path, key), "profile", `only allowed when metadata.profiles lists ${attribute.profiles.join(" or ")}`);
    else checkAttribute(object, attribute, path === "" ? key : `${path}.${key}`, depth, walk);
  }
  for (const attribute of shape.required) {
    if (isAllowed(attribute, applied) && own(object, attribute.name) === undefined) problems.add(below(path, attribute.name), "missing", "required");
  }
  checkConstraints(object, shape, path, problems);
}

function isAllowed(attribute: Attribute, applied: ReadonlySet<string>): boolean {
  return attribute.profiles.length === 0 || attribute.profiles.some((profile) => applied.has(profile));
}

function checkAttribute(object: JsonObject, attribute: Attribute, path: string, depth: number, walk: Walk): void {
  const value = own(object, attribute.name);
  if (value === undefined) return;
  const siblings = attribute.sibling === undefined ? undefined : own(object, attribute.sibling);
  const siblingPath = attribute.sibling === undefined ? "" : path.slice(0, path.length - attribute.name.length) + attribute.sibling;
  if (!attribute.isArray) {
    if (Array.isArray(value) && attribute.type?.base !== "json_t") walk.problems.add(path, "array", `expected one value, found ${shown(value)}`);
    else checkOne(value, attribute, path, siblings, siblingPath, depth, walk);
  } else if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      if (walk.problems.full) return;
      // A list of captions must be as long as the list of values: a gap is a wrong caption, and null never equals one.
      const sibling = Array.isArray(siblings) ? (siblings[index] ?? null) : undefined;
      checkOne(element, attribute, `${path}[${index}]`, sibling, `${siblingPath}[${index}]`, depth, walk);
    }
  } else {
    walk.problems.add(path, "array", `expected an array, found ${shown(value)}`);
  }
}

function checkOne(value: unknown, attribute: Attribute, path: string, sibling: unknown, siblingPath: string, depth: number, walk: Walk): void {
  const { problems } = walk;
  if (attribute.object !== undefined) {
    if (!isObject(value)) problems.add(path, "type", `expected an object (${attribute.object}), found ${shown(value)}`);
    else if (depth >= MAX_DEPTH) problems.add(path, "depth", `nested deeper than ${MAX_DEPTH} objects; not checked further`);
    else checkObject(value, objectShape(attribute.object), path, depth + 1, walk);
  } else if (attribute.type !== undefined && checkValue(value, attribute.type, path, problems) && attribute.values !== undefined) {
    const caption = attribute.values.get(String(value));
    if (caption === undefined) problems.add(path, "enum", `${shown(value)} is not one of ${[...attribute.values.keys()].join(", ")}`);
    // 99 means Other: its caption is the source's own word.
    else if (value !== 99 && sibling !== undefined && sibling !== caption) problems.add(siblingPath, "sibling", `expected ${shown(caption)} beside ${attribute.name} ${shown(value)}, found ${shown(sibling)}`);
  }
}

function checkConstraints(object: JsonObject, shape: Shape, path: string, problems: Problems): void {
  const isPresent = (dotted: string): boolean => dotted.split(".").reduce<unknown>((at, key) => (isObject(at) ? own(at, key) : undefined), object) !== undefined;
  if (shape.atLeastOne.length > 0 && !shape.atLeastOne.some(isPresent)) problems.add(path, "at_least_one", `at least one of ${shape.atLeastOne.join(", ")} is required`);
  if (shape.justOne.length === 0) return;
  const present = shape.justOne.filter(isPresent);
  if (present.length !== 1) problems.add(path, "just_one", `just one of ${shape.justOne.join(", ")} is required, found ${present.join(", ") || "none"}`);
}

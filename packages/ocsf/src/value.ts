import type { ValueType } from "./facts.ts";
import { shown } from "./problem.ts";
import type { Problems } from "./problem.ts";

/**
 * The schema's patterns run on the built-in engine. Each was read and is linear on any input: anchored or of fixed width, with no two loops that
 * can take the same characters, and the address patterns stand behind a length limit of at most 40. A test pins the list, so that a pattern of a
 * later schema is read as well. The engine's stack is the remaining limit: base64 text overflows it at 50 million characters.
 */
const MAX_PATTERN_CHARACTERS = 1_048_576;

/** integer_t and long_t are signed, at most 8 bytes wide. */
const MAX_INTEGER = 2 ** 63;

/** Checks one value, never null and never an array's whole, against its data type. Gives true when it holds; else the problem is added. */
export function checkValue(value: unknown, type: ValueType, path: string, problems: Problems): boolean {
  switch (type.base) {
    case "json_t":
      return true;
    case "boolean_t":
      if (typeof value === "boolean") return true;
      break;
    case "float_t":
      if (Number.isFinite(value)) return true;
      break;
    case "integer_t":
    case "long_t":
      if (typeof value === "number" && Number.isInteger(value)) return checkInteger(value, type, path, problems);
      break;
    case "string_t":
      if (typeof value === "string") return checkString(value, type, path, problems);
      break;
  }
  problems.add(path, "type", `expected ${type.name}, found ${shown(value)}`);
  return false;
}

function checkInteger(value: number, type: ValueType, path: string, problems: Problems): boolean {
  const [low, high] = type.range ?? [-MAX_INTEGER, MAX_INTEGER];
  if (value >= low && value <= high) return true;
  problems.add(path, "range", `${type.name} is from ${low} to ${high}, found ${value}`);
  return false;
}

function checkString(value: string, type: ValueType, path: string, problems: Problems): boolean {
  if (type.maxLength !== undefined && value.length > type.maxLength) {
    problems.add(path, "max_len", `${type.name} has at most ${type.maxLength} characters, found ${value.length}`);
    return false;
  }
  if (type.pattern === undefined) return true;
  if (value.length > MAX_PATTERN_CHARACTERS) {
    problems.add(path, "pattern", `too long to be checked as ${type.name}: ${value.length} characters`);
    return false;
  }
  if (type.pattern.test(value)) return true;
  problems.add(path, "pattern", `not a valid ${type.name}: ${shown(value)}`);
  return false;
}

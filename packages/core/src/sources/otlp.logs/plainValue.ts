import { Invalid } from "../../kernel/index.ts";

type Json = Readonly<Record<string, unknown>>;

/** Values hold values; so deep at most. */
const DEEPEST = 64;

export const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
export const objectsIn = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** OTLP's AnyValue as plain JSON: text, numbers, lists, objects; bytes stay base64, and whole numbers too large for JSON's readers are text. @throws Invalid when it is too deep */
export function plainValue(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) throw new Invalid(`Values are nested more than ${DEEPEST} deep.`);
  if (!isObject(value)) return null;
  if (value["stringValue"] !== undefined) return value["stringValue"];
  if (value["boolValue"] !== undefined) return value["boolValue"];
  if (value["intValue"] !== undefined) return Number.isSafeInteger(Number(value["intValue"])) ? Number(value["intValue"]) : value["intValue"];
  if (value["doubleValue"] !== undefined) return typeof value["doubleValue"] === "number" && !Number.isFinite(value["doubleValue"]) ? String(value["doubleValue"]) : value["doubleValue"];
  if (value["bytesValue"] !== undefined) return value["bytesValue"];
  const { arrayValue, kvlistValue } = value;
  if (isObject(arrayValue)) return objectsIn(arrayValue["values"]).map((one) => plainValue(one, depth + 1));
  if (isObject(kvlistValue)) return plainAttributes(kvlistValue["values"], depth + 1);
  return null;
}

/** A list of keys and values as an object. */
export function plainAttributes(list: unknown, depth = 0): Json {
  const result: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const { key, value } of objectsIn(list)) if (typeof key === "string") result[key] = plainValue(value, depth);
  return result;
}

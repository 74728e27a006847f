/** JSON as the tests see it: numbers by their text, objects as pairs, so that big numbers and repeated keys are possible. */
export type Json = null | boolean | string | Numeric | readonly Json[] | JsonObject;

export class Numeric {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export class JsonObject {
  readonly pairs: readonly (readonly [string, Json])[];
  constructor(pairs: readonly (readonly [string, Json])[]) {
    this.pairs = pairs;
  }
}

/** JSON text, which is also YAML. */
export function jsonText(value: Json): string {
  if (value instanceof Numeric) return value.text;
  if (value instanceof JsonObject) return `{${value.pairs.map(([key, inner]) => `${JSON.stringify(key)}: ${jsonText(inner)}`).join(", ")}}`;
  return Array.isArray(value) ? `[${value.map(jsonText).join(", ")}]` : JSON.stringify(value);
}

/** The first of repeated keys counts. */
export function getKey(value: Json, key: string): Json | undefined {
  return value instanceof JsonObject ? value.pairs.find(([each]) => each === key)?.[1] : undefined;
}

/** JSON types as people say them. */
export type JsonType = "text" | "number" | "true or false" | "list" | "object";

/** Different fields that are remembered of one source; a vendor has some hundreds. */
const MOST_FIELDS = 5_000;
/** Places of one record that are looked at, and steps down to the deepest of them. */
const MOST_PLACES = 20_000;
const DEEPEST = 32;
/** A longer name is data. */
const LONGEST_NAME = 200;

/** What is known of a field. */
export interface FieldSeen {
  /** Records that have it. */
  records: number;
  /** Its types in them, null left out. */
  types: Set<JsonType>;
}

/** Which fields records have, and of which types: dotted names, the elements of lists taken together. Its memory is bounded, whatever the records hold. */
export class Shape {
  readonly fields = new Map<string, FieldSeen>();
  records = 0;
  /** Whether something was left out, because there was too much of it. */
  isCut = false;

  /** @param wanted the fields to look for; all where nothing is said */
  constructor(private readonly wanted: ReadonlySet<string> | null = null) {}

  /** Adds a record of JSON; what is none is left away. */
  add(json: string): void {
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch {
      return;
    }
    this.records++;
    const seen = new Map<string, Set<JsonType>>();
    const waiting: { value: unknown; name: string; depth: number }[] = [{ value, name: "", depth: 0 }];
    for (let places = 0; waiting.length > 0; places++) {
      if (places === MOST_PLACES) {
        this.isCut = true;
        break;
      }
      const place = waiting.pop()!;
      if (place.name !== "") note(seen, place.name, typeOf(place.value));
      if (typeof place.value !== "object" || place.value === null) continue;
      if (place.depth === DEEPEST) {
        this.isCut = true;
        continue;
      }
      for (const [key, each] of membersOf(place.value, MOST_PLACES)) {
        const name = key === null ? place.name : place.name === "" ? key : `${place.name}.${key}`;
        if (name.length > LONGEST_NAME) this.isCut = true;
        else waiting.push({ value: each, name, depth: place.depth + 1 });
      }
    }
    for (const [name, types] of seen) this.count(name, types);
  }

  private count(name: string, types: ReadonlySet<JsonType>): void {
    if (this.wanted !== null && !this.wanted.has(name)) return;
    const known = this.fields.get(name);
    if (known === undefined && this.fields.size === MOST_FIELDS) {
      this.isCut = true;
      return;
    }
    const field = known ?? { records: 0, types: new Set<JsonType>() };
    field.records++;
    for (const type of types) field.types.add(type);
    if (known === undefined) this.fields.set(name, field);
  }
}

function note(seen: Map<string, Set<JsonType>>, name: string, type: JsonType | null): void {
  const types = seen.get(name) ?? new Set<JsonType>();
  if (type !== null) types.add(type);
  seen.set(name, types);
}

function typeOf(value: unknown): JsonType | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return "list";
  return typeof value === "string" ? "text" : typeof value === "number" ? "number" : typeof value === "boolean" ? "true or false" : "object";
}

/** Members of an object by name, elements of a list without one; so many at most. */
function* membersOf(value: object, most: number): Generator<[key: string | null, value: unknown]> {
  let left = most;
  if (Array.isArray(value)) for (const each of value.slice(0, most)) yield [null, each];
  else for (const key in value) if (left-- > 0) yield [key, (value as Record<string, unknown>)[key]];
}

import { factsText } from "./generated/facts.ts";

/** The JSON inside `generated/facts.ts`. `attributes` lists usages: see `readUsage`. */
interface FactsDocument {
  readonly categories: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, { readonly base: Primitive; readonly range?: readonly [number, number]; readonly maxLength?: number; readonly pattern?: string }>>;
  readonly definitions: Readonly<
    Record<string, { readonly type?: string; readonly object?: string; readonly array?: true; readonly sibling?: string; readonly enum?: Readonly<Record<string, string>> }>
  >;
  readonly objects: Readonly<Record<string, OwnerFacts>>;
  readonly everyClass: string;
  readonly classes: Readonly<Record<string, OwnerFacts & { readonly uid: number; readonly caption: string; readonly category: number; readonly profiles: readonly string[] }>>;
}

interface OwnerFacts {
  readonly attributes: string;
  readonly at_least_one?: readonly string[];
  readonly just_one?: readonly string[];
}

type Primitive = "string_t" | "integer_t" | "long_t" | "float_t" | "boolean_t" | "json_t";

/** A data type, ready to check values with. */
export interface ValueType {
  readonly name: string;
  readonly base: Primitive;
  readonly range?: readonly [number, number];
  readonly maxLength?: number;
  readonly pattern?: RegExp;
}

/** One attribute of a class or an object. Exactly one of `type` and `object` is set. */
export interface Attribute {
  readonly name: string;
  readonly type: ValueType | undefined;
  readonly object: string | undefined;
  readonly isArray: boolean;
  readonly required: boolean;
  /** Allowed only when the event applies one of these; empty: always allowed. */
  readonly profiles: readonly string[];
  /** Allowed values as text, with their captions. */
  readonly values: ReadonlyMap<string, string> | undefined;
  /** The attribute that holds the caption of this one's value. */
  readonly sibling: string | undefined;
}

/** What an object, or an event of a class, may and must hold. Without attributes it may hold anything. */
export interface Shape {
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly required: readonly Attribute[];
  readonly atLeastOne: readonly string[];
  readonly justOne: readonly string[];
}

/** An event class of OCSF. */
export interface EventClass {
  readonly uid: number;
  /** The schema's name, such as `authentication`. */
  readonly name: string;
  readonly caption: string;
  readonly categoryUid: number;
  readonly categoryName: string;
  /** Every profile an event of this class may list in `metadata.profiles`. */
  readonly profiles: readonly string[];
}

const parsed = once(() => JSON.parse(factsText) as FactsDocument);
const typesByName = once(() => new Map(Object.entries(parsed().types).map(([name, { pattern, ...rest }]): [string, ValueType] => [name, { ...rest, name, ...(pattern !== undefined && { pattern: new RegExp(pattern) }) }])));
const classesByUid = once(() => {
  const { classes, categories } = parsed();
  return new Map(
    Object.entries(classes).map(([name, { uid, caption, category, profiles }]): [number, EventClass] => [uid, { uid, name, caption, categoryUid: category, categoryName: categories[category] ?? "", profiles }]),
  );
});
const classShapes = new Map<string, Shape>();
const objectShapes = new Map<string, Shape>();

/** The event class with this `class_uid`, or undefined when OCSF 1.8.0 has none. */
export function classOf(uid: number): EventClass | undefined {
  return classesByUid().get(uid);
}

/** The shape of a class that `classOf` gave. */
export function classShape(eventClass: EventClass): Shape {
  return remembered(classShapes, eventClass.name, () => {
    const facts = parsed().classes[eventClass.name];
    if (facts === undefined) throw new RangeError(`not an OCSF class: ${eventClass.name}`);
    const shape = readShape(facts, `${parsed().everyClass} ${facts.attributes}`);
    const activities = [...(shape.attributes.get("activity_id")?.values ?? [])];
    const identifiers = {
      class_uid: new Map([[String(eventClass.uid), eventClass.caption]]),
      category_uid: new Map([[String(eventClass.categoryUid), eventClass.categoryName]]),
      type_uid: new Map(activities.map(([id, caption]) => [String(eventClass.uid * 100 + Number(id)), `${eventClass.caption}: ${caption}`])),
    };
    const attributes = new Map(shape.attributes);
    for (const [name, values] of Object.entries(identifiers)) {
      const attribute = attributes.get(name);
      if (attribute !== undefined) attributes.set(name, { ...attribute, values });
    }
    return { ...shape, attributes };
  });
}

/** The shape of an object type that an `Attribute` names. */
export function objectShape(name: string): Shape {
  return remembered(objectShapes, name, () => {
    const facts = parsed().objects[name];
    if (facts === undefined) throw new RangeError(`not an OCSF object: ${name}`);
    return readShape(facts, facts.attributes);
  });
}

function readShape(facts: OwnerFacts, usages: string): Shape {
  const attributes = usages.split(" ").filter(Boolean).map(readUsage);
  return {
    attributes: new Map(attributes.map((attribute) => [attribute.name, attribute])),
    required: attributes.filter((attribute) => attribute.required),
    atLeastOne: facts.at_least_one ?? [],
    justOne: facts.just_one ?? [],
  };
}

/** Reads `key`, then `!` (required) or `+` (recommended), then `:profile,profile`. The key is the attribute's name, or name/variant. */
function readUsage(usage: string): Attribute {
  const [head = "", profiles] = usage.split(":");
  const key = head.replace(/[!+]$/, "");
  const definition = parsed().definitions[key];
  if (definition === undefined) throw new RangeError(`not an OCSF attribute: ${key}`);
  return {
    name: key.split("/")[0] ?? "",
    type: definition.type === undefined ? undefined : typesByName().get(definition.type),
    object: definition.object,
    isArray: definition.array === true,
    required: head.endsWith("!"),
    profiles: profiles?.split(",") ?? [],
    values: definition.enum && new Map(Object.entries(definition.enum)),
    sibling: definition.sibling,
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function remembered<T>(known: Map<string, T>, name: string, make: () => T): T {
  const value = known.get(name) ?? make();
  known.set(name, value);
  return value;
}

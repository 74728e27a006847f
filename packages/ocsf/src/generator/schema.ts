/** The parts of a compiled OCSF schema document that carry facts; every prose field is left out on purpose. */
export interface CompiledSchema {
  readonly version: string;
  readonly categories: { readonly attributes: Readonly<Record<string, { readonly uid: number; readonly caption: string }>> };
  readonly dictionary: { readonly types: { readonly attributes: Readonly<Record<string, CompiledType>> } };
  readonly classes: Readonly<Record<string, CompiledClass>>;
  readonly objects: Readonly<Record<string, CompiledObject>>;
  readonly profiles: Readonly<Record<string, unknown>>;
}

/** A data type; `type` names the primitive it narrows, absent for a primitive itself. */
interface CompiledType {
  readonly type?: string;
  readonly regex?: string;
  readonly max_len?: number;
  readonly range?: readonly [number, number];
}

/** One attribute as a class or an object uses it. */
export interface CompiledAttribute {
  readonly type: string;
  readonly requirement: "required" | "recommended" | "optional";
  readonly object_type?: string;
  readonly is_array?: boolean;
  readonly enum?: Readonly<Record<string, { readonly caption: string }>>;
  readonly sibling?: string;
  readonly profiles?: readonly string[] | null;
}

export interface CompiledObject {
  readonly attributes: Readonly<Record<string, CompiledAttribute>>;
  readonly constraints?: Readonly<Record<string, readonly string[]>>;
}

export interface CompiledClass extends CompiledObject {
  readonly uid: number;
  readonly caption: string;
  readonly category_uid: number;
  readonly profiles: readonly string[];
}

const CONSTRAINTS = new Set(["at_least_one", "just_one"]);

/**
 * Takes a parsed compiled schema and gives it back typed, after checking what the generator and the validator rely on.
 *
 * @throws Error naming the class or object, when a later schema breaks one of those assumptions.
 */
export function readSchema(document: unknown): CompiledSchema {
  const schema = document as CompiledSchema;
  for (const part of ["version", "categories", "dictionary", "classes", "objects", "profiles"] as const) {
    if (schema?.[part] === undefined) throw new Error(`not a compiled OCSF schema: "${part}" is missing`);
  }
  for (const [name, owner] of [...Object.entries(schema.objects), ...Object.entries(schema.classes)]) checkOwner(schema, name, owner);
  for (const [name, eventClass] of Object.entries(schema.classes)) checkDerivedEnums(schema, name, eventClass);
  return schema;
}

/** The category's caption; an event class without a category (Base Event) is uncategorised. */
export function categoryCaption(schema: CompiledSchema, uid: number): string {
  return Object.values(schema.categories.attributes).find((category) => category.uid === uid)?.caption ?? "Uncategorized";
}

function checkOwner(schema: CompiledSchema, name: string, owner: CompiledObject): void {
  for (const kind of Object.keys(owner.constraints ?? {})) {
    if (!CONSTRAINTS.has(kind)) throw new Error(`${name}: unknown constraint ${kind}`);
  }
  for (const [attribute, facts] of Object.entries(owner.attributes)) {
    const known = facts.type === "object_t" ? Object.hasOwn(schema.objects, facts.object_type ?? "") : Object.hasOwn(schema.dictionary.types.attributes, facts.type);
    if (!known) throw new Error(`${name}.${attribute}: unknown type ${facts.type} ${facts.object_type ?? ""}`);
    if (!/^[a-z][a-z0-9_]*$/.test(attribute)) throw new Error(`${name}: attribute name ${attribute} does not fit the encoding`);
  }
}

/** class_uid, category_uid and type_uid follow from the class and its activities, so the facts do not repeat them. */
function checkDerivedEnums(schema: CompiledSchema, name: string, { uid, caption, category_uid, attributes }: CompiledClass): void {
  const captions = (attribute: string): Record<string, string> =>
    Object.fromEntries(Object.entries(attributes[attribute]?.enum ?? {}).map(([value, entry]) => [value, entry.caption]));
  const types = Object.entries(captions("activity_id")).map(([value, activity]) => [String(uid * 100 + Number(value)), `${caption}: ${activity}`]);
  const expected = { class_uid: { [uid]: caption }, category_uid: { [category_uid]: categoryCaption(schema, category_uid) }, type_uid: Object.fromEntries(types) };
  for (const [attribute, values] of Object.entries(expected)) {
    const found = captions(attribute);
    const same = Object.keys(found).length === Object.keys(values).length && Object.entries(values).every(([value, text]) => found[value] === text);
    if (!same) throw new Error(`${name}: the values of ${attribute} do not follow from the class`);
  }
}

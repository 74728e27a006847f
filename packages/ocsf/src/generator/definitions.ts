import type { CompiledAttribute, CompiledObject, CompiledSchema } from "./schema.ts";

/** Attributes whose allowed values follow from the class itself; their enums are not written down. */
export const DERIVED: ReadonlySet<string> = new Set(["class_uid", "category_uid", "type_uid"]);

/** What an attribute is, apart from how an owner requires it: the part that hundreds of owners share. */
interface Definition {
  readonly type?: string;
  readonly object?: string;
  readonly array?: true;
  readonly sibling?: string;
  readonly enum?: Readonly<Record<string, string>>;
}

/** Distinct definitions by key, and the key of every (owner, attribute). A key is the attribute's name, or name/owner for its variants. */
export interface Definitions {
  readonly byKey: ReadonlyMap<string, Definition>;
  keyOf(attribute: string, facts: CompiledAttribute): string;
}

/**
 * Finds the distinct definitions of the whole schema. The variant that most owners use keeps the plain name; every other variant is named
 * after the first owner, in alphabetical order, so the same schema always gives the same keys.
 */
export function collectDefinitions(schema: CompiledSchema): Definitions {
  const variants = new Map<string, Map<string, { owners: string[]; definition: Definition }>>();
  for (const [owner, { attributes }] of ownersOf(schema)) {
    for (const [attribute, facts] of Object.entries(attributes)) {
      const definition = definitionOf(attribute, facts);
      const ofName = variants.get(attribute) ?? new Map<string, { owners: string[]; definition: Definition }>();
      const variant = ofName.get(JSON.stringify(definition)) ?? { owners: [], definition };
      variant.owners.push(owner);
      variants.set(attribute, ofName.set(JSON.stringify(definition), variant));
    }
  }
  const byKey = new Map<string, Definition>();
  const keys = new Map<string, string>();
  for (const [attribute, ofName] of [...variants].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const most = Math.max(...[...ofName.values()].map((variant) => variant.owners.length));
    let plain = false;
    for (const [text, { owners, definition }] of ofName) {
      const key: string = owners.length === most && !plain ? attribute : `${attribute}/${owners[0] ?? ""}`;
      plain ||= key === attribute;
      byKey.set(key, definition);
      keys.set(`${attribute} ${text}`, key);
    }
  }
  return { byKey, keyOf: (attribute, facts) => keys.get(`${attribute} ${JSON.stringify(definitionOf(attribute, facts))}`) ?? "" };
}

function ownersOf(schema: CompiledSchema): [string, CompiledObject][] {
  return [...sorted(schema.objects), ...sorted(schema.classes)];
}

/** Entries of a record in alphabetical order of their keys. */
export function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

function definitionOf(attribute: string, facts: CompiledAttribute): Definition {
  const values = DERIVED.has(attribute) ? undefined : facts.enum;
  return {
    ...(facts.type === "object_t" ? { object: facts.object_type ?? "" } : { type: facts.type }),
    ...(facts.is_array === true && { array: true }),
    ...(facts.sibling !== undefined && facts.enum !== undefined && { sibling: facts.sibling }),
    ...(values !== undefined && { enum: Object.fromEntries(Object.entries(values).map(([value, { caption }]) => [value, caption])) }),
  };
}

import type { RawAttribute, RawOwner, RawSchema } from "./compiled-schema.ts";

/** A number from 0 up to, not including, its argument. */
export type Pick = (below: number) => number;

/** Numbers that a seed decides (mulberry32), so that a failing case can be repeated. */
export function seeded(seed: number): Pick {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Makes a valid event of a class from the published schema alone: random profiles, random optional attributes, every constraint met. */
export function randomEvent(schema: RawSchema, className: string, pick: Pick): Record<string, unknown> {
  const eventClass = schema.classes[className];
  if (eventClass === undefined) throw new Error(`no class ${className}`);
  const applied = eventClass.profiles.filter(() => pick(3) === 0);
  const event = record(eventClass, 0);
  event["class_uid"] = eventClass.uid;
  event["type_uid"] = eventClass.uid * 100 + Number(event["activity_id"]);
  delete event["class_name"];
  delete event["type_name"];
  event["metadata"] = { ...(event["metadata"] as object), profiles: applied };
  return event;

  function record(owner: RawOwner, depth: number): Record<string, unknown> {
    const allowed = new Map(Object.entries(owner.attributes).filter(([, { profiles }]) => !profiles || profiles.some((profile) => applied.includes(profile))));
    const chance = [6, 8, 20, 60][depth] ?? Infinity;
    const chosen = new Set([...allowed].filter(([, { requirement }]) => requirement === "required" || (chance < Infinity && pick(chance) === 0)).map(([name]) => name));
    const { at_least_one, just_one } = owner.constraints ?? {};
    if (just_one) for (const name of just_one) chosen.delete(name);
    for (const names of [at_least_one, just_one]) {
      const usable = names?.filter((name) => allowed.has(name.split(".")[0] ?? "")) ?? [];
      // Scalars first when already deep, so that objects which need objects come to an end.
      const flat = usable.filter((name) => allowed.get(name)?.type !== "object_t");
      const from = depth > 3 && flat.length > 0 ? flat : usable;
      if (from.length > 0 && !usable.some((name) => chosen.has(name))) chosen.add(from[pick(from.length)]?.split(".")[0] ?? "");
    }
    const made: Record<string, unknown> = {};
    for (const name of chosen) {
      const attribute = allowed.get(name);
      if (attribute !== undefined) made[name] = values(attribute, depth);
    }
    for (const name of Object.keys(made)) agree(made, name, owner.attributes);
    for (const dotted of at_least_one?.filter((name) => name.includes(".")) ?? []) reach(made, owner, dotted.split("."), depth);
    return made;
  }

  /** Sees to it that the attribute at the end of a path of objects is there. */
  function reach(made: Record<string, unknown>, owner: RawOwner, [first = "", ...rest]: string[], depth: number): void {
    const attribute = owner.attributes[first];
    if (attribute === undefined) throw new Error(`no attribute ${first}`);
    made[first] ??= value(attribute, depth);
    const object = schema.objects[attribute.object_type ?? ""];
    if (object !== undefined) reach(made[first] as Record<string, unknown>, object, rest, depth + 1);
  }

  function values(attribute: RawAttribute, depth: number): unknown {
    if (!attribute.is_array) return value(attribute, depth);
    return Array.from({ length: attribute.requirement === "required" ? 1 : pick(3) }, () => value(attribute, depth));
  }

  function value(attribute: RawAttribute, depth: number): unknown {
    if (attribute.type === "object_t") {
      const object = schema.objects[attribute.object_type ?? ""];
      return object === undefined || Object.keys(object.attributes).length === 0 ? { free: [1, null, "form"] } : record(object, depth + 1);
    }
    const choices = Object.keys(attribute.enum ?? {});
    const choice = choices[pick(Math.max(choices.length, 1))];
    if (choice !== undefined) return attribute.type === "string_t" ? choice : Number(choice);
    const good = EXAMPLES[attribute.type] ?? EXAMPLES[schema.dictionary.types.attributes[attribute.type]?.type ?? ""] ?? [];
    return good[pick(good.length)];
  }
}

/** Gives the sibling of an enum the caption it must have; a sibling of "other" keeps its own words. */
function agree(made: Record<string, unknown>, name: string, attributes: RawOwner["attributes"]): void {
  const attribute = attributes[name];
  const sibling = attribute?.enum && attribute.sibling;
  if (!sibling || made[sibling] === undefined) return;
  const caption = (id: unknown): string => attribute.enum?.[String(id)]?.caption ?? "";
  const ids = made[name];
  made[sibling] = Array.isArray(ids) ? ids.map(caption) : caption(ids);
}

/** Valid values by data type, or by the primitive it narrows. */
const EXAMPLES: Readonly<Record<string, readonly unknown[]>> = {
  string_t: ["", "text", "é\n"],
  integer_t: [0, 7, -3],
  long_t: [0, 1_700_000_000_000, -1],
  float_t: [0.5, 2, -1e9],
  boolean_t: [true, false],
  json_t: ["x", [1], { a: { b: [] } }],
  bytestring_t: ["", "aGVsbG8=", "-_8="],
  datetime_t: ["2024-09-10T23:20:50.520Z", "2024-09-10t23:20:50+02:00"],
  email_t: ["ada@example.com"],
  ip_t: ["192.0.2.1", "2001:db8::7", "::ffff:192.0.2.1"],
  mac_t: ["00:00:5e:00:53:af"],
  port_t: [0, 443, 65_535],
  subnet_t: ["192.0.2.0/24"],
  uuid_t: ["6ba7b810-9dad-11d1-80b4-00c04fd430c8"],
};

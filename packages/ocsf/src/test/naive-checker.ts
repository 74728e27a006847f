import type { RawAttribute, RawOwner, RawSchema } from "./compiled-schema.ts";

/**
 * A second opinion: the same rules, written plainly over the published schema, with no care for speed or hostile input. Shares no code with
 * the package. Gives "code path" for each problem.
 */
export function naiveProblems(schema: RawSchema, event: Record<string, unknown>): Set<string> {
  const found = new Set<string>();
  const eventClass = Object.values(schema.classes).find((candidate) => candidate.uid === event["class_uid"]);
  if (eventClass === undefined) {
    if (isNothing(event["class_uid"])) return new Set(["missing class_uid"]);
    return new Set([typeof event["class_uid"] === "number" ? "class_uid class_uid" : "type class_uid"]);
  }

  const metadata = event["metadata"];
  const listed = isRecord(metadata) && Array.isArray(metadata["profiles"]) ? (metadata["profiles"] as unknown[]) : [];
  listed.forEach((profile, index) => {
    if (typeof profile === "string" && !eventClass.profiles.includes(profile)) found.add(`profile metadata.profiles[${index}]`);
  });
  const applied = listed.filter((profile) => eventClass.profiles.includes(profile as string)) as string[];

  const { activity_id, type_uid } = event;
  if (Number.isInteger(activity_id) && Number.isInteger(type_uid) && type_uid !== eventClass.uid * 100 + (activity_id as number)) found.add("type_uid type_uid");
  owner(event, eventClass, "");
  return found;

  function owner(value: Record<string, unknown>, facts: RawOwner, at: string): void {
    if (Object.keys(facts.attributes).length === 0) return;
    const visible = new Map(Object.entries(facts.attributes).filter(([, attribute]) => !attribute.profiles || attribute.profiles.some((profile) => applied.includes(profile))));
    const all = new Map(Object.entries(facts.attributes));
    for (const key of Object.keys(value)) {
      if (!all.has(key)) found.add(`unknown ${join(at, key)}`);
      else if (!visible.has(key)) found.add(`profile ${join(at, key)}`);
    }
    for (const [name, attribute] of visible) {
      const mine = new Map(Object.entries(value)).get(name);
      if (isNothing(mine)) {
        if (attribute.requirement === "required") found.add(`missing ${join(at, name)}`);
      } else many(mine, attribute, join(at, name));
    }
    for (const [name, attribute] of visible) siblings(value, name, attribute, at);
    const present = (path: string): boolean => !isNothing(path.split(".").reduce<unknown>((here, key) => (isRecord(here) ? here[key] : null), value));
    const { at_least_one, just_one } = facts.constraints ?? {};
    if (at_least_one && !at_least_one.some(present)) found.add(`at_least_one ${at}`);
    if (just_one && just_one.filter(present).length !== 1) found.add(`just_one ${at}`);
  }

  function many(value: unknown, attribute: RawAttribute, at: string): void {
    if (attribute.is_array) {
      if (!Array.isArray(value)) found.add(`array ${at}`);
      else value.forEach((element: unknown, index) => one(element, attribute, `${at}[${index}]`));
    } else if (Array.isArray(value) && attribute.type !== "json_t") found.add(`array ${at}`);
    else one(value, attribute, at);
  }

  function one(value: unknown, attribute: RawAttribute, at: string): void {
    if (attribute.type === "object_t") {
      const object = schema.objects[attribute.object_type ?? ""];
      if (!isRecord(value)) found.add(`type ${at}`);
      else if (object) owner(value, object, at);
      return;
    }
    const bad = scalar(schema, value, attribute.type);
    if (bad !== undefined) found.add(`${bad} ${at}`);
    else if (attribute.enum && !Object.keys(attribute.enum).includes(String(value))) found.add(`enum ${at}`);
  }

  function siblings(value: Record<string, unknown>, name: string, attribute: RawAttribute, at: string): void {
    if (!attribute.enum || !attribute.sibling) return;
    const [ids, captions] = [value[name], value[attribute.sibling]];
    const wrong = (id: unknown, caption: unknown): boolean =>
      id !== 99 && scalar(schema, id, attribute.type) === undefined && Object.keys(attribute.enum ?? {}).includes(String(id)) && attribute.enum?.[String(id)]?.caption !== caption;
    if (isNothing(ids) || isNothing(captions)) return;
    if (!attribute.is_array) {
      if (wrong(ids, captions)) found.add(`sibling ${join(at, attribute.sibling)}`);
    } else if (Array.isArray(ids) && Array.isArray(captions)) {
      ids.forEach((id, index) => wrong(id, captions[index]) && found.add(`sibling ${join(at, attribute.sibling ?? "")}[${index}]`));
    }
  }
}

function scalar(schema: RawSchema, value: unknown, type: string): string | undefined {
  const facts = schema.dictionary.types.attributes[type];
  const base = facts?.type ?? type;
  if (base === "json_t") return undefined;
  const right = { string_t: typeof value === "string", boolean_t: typeof value === "boolean", float_t: typeof value === "number" }[base] ?? Number.isInteger(value);
  if (!right) return "type";
  if (typeof value === "string" && facts?.max_len && value.length > facts.max_len) return "max_len";
  if (typeof value === "string" && facts?.regex && value.match(facts.regex) === null) return "pattern";
  if (typeof value === "number" && base !== "float_t" && (value < (facts?.range?.[0] ?? -(2 ** 63)) || value > (facts?.range?.[1] ?? 2 ** 63))) return "range";
  return undefined;
}

function join(at: string, key: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) return `${at}[${JSON.stringify(key)}]`;
  return at === "" ? key : `${at}.${key}`;
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

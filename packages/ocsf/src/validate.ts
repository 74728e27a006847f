import { classOf, classShape } from "./facts.ts";
import type { EventClass } from "./facts.ts";
import { checkObject, isObject, own } from "./object.ts";
import type { JsonObject } from "./object.ts";
import { Problems, shown } from "./problem.ts";
import type { Problem } from "./problem.ts";

/**
 * Checks a parsed JSON value as an event of OCSF 1.8.0 and gives what is wrong with it; an empty list means a valid event. Never throws on a
 * JSON value. Time and memory are linear in the event; at most a thousand problems are listed. An attribute that is null counts as absent.
 * Without a known `class_uid` nothing else can be checked, and that is the only problem.
 */
export function validate(event: unknown): Problem[] {
  const problems = new Problems();
  if (!isObject(event)) {
    problems.add("", "type", `expected an event object, found ${shown(event)}`);
    return problems.list;
  }
  const eventClass = findClass(event, problems);
  if (eventClass === undefined) return problems.list;
  const applied = readProfiles(event, eventClass, problems);
  checkObject(event, classShape(eventClass), "", 0, { applied, problems });
  checkTypeUid(event, eventClass, problems);
  return problems.list;
}

function findClass(event: JsonObject, problems: Problems): EventClass | undefined {
  const uid = own(event, "class_uid");
  const found = typeof uid === "number" ? classOf(uid) : undefined;
  if (uid === undefined) problems.add("class_uid", "missing", "required; nothing else was checked");
  else if (typeof uid !== "number") problems.add("class_uid", "type", `expected integer_t, found ${shown(uid)}; nothing else was checked`);
  else if (found === undefined) problems.add("class_uid", "class_uid", `no class has the number ${uid}; nothing else was checked`);
  return found;
}

/** The profiles the event applies. Wrong types inside the list are left to the walk, which meets the same attribute again. */
function readProfiles(event: JsonObject, eventClass: EventClass, problems: Problems): ReadonlySet<string> {
  const metadata = own(event, "metadata");
  const listed = isObject(metadata) ? own(metadata, "profiles") : undefined;
  const applied = new Set<string>();
  if (!Array.isArray(listed)) return applied;
  for (const [index, profile] of listed.entries()) {
    if (problems.full) break;
    if (typeof profile !== "string") continue;
    if (eventClass.profiles.includes(profile)) applied.add(profile);
    else problems.add(`metadata.profiles[${index}]`, "profile", `${shown(profile)} is not a profile of ${eventClass.caption}`);
  }
  return applied;
}

function checkTypeUid(event: JsonObject, eventClass: EventClass, problems: Problems): void {
  const activity = own(event, "activity_id");
  const type = own(event, "type_uid");
  if (!Number.isInteger(activity) || !Number.isInteger(type)) return;
  const expected = eventClass.uid * 100 + Number(activity);
  if (type !== expected) problems.add("type_uid", "type_uid", `expected class_uid * 100 + activity_id = ${expected}, found ${shown(type)}`);
}

import type { Pick } from "./random-event.ts";

const WORDS = ["__proto__", "constructor", "toString", "a.b", "", "no such thing", "not_known"];
const VALUES: readonly unknown[] = [null, "", "text", "192.0.2.1", "x".repeat(43), "2024-09-10T23:20:50Z", "ada@example.com", 0, 1, 99, -1, 1.5, 70_000, 2 ** 64, true, [], {}, ["a"], [null], [1, 99], [[]], { name: "n", uid: "u" }];

type Place = Record<string, unknown> | unknown[];

/**
 * Changes an event in place, once: removes, replaces, adds, wraps or unwraps something, or edits the profiles or the class.
 * `names` are attribute names that may be added anywhere, `profiles` and `classUids` what the last two kinds draw from.
 */
export function mutate(event: Record<string, unknown>, names: readonly string[], profiles: readonly string[], classUids: readonly number[], pick: Pick): void {
  const any = <T>(list: readonly T[]): T => list[pick(list.length)] as T;
  const places = everyPlace(event);
  const place = any(places);
  const keys = Object.keys(place);
  const key = keys.length === 0 ? "name" : any(keys);
  const old = (place as Record<string, unknown>)[key];
  const kind = pick(17);
  if (kind < 3) remove(place, key);
  else if (kind < 6) set(place, key, structuredClone(any(VALUES)));
  else if (kind < 8) set(place, any(names), structuredClone(any(VALUES)));
  else if (kind < 9) set(place, any(WORDS), structuredClone(any(VALUES)));
  else if (kind < 10) set(place, key, [old]);
  else if (kind < 11) set(place, key, Array.isArray(old) ? old[0] : old);
  else if (kind < 14) spoil(places, any);
  else if (kind < 16) set(event, "metadata", { ...(event["metadata"] as object | null), profiles: Array.from({ length: pick(4) }, () => any<unknown>([...profiles, "nonsense", 5])) });
  else set(event, "class_uid", any([...classUids, 3099]));
}

/** Values with a format are rare among the rest; this aims at one of them. */
function spoil(places: readonly Place[], any: <T>(list: readonly T[]) => T): void {
  const formatted = places.flatMap((place) => Object.keys(place).filter((key) => /^(ip|mac|port|subnet|cpid)$|_dt$|uuid|email|_data$/.test(key)).map((key): [Place, string] => [place, key]));
  if (formatted.length > 0) set(...any(formatted), any<unknown>(["?", "x".repeat(43), 70_000, -1, "192.0.2.1\n", "a@b.c", "6ba7b810-9dad-11d1-80b4-00c04fd430c8?", "YWI="]));
}

function everyPlace(at: unknown): Place[] {
  if (typeof at !== "object" || at === null) return [];
  return [at as Place, ...Object.values(at).flatMap(everyPlace)];
}

function remove(place: Place, key: string): void {
  if (Array.isArray(place)) place.splice(Number(key), 1);
  else Reflect.deleteProperty(place, key);
}

/** As JSON.parse would: `__proto__` becomes an ordinary key. Arrays only take their own places. */
function set(place: Place, key: string, value: unknown): void {
  if (Array.isArray(place)) place[Number.isInteger(Number(key)) ? Math.min(Number(key), place.length) : place.length] = value;
  else Object.defineProperty(place, key, { value, enumerable: true, configurable: true, writable: true });
}

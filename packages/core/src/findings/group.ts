import type { Entity } from "./schemas.ts";

/** How often each value of one field occurred. */
export type Tally = Record<string, number>;

/** Fields of an event that a finding adds up. */
export const TALLIED = ["accounts", "regions", "addresses", "access_keys", "user_agents", "operations", "resources", "outcomes"] as const;
export type Tallied = (typeof TALLIED)[number];

/** What choosing among samples needs; the rest may lie elsewhere. */
export interface Sampled {
  /** ISO 8601, UTC. */
  time: string;
  event_uid: string;
}

/** The order of samples: by time, and among those of one moment the same in every run. */
export function compareSamples(a: Sampled, b: Sampled): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  return a.event_uid < b.event_uid ? -1 : a.event_uid > b.event_uid ? 1 : 0;
}

/** Signals of one rule and one entity within one UTC hour, added up. Groups of the same key add up in any order. */
export interface SignalGroup<Sample extends Sampled = Sampled> {
  /** Number of the rule in this run. */
  rule: number;
  entity: Entity;
  /** ISO 8601, UTC, the hour's beginning. */
  hour: string;
  count: number;
  first: string;
  last: string;
  tallies: Record<Tallied, Tally>;
  /** The earliest few. */
  samples: Sample[];
}

/** Different values kept of one field in one group: more than anybody reads, few enough for millions of groups. */
export const VALUES_KEPT = 100;
/** Samples kept of one group. */
export const SAMPLES_KEPT = 3;

/** Adds the second tally to the first, which `emptyTally` made; the rarest values go when there are too many. */
export function addTally(into: Tally, more: Tally): void {
  for (const [value, count] of Object.entries(more)) into[value] = (into[value] ?? 0) + count;
  const values = Object.entries(into);
  if (values.length <= 2 * VALUES_KEPT) return;
  values.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  for (const [value] of values.slice(VALUES_KEPT)) delete into[value];
}

/** A tally without values: has no prototype, for values come from logs. */
export function emptyTally(): Tally {
  return Object.create(null) as Tally;
}

/** A group of its own with the same content: what is added to it changes nothing else. */
export function copyGroup<Sample extends Sampled>(group: SignalGroup<Sample>): SignalGroup<Sample> {
  // Not a spread: a group that came from another process has lost its tallies' lack of a prototype, and with it the value `__proto__`.
  const tallies = Object.fromEntries(TALLIED.map((field) => [field, emptyTally()])) as Record<Tallied, Tally>;
  for (const field of TALLIED) addTally(tallies[field], group.tallies[field]);
  return { ...group, tallies, samples: [...group.samples] };
}

/** Adds the second group to the first, a copy of its owner's (`copyGroup`); both are of the same rule and entity. */
export function addGroup<Sample extends Sampled>(into: SignalGroup<Sample>, more: SignalGroup<Sample>): void {
  into.count += more.count;
  if (more.first < into.first) into.first = more.first;
  if (more.last > into.last) into.last = more.last;
  for (const field of TALLIED) addTally(into.tallies[field], more.tallies[field]);
  into.samples = [...into.samples, ...more.samples].sort(compareSamples).slice(0, SAMPLES_KEPT);
}

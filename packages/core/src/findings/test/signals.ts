import { emptyTally, TALLIED, type SignalGroup, type Tallied, type Tally } from "../group.ts";
import type { Entity, Level, RuleSummary } from "../schemas.ts";

export const HOUR = 3_600_000;
export const START = Date.UTC(2026, 0, 1);

/** One match of a rule, of which these tests know only what grouping looks at. */
export interface TestSignal {
  rule: number;
  /** Key of the entity. */
  entity: string;
  /** Milliseconds since the epoch. */
  at: number;
  address: string;
}

export interface TestSample {
  time: string;
  event_uid: string;
  signal: TestSignal;
}

export const iso = (at: number): string => new Date(at).toISOString();
export const hourOf = (at: number): number => Math.floor(at / HOUR) * HOUR;

export function entityOf(key: string): Entity {
  return { kind: "user", key, name: `name of ${key}` };
}

/** Signals of the same id are equal in everything. */
const uidOf = (signal: TestSignal): string => JSON.stringify([signal.at, signal.rule, signal.entity, signal.address]);

const sampleOf = (signal: TestSignal): TestSample => ({ time: iso(signal.at), event_uid: uidOf(signal), signal });

/** A group of a single signal. */
export function groupOf(signal: TestSignal): SignalGroup<TestSample> {
  const time = iso(signal.at);
  const tallies = Object.fromEntries(TALLIED.map((field) => [field, emptyTally()])) as Record<Tallied, Tally>;
  tallies.addresses[signal.address] = 1;
  return { rule: signal.rule, entity: entityOf(signal.entity), hour: iso(hourOf(signal.at)), count: 1, first: time, last: time, tallies, samples: [sampleOf(signal)] };
}

/** What a batch of signals is added up to before it reaches the fold: written on its own, so that the fold's own addition is checked against it. */
export function batchOf(signals: readonly TestSignal[]): SignalGroup<TestSample>[] {
  const cells = new Map<string, TestSignal[]>();
  for (const signal of signals) {
    const cell = JSON.stringify([signal.rule, signal.entity, hourOf(signal.at)]);
    cells.set(cell, [...(cells.get(cell) ?? []), signal]);
  }
  return [...cells.values()].map((cell) => {
    const group = groupOf(cell[0]!);
    const times = cell.map(({ at }) => at).sort((a, b) => a - b);
    const tally = emptyTally();
    for (const { address } of cell) tally[address] = cell.filter((each) => each.address === address).length;
    return {
      ...group,
      count: cell.length,
      first: iso(times[0]!),
      last: iso(times.at(-1)!),
      tallies: { ...group.tallies, addresses: tally },
      samples: [...cell].sort((a, b) => a.at - b.at || (uidOf(a) < uidOf(b) ? -1 : 1)).slice(0, 3).map(sampleOf),
    };
  });
}

export function ruleOf(no: number, level: Level = "medium"): RuleSummary {
  return { id: `rule-${no}`, title: `Rule ${no}`, level, tags: ["attack.persistence"], description: "", falsepositives: [], references: [], check: [], respond: [] };
}

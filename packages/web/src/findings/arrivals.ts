import type { FindingSummary } from "@corduroy/contract";

/** A finding that was new or had changed, and when the page heard of it, in milliseconds. */
export interface Arrival {
  finding: FindingSummary;
  at: number;
}

const MOST = 500;
let arrivals: readonly Arrival[] = [];
const listeners = new Set<() => void>();

/** Keeps what the live connection brought; an older form of the same finding is dropped. */
export function arrive(finding: FindingSummary, at: number): void {
  arrivals = [...arrivals.filter((arrival) => arrival.finding.id !== finding.id), { finding, at }].slice(-MOST);
  for (const listener of listeners) listener();
}

export function currentArrivals(): readonly Arrival[] {
  return arrivals;
}

export function onArrivals(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What arrived at a time or after it. */
export function arrivalsSince(all: readonly Arrival[], since: number): FindingSummary[] {
  return all.filter(({ at }) => at >= since).map(({ finding }) => finding);
}

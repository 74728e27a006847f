/** The middle value; the mean of the two middle ones when their number is even. NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** What several kinds of run gave: `base` has one run more than there are rounds, each list of `others` has one a round. */
export interface Interleaved<T> {
  base: T[];
  others: T[][];
}

/**
 * Runs base, others, base, others, …, base: a machine's speed drifts, and this way each run has a base run close before and after it.
 * @param others one function for each thing that is compared with the base
 */
export async function interleave<T>(rounds: number, base: () => Promise<T>, others: readonly (() => Promise<T>)[]): Promise<Interleaved<T>> {
  const runs: Interleaved<T> = { base: [await base()], others: others.map(() => []) };
  for (let round = 0; round < rounds; round++) {
    for (const [index, other] of others.entries()) runs.others[index]?.push(await other());
    runs.base.push(await base());
  }
  return runs;
}

/** Median over the rounds of a run's seconds, relative to the mean of the base runs before and after it. */
export function relativeTime(base: readonly { seconds: number }[], other: readonly { seconds: number }[]): number {
  return median(other.map(({ seconds }, round) => (2 * seconds) / ((base[round]?.seconds ?? Number.NaN) + (base[round + 1]?.seconds ?? Number.NaN))));
}

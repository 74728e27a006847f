import type { Listed } from "./listing.ts";

interface Failure {
  version: string;
  /** When it is tried again, in milliseconds since the epoch. */
  again: number;
  waitMs: number;
  problem: string;
}

/** So many are remembered; others are tried in each round. */
const MOST = 10_000;
const FIRST_WAIT_MS = 60_000;
/** Short enough that what may be read again, because somebody has allowed it, does not wait for long. */
const LONGEST_WAIT_MS = 3_600_000;

/** Objects that could not be read: each is tried again after a while, twice as long each time, so that it costs the others little. */
export class Failing {
  private readonly failures = new Map<string, Failure>();

  /** Why an object is not to be tried yet; null where it is. */
  reason({ location, version }: Listed, now: Date): string | null {
    const known = this.failures.get(location);
    return known?.version === version && known.again > now.getTime() ? known.problem : null;
  }

  add({ location, version }: Listed, problem: string, now: Date): void {
    const known = this.failures.get(location);
    const waitMs = known?.version === version ? Math.min(2 * known.waitMs, LONGEST_WAIT_MS) : FIRST_WAIT_MS;
    this.failures.delete(location);
    this.failures.set(location, { version, again: now.getTime() + waitMs, waitMs, problem });
    for (const [oldest] of this.failures) {
      if (this.failures.size <= MOST) break;
      this.failures.delete(oldest);
    }
  }

  delete({ location }: Listed): void {
    this.failures.delete(location);
  }
}

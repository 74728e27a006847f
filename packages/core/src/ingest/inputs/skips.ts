import type { Skipped } from "./reference.ts";

const EXAMPLES = 3;

/** Counts what one input left out, by reason, with the first few names as examples. */
export class Skips {
  readonly #byReason = new Map<string, { count: number; examples: string[] }>();

  add(reason: string, name: string): void {
    let entry = this.#byReason.get(reason);
    if (entry === undefined) this.#byReason.set(reason, (entry = { count: 0, examples: [] }));
    entry.count++;
    if (entry.examples.length < EXAMPLES) entry.examples.push(name);
  }

  get any(): boolean {
    return this.#byReason.size > 0;
  }

  /** One summary a reason, in the order in which the reasons came up. */
  summaries(location: string): Skipped[] {
    return [...this.#byReason].map(([reason, { count, examples }]) => ({
      location,
      skipped: count,
      reason: `${reason} (${examples.join(", ")}${count > examples.length ? ", …" : ""})`,
    }));
  }
}

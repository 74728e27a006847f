/** Names kept while counting; beyond twice that many the rarest go. */
const KEPT = 5000;

/** Counts names and keeps the most frequent: exact as long as there are few different ones, close for the top of many. */
export class TopCounter<Name extends string = string> {
  private counts = new Map<Name, number>();

  add(name: Name, count: number): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + count);
    if (this.counts.size > 2 * KEPT) this.counts = new Map(this.top(KEPT));
  }

  /** The most frequent names, most frequent first. */
  top(length: number): [Name, number][] {
    return [...this.counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, length);
  }
}

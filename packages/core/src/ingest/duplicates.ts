/**
 * Which batch an event hash was first seen in: 12 bytes an event in open addressing, so that six million events take about
 * 120 MB where a Map would take 600.
 */
export class HashIndex {
  private low = new Uint32Array(1 << 16);
  private high = new Uint32Array(1 << 16);
  /** Batch number plus one; 0 marks a free place. */
  private batch = new Uint32Array(1 << 16);
  private size = 0;
  /** Events whose hash another event had first. */
  private readonly others = new Map<string, number[]>();

  /** @returns the batches that may hold the same event; when there is none, the hash is remembered for `batch` */
  claim(low: number, high: number, batch: number): number[] {
    const at = this.place(low, high);
    const found = this.batch[at]!;
    if (found !== 0) return [found - 1, ...(this.others.get(`${high}:${low}`) ?? [])];
    this.low[at] = low;
    this.high[at] = high;
    this.batch[at] = batch + 1;
    if (++this.size * 5 > this.low.length * 3) this.grow();
    return [];
  }

  /** Remembers another event with a hash that is taken. */
  addOther(low: number, high: number, batch: number): void {
    const key = `${high}:${low}`;
    this.others.set(key, [...(this.others.get(key) ?? []), batch]);
  }

  private place(low: number, high: number): number {
    const mask = this.low.length - 1;
    let at = (low ^ Math.imul(high, 0x9e3779b1)) & mask;
    while (this.batch[at] !== 0 && (this.low[at] !== low || this.high[at] !== high)) at = (at + 1) & mask;
    return at;
  }

  private grow(): void {
    const { low, high, batch } = this;
    this.low = new Uint32Array(low.length * 2);
    this.high = new Uint32Array(low.length * 2);
    this.batch = new Uint32Array(low.length * 2);
    for (let k = 0; k < low.length; k++) {
      if (batch[k] === 0) continue;
      const at = this.place(low[k]!, high[k]!);
      this.low[at] = low[k]!;
      this.high[at] = high[k]!;
      this.batch[at] = batch[k]!;
    }
  }
}

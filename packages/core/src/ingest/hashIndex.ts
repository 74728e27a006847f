/** Many small tables instead of a large one: that would be there twice whenever it grows, and half empty afterwards. */
const SHARDS = 64;
/** A table grows by a quarter once three quarters of it are taken. */
const GROWTH = 1.25;
const FULL = 0.75;

/**
 * Which batch an event hash was first seen in: 12 bytes an event in open addressing, 18 with the free places, so that six million events
 * take 110 MB where a Map would take 600.
 */
export class HashIndex {
  private readonly shards = Array.from({ length: SHARDS }, () => new Shard());
  /** Events whose hash another event had first. */
  private readonly others = new Map<string, number[]>();

  /** @returns the batches that may hold the same event; when there is none, the hash is remembered for `batch` */
  claim(low: number, high: number, batch: number): number[] {
    const found = this.shards[high % SHARDS]!.claim(low, high, batch);
    return found === null ? [] : [found, ...(this.others.get(`${high}:${low}`) ?? [])];
  }

  /** Remembers another event with a hash that is taken. */
  addOther(low: number, high: number, batch: number): void {
    const key = `${high}:${low}`;
    this.others.set(key, [...(this.others.get(key) ?? []), batch]);
  }
}

class Shard {
  private low = new Uint32Array(1024);
  private high = new Uint32Array(1024);
  /** Batch number plus one; 0 marks a free place. */
  private batch = new Uint32Array(1024);
  private size = 0;

  /** @returns the batch that had the hash before; null when it was new and is remembered now */
  claim(low: number, high: number, batch: number): number | null {
    const at = this.place(low, high);
    const found = this.batch[at]!;
    if (found !== 0) return found - 1;
    this.put(at, low, high, batch + 1);
    if (++this.size > this.low.length * FULL) this.grow();
    return null;
  }

  private place(low: number, high: number): number {
    const { length } = this.low;
    let at = ((low ^ Math.imul(high, 0x9e3779b1)) >>> 0) % length;
    while (this.batch[at] !== 0 && (this.low[at] !== low || this.high[at] !== high)) at = at + 1 === length ? 0 : at + 1;
    return at;
  }

  private put(at: number, low: number, high: number, batch: number): void {
    this.low[at] = low;
    this.high[at] = high;
    this.batch[at] = batch;
  }

  private grow(): void {
    const { low, high, batch } = this;
    const length = Math.ceil(low.length * GROWTH);
    this.low = new Uint32Array(length);
    this.high = new Uint32Array(length);
    this.batch = new Uint32Array(length);
    for (let k = 0; k < low.length; k++) if (batch[k] !== 0) this.put(this.place(low[k]!, high[k]!), low[k]!, high[k]!, batch[k]!);
  }
}

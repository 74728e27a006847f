const SMALLEST = 4096;
/** A table is doubled once it is fuller than this. */
const FULL = 0.6;

/** A set of 64-bit hashes: 8 bytes a place in open addressing, and so 13 to 27 an event, where a Set of bigint takes 50 and ends at 16 million. */
export class HashSet {
  private low = new Uint32Array(SMALLEST);
  private high = new Uint32Array(SMALLEST);
  size = 0;

  /** @param hashes eight bytes each, little endian, as pairs of words */
  addAll(hashes: Uint32Array): void {
    for (let k = 0; k < hashes.length; k += 2) this.add(hashes[k]!, hashes[k + 1]!);
  }

  /** Whether any of these is in the set. */
  hasAny(hashes: Uint32Array): boolean {
    for (let k = 0; k < hashes.length; k += 2) {
      const low = nonZero(hashes[k]!, hashes[k + 1]!);
      if (this.low[this.place(low, hashes[k + 1]!)] === low) return true;
    }
    return false;
  }

  private add(word: number, high: number): void {
    const low = nonZero(word, high);
    const at = this.place(low, high);
    if (this.low[at] === low) return;
    this.low[at] = low;
    this.high[at] = high;
    if (++this.size > this.low.length * FULL) this.grow();
  }

  /** Where this hash stands, or would. */
  private place(low: number, high: number): number {
    const mask = this.low.length - 1;
    let at = (low ^ Math.imul(high, 0x9e3779b1)) & mask;
    while (this.low[at] !== 0 && (this.low[at] !== low || this.high[at] !== high)) at = (at + 1) & mask;
    return at;
  }

  private grow(): void {
    const { low, high } = this;
    this.low = new Uint32Array(2 * low.length);
    this.high = new Uint32Array(2 * low.length);
    for (let k = 0; k < low.length; k++) {
      if (low[k] === 0) continue;
      const at = this.place(low[k]!, high[k]!);
      this.low[at] = low[k]!;
      this.high[at] = high[k]!;
    }
  }
}

/** A low word of zero marks a free place, so such a hash is told by its neighbour: who finds a hash compares the whole events anyway. */
function nonZero(low: number, high: number): number {
  return low === 0 ? (high | 1) >>> 0 : low;
}

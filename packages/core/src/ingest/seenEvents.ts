import { HashIndex } from "./hashIndex.ts";
import type { CheckedBatch, Suspects } from "./messages.ts";

/** What was told of a batch that is not in its place yet. */
interface Pending {
  source: string;
  number: number;
  placed: (files: string[]) => void;
  hashes: Uint32Array;
}

/** Which events a run, and the lake it adds to, have seen: by hash, each with the batch that has it. */
export class SeenEvents {
  private readonly indexes = new Map<string, HashIndex>();
  /** Event parts of each batch, by number; resolved once they are in place. */
  private readonly batches: Promise<string[]>[] = [];
  private readonly pending = new Map<string, Pending>();

  /** Takes in a part that the lake holds already. @param hashes of its events, eight bytes each, little endian */
  addPart(source: string, file: string, hashes: Uint8Array): void {
    const index = this.indexOf(source);
    const number = this.batches.push(Promise.resolve([file])) - 1;
    const words = wordsOf(hashes);
    for (let k = 0; k < words.length; k += 2) if (index.claim(words[k]!, words[k + 1]!, number).length > 0) index.addOther(words[k]!, words[k + 1]!, number);
  }

  /** Which rows of a batch have a hash that was seen before; waits until the earlier parts are in place. */
  async check(batch: CheckedBatch): Promise<Suspects> {
    const index = this.indexOf(batch.source);
    let placed!: (files: string[]) => void;
    const number = this.batches.push(new Promise((resolve) => (placed = resolve))) - 1;
    const words = wordsOf(batch.hashes);
    this.pending.set(batch.id, { source: batch.source, number, placed, hashes: words });
    const rows: number[] = [];
    const earlier: number[][] = [];
    for (let k = 0; k < words.length; k += 2) {
      const found = index.claim(words[k]!, words[k + 1]!, number);
      if (found.length === 0) continue;
      rows.push(k / 2);
      earlier.push(found.filter((each) => each !== number));
    }
    const files: string[][] = [];
    for (const numbers of earlier) files.push((await Promise.all(numbers.map((each) => this.batches[each]!))).flat());
    return { rows, files };
  }

  /**
   * A checked batch has come to its place.
   * @param distinct its rows whose hash was seen before although they are no duplicates
   * @param files its event parts
   */
  place(id: string, distinct: readonly number[], files: string[]): void {
    const pending = this.pending.get(id);
    // Not every batch asks.
    if (!pending) return;
    const { source, number, placed, hashes } = pending;
    this.pending.delete(id);
    const index = this.indexOf(source);
    for (const row of distinct) index.addOther(hashes[2 * row]!, hashes[2 * row + 1]!, number);
    placed(files);
  }

  private indexOf(source: string): HashIndex {
    const index = this.indexes.get(source) ?? new HashIndex();
    this.indexes.set(source, index);
    return index;
  }
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  // A copy is aligned, which a view into a message need not be.
  return new Uint32Array(bytes.slice().buffer);
}

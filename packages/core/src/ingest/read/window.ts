/**
 * The bytes of a stream that are still needed, in one piece: chunks go in at the end, what is done with is let go at the front.
 * Chunks that lie side by side in memory are joined without copying; short ones are gathered in a store that doubles, so that even
 * one byte at a time costs linear time. Bytes once in `buffer` never change, so slices of it stay good.
 */
export class ByteWindow {
  buffer: Buffer = Buffer.alloc(0);
  private store: Buffer = this.buffer;

  /** Lets go of what lies before `from` and adds the chunk. The window then begins with the byte that was at `from`. */
  add(chunk: Buffer, from: number): void {
    const rest = this.buffer.subarray(Math.min(from, this.buffer.length));
    if (rest.length === 0) {
      this.buffer = chunk;
    } else if (rest.buffer === chunk.buffer && rest.byteOffset + rest.length === chunk.byteOffset) {
      this.buffer = Buffer.from(rest.buffer, rest.byteOffset, rest.length + chunk.length);
    } else {
      this.buffer = this.gather(rest, chunk);
    }
  }

  private gather(rest: Buffer, chunk: Buffer): Buffer {
    const length = rest.length + chunk.length;
    let start = rest.byteOffset;
    if (rest.buffer !== this.store.buffer || start + length > this.store.length) {
      this.store = Buffer.allocUnsafeSlow(rest.length > chunk.length ? 2 * length : length);
      rest.copy(this.store);
      start = 0;
    }
    chunk.copy(this.store, start + rest.length);
    return this.store.subarray(start, start + length);
  }
}

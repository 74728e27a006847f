import { textFrom, type FollowedText } from "../../follow/index.ts";
import { isPacked } from "../../read/decompress.ts";
import type { BlobRange, BlobService } from "./blobService.ts";

const HEAD_BYTES = 64 * 1024;
/** Bytes a request. */
const PIECE = 4 * 1024 * 1024;

/** A blob whose text is read in pieces, all of the content that was there at its opening: unpacked if it is gz or zst. */
export class BlobText implements FollowedText {
  private constructor(
    private readonly service: BlobService,
    private readonly name: string,
    private readonly head: BlobRange,
  ) {}

  /** @returns null where there is no such blob, or nothing in it. @throws as `BlobService.read` */
  static async open(service: BlobService, name: string): Promise<BlobText | null> {
    const head = await service.read(name, 0, HEAD_BYTES - 1, null);
    return head === null || head.size === 0 ? null : new BlobText(service, name, head);
  }

  get etag(): string {
    return this.head.etag;
  }

  text(from: number, onDamage?: (reason: string) => void): AsyncIterable<Buffer> {
    return textFrom((at) => this.stored(at), isPacked(this.head.bytes.subarray(0, 4)), from, onDamage);
  }

  /** Whatever lies in the head is at hand already. */
  private async *stored(from: number): AsyncGenerator<Buffer> {
    const { bytes, etag, size } = this.head;
    let at = from;
    if (at < bytes.length) {
      yield bytes.subarray(at);
      at = bytes.length;
    }
    while (at < size) {
      const range = await this.service.read(this.name, at, Math.min(at + PIECE, size) - 1, etag);
      if (range === null || range.bytes.length === 0) return;
      yield range.bytes;
      at += range.bytes.length;
    }
  }
}

import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { isPacked } from "../read/decompress.ts";
import { bears, textFrom, type FollowedText, type Marks } from "./followedText.ts";

const PIECE = 256 * 1024;

/** What a file was when it was opened. */
export interface FileStamp {
  /** The file itself, whatever it is called. */
  file: string;
  /** Bytes on disk. */
  size: number;
  /** Last change, in milliseconds since the epoch, with fractions. */
  modified: number;
}

/** Tells files apart by device, inode and time of birth: the inode of a file that is gone is soon given to another. */
export function stampOf({ dev, ino, birthtimeMs, size, mtimeMs }: Stats): FileStamp {
  return { file: `${dev}:${ino}:${birthtimeMs}`, size, modified: mtimeMs };
}

/** An open file whose text is read: unpacked if it is gz or zst. Renaming or replacing the file changes nothing here. */
export class FollowedFile implements FollowedText {
  private constructor(
    private readonly handle: FileHandle,
    readonly stamp: FileStamp,
    /** Whether it is unpacked before it is read. */
    readonly packed: boolean,
  ) {}

  /** @throws the system's error when it cannot be opened */
  static async open(path: string): Promise<FollowedFile> {
    const handle = await open(path, "r");
    try {
      const stat = await handle.stat();
      const first = Buffer.alloc(4);
      const { bytesRead } = await handle.read(first, 0, first.length, 0);
      return new FollowedFile(handle, stampOf(stat), isPacked(first.subarray(0, bytesRead)));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The text from this byte on. @param onDamage told when the packed bytes end early or are damaged; what lies before was read */
  text(from: number, onDamage?: (reason: string) => void): AsyncIterable<Buffer> {
    return textFrom((at) => this.stored(at), this.packed, from, onDamage);
  }

  /** Whether the text is one that these marks were taken of, grown or not. */
  bears(marks: Marks): Promise<boolean> {
    return bears(this, marks);
  }

  /** Digests of the text's first bytes, for those of these lengths that it has. */
  async heads(lengths: readonly number[]): Promise<Map<number, string>> {
    const most = Math.max(0, ...lengths);
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.text(0)) {
      pieces.push(chunk);
      size += chunk.length;
      if (size >= most) break;
    }
    const beginning = Buffer.concat(pieces);
    return new Map(lengths.filter((length) => length <= size).map((length) => [length, createHash("sha256").update(beginning.subarray(0, length)).digest("hex")]));
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  /** The bytes as stored, up to the size at opening: what is written meanwhile comes with the next look. */
  private async *stored(from: number): AsyncGenerator<Buffer> {
    for (let at = from; at < this.stamp.size; ) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE, this.stamp.size - at));
      const { bytesRead } = await this.handle.read(piece, 0, piece.length, at);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
      at += bytesRead;
    }
  }
}

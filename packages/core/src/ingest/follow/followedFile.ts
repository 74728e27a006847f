import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { decompress, isPacked } from "../read/decompress.ts";

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

/** Digests (SHA-256, hex) of two stretches of a text, by which it is known again under another name, or packed. */
export interface Marks {
  /** Bytes of the stretch at the beginning. */
  headBytes: number;
  head: string;
  /** Where the stretch at the end begins. */
  tailFrom: number;
  tailTo: number;
  tail: string;
}

/** A text that can be read from any place. */
export interface FollowedText {
  /** The text from this byte on. @param onDamage told when the packed bytes end early or are damaged; what lies before was read */
  text(from: number, onDamage?: (reason: string) => void): AsyncIterable<Buffer>;
}

/** Whether a text is one that these marks were taken of, grown or not. */
export async function bears(text: FollowedText, { headBytes, head, tailFrom, tailTo, tail }: Marks): Promise<boolean> {
  return (await digest(text, 0, headBytes)) === head && (await digest(text, tailFrom, tailTo - tailFrom)) === tail;
}

/** Digest of so many bytes of a text; null when it has fewer. */
async function digest(text: FollowedText, from: number, length: number): Promise<string | null> {
  const hash = createHash("sha256");
  let left = length;
  for await (const chunk of text.text(from)) {
    hash.update(chunk.subarray(0, left));
    left -= Math.min(left, chunk.length);
    if (left === 0) break;
  }
  return left === 0 ? hash.digest("hex") : null;
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
  async *text(from: number, onDamage: (reason: string) => void = () => undefined): AsyncGenerator<Buffer> {
    if (!this.packed) {
      yield* this.stored(from);
      return;
    }
    let at = 0;
    for await (const chunk of decompress(this.stored(0), onDamage)) {
      if (at + chunk.length > from) yield chunk.subarray(Math.max(0, from - at));
      at += chunk.length;
    }
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

import { open, readdir, rm, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { Unavailable } from "../../kernel/index.ts";
import { durableFolders, isCode, newBatchId, syncFile, syncFolder } from "../../lake/index.ts";
import { encodeFrame, type Frame } from "./frame.ts";
import { intoQuarantine, outOfQuarantine, quarantined, type Quarantined } from "./quarantine.ts";

/** A file of frames that gets no more of them. */
export interface Segment {
  /** Also the id of the batch it becomes, so that the manifest tells whether it was committed. */
  id: string;
  path: string;
  bytes: number;
}

interface Waiting {
  bytes: Buffer[];
  size: number;
  kept: () => void;
  lost: (error: Error) => void;
}

/** The segment that is being written. */
interface Current extends Segment {
  file: FileHandle;
}

const SUFFIX = ".seg";
/** A segment is closed at this age or size, whichever comes first; then a worker may have it. */
const SEGMENT_MS = 1_000;
/** One batch of a worker's: with 24 MiB, and so a second, small batch, events took a third longer from receipt to finding. */
const SEGMENT_BYTES = 16 * 1024 * 1024;

/**
 * What was received and is not in the lake yet: frames in files, synced before anybody is told that they were received.
 *
 * One writer appends for all: whoever comes while the disk is being waited for shares the next wait (group commit). A segment is
 * removed when the batch made of it is committed, and not before.
 */
export class Spool {
  private queue: Waiting[] = [];
  private current: Current | null = null;
  private draining = false;
  /** Writing and closing take turns: a file is never closed under a write. */
  private tail: Promise<unknown> = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;
  /** Bytes in all segments. */
  private held = 0;

  private constructor(
    private readonly folder: string,
    private readonly onSegment: (segment: Segment) => void,
  ) {}

  /**
   * Opens the spool, whose folder is made if missing. Segments that an earlier run has left are handed on first, in their order.
   * @param onSegment gets each segment once it is closed
   */
  static async open(folder: string, onSegment: (segment: Segment) => void): Promise<Spool> {
    await durableFolders(join(folder, ".."))(folder);
    const spool = new Spool(folder, onSegment);
    for (const name of (await readdir(folder)).filter((each) => each.endsWith(SUFFIX)).sort()) {
      const path = join(folder, name);
      // A killed run may have written frames that it had not synced: their keys are about to be taken for known.
      await syncFile(path);
      spool.handOn({ id: name.slice(0, -SUFFIX.length), path, bytes: (await stat(path)).size });
    }
    return spool;
  }

  /** Bytes that were received and are not in the lake yet. */
  get backlog(): number {
    return this.held;
  }

  /**
   * Keeps a frame. It is on the disk when this resolves.
   * @throws Unavailable if the disk does not take it; nothing of it is kept then
   */
  append(frame: Frame): Promise<void> {
    const bytes = encodeFrame(frame);
    return new Promise((kept, lost) => {
      this.queue.push({ bytes, size: bytes.reduce((sum, each) => sum + each.length, 0), kept, lost });
      if (this.draining) return;
      this.draining = true;
      void this.inTurn(() => this.drain());
    });
  }

  /** Forgets a segment whose batch is committed. Should a power cut bring its name back, the manifest knows it by its id. */
  async remove(segment: Segment): Promise<void> {
    await rm(segment.path, { force: true });
    this.held -= segment.bytes;
  }

  /** Puts a segment aside that workers die of; its bytes are kept, and no longer wait. */
  async putAside(segment: Segment, reason: string, at: Date): Promise<void> {
    await intoQuarantine(segment.path, reason, at);
    this.held -= segment.bytes;
  }

  /** Ids of all segments that are there, also of those that were put aside. */
  async ids(): Promise<string[]> {
    // Twice, like a backup: what is tried again meanwhile moves from one to the other.
    const aside = async (): Promise<string[]> => (await this.quarantined()).map(({ id }) => id);
    return [...(await aside()), ...(await readdir(this.folder)).flatMap((name) => (name.endsWith(SUFFIX) ? [name.slice(0, -SUFFIX.length)] : [])), ...(await aside())];
  }

  /** What was put aside, the oldest first. */
  quarantined(): Promise<Quarantined[]> {
    return quarantined(this.folder);
  }

  /** Takes a segment back that was put aside; it is not handed on yet. @param id one of `quarantined` */
  async takeBack(id: string): Promise<Segment> {
    const path = await outOfQuarantine(this.folder, id);
    return { id, path, bytes: (await stat(path)).size };
  }

  /** Closes the segment under way, whatever its age; what was appended before is in it. */
  seal(): Promise<void> {
    return this.inTurn(() => this.finish());
  }

  /** Gives a closed segment to the workers. */
  handOn(segment: Segment): void {
    this.held += segment.bytes;
    this.onSegment(segment);
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.tail.then(work);
    this.tail = done.catch(() => undefined);
    return done;
  }

  private async drain(): Promise<void> {
    const group = this.queue;
    this.queue = [];
    this.draining = false;
    try {
      await this.keep(group);
    } catch (error) {
      const failure = diskFailure(error);
      for (const { lost } of group) lost(failure);
    }
    if (this.current && this.current.bytes >= SEGMENT_BYTES) await this.finish();
  }

  private async keep(group: Waiting[]): Promise<void> {
    const current = (this.current ??= await this.begin());
    const size = group.reduce((sum, each) => sum + each.size, 0);
    try {
      await writeAll(current.file, group.flatMap((each) => each.bytes), current.bytes);
      await current.file.datasync();
    } catch (error) {
      // Nobody knows what of it the disk has. It is cut off, and nothing more goes into a file that has failed once.
      await current.file.truncate(current.bytes).catch(() => undefined);
      await this.finish();
      throw error;
    }
    current.bytes += size;
    this.held += size;
    for (const { kept } of group) kept();
  }

  private async begin(): Promise<Current> {
    const id = newBatchId(new Date());
    const path = join(this.folder, `${id}${SUFFIX}`);
    const file = await open(path, "wx", 0o600);
    await syncFolder(this.folder);
    this.timer = setTimeout(() => void this.seal(), SEGMENT_MS);
    return { id, path, bytes: 0, file };
  }

  private async finish(): Promise<void> {
    const { current } = this;
    if (current === null) return;
    this.current = null;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await current.file.close();
    const { id, path, bytes } = current;
    if (bytes === 0) await rm(path, { force: true });
    else this.onSegment({ id, path, bytes });
  }

}

/** Writes all of it: one call may write less than it was given. */
async function writeAll(file: FileHandle, buffers: Buffer[], position: number): Promise<void> {
  let left = buffers;
  let at = position;
  while (left.length > 0) {
    let { bytesWritten } = await file.writev(left, at);
    at += bytesWritten;
    let whole = 0;
    while (whole < left.length && bytesWritten >= left[whole]!.length) bytesWritten -= left[whole++]!.length;
    left = left.slice(whole);
    if (bytesWritten > 0) left[0] = left[0]!.subarray(bytesWritten);
  }
}

function diskFailure(error: unknown): Unavailable {
  const full = isCode(error, "ENOSPC", "EDQUOT");
  return new Unavailable(full ? "The disk is full: nothing more can be received." : "The disk does not take what was sent.", {
    hint: full ? "Make room on the disk of the data folder, or shorten the retention. Send it again then." : "Send it again; if this goes on, look at the disk of the data folder.",
    cause: error,
  });
}

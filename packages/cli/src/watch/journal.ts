import { createReadStream, statSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { stampOf } from "@corduroy/core/ingest";
import { isCode } from "@corduroy/core/lake";
import * as z from "zod";
import { replacePrivateFile } from "../durable.ts";

/** What was sent of a text: one file, under whatever names it went since. */
export const Followed = z.object({
  /** Of this text and no other; never used twice. */
  version: z.string(),
  /** The name under which the service knows it: the path of its first sight. */
  object: z.string(),
  source: z.string(),
  path: z.string(),
  /** See `FileStamp`. */
  file: z.string(),
  packed: z.boolean(),
  size: z.number(),
  modified: z.number(),
  /** Everything there is was taken, so it is not opened again before it changes. */
  rested: z.boolean(),
  place: z.object({ records: z.number(), bytes: z.number(), midline: z.boolean() }),
  marks: z.object({ headBytes: z.number(), head: z.string(), tailFrom: z.number(), tailTo: z.number(), tail: z.string() }),
  /** When it was last written down here, in milliseconds since the epoch. */
  at: z.number(),
});
export type Followed = z.infer<typeof Followed>;

/** What was sent of a file that is gone is remembered for so long. */
const KEPT_MS = 90 * 86_400_000;
/** The file is tidied up when it is longer than so many times what its known lines need, and this. */
const TIDY = { times: 4, bytes: 1024 * 1024 };
/** So many lines are written at once: all of them may be too long for one string. */
const WRITTEN = 1_000;
/** What goes on for longer is no line of ours; paths are bounded. */
const LONGEST_LINE = 1024 * 1024;
const PIECE = 1024 * 1024;

/**
 * What was sent so far, in a file that is appended to: writing it anew for every body would take longer than sending, where there are many files.
 * Of the lines about a text the last one counts; those before it are thrown out at the start, and whenever they are by far the most of the file.
 */
export class Journal {
  private handle: FileHandle | null = null;
  private readonly known = new Map<string, { followed: Followed; bytes: number }>();
  /** Length of the file, and of it what the known lines need. */
  private length = 0;
  private needed = 0;

  private constructor(private readonly path: string) {}

  /** @param now in milliseconds since the epoch */
  static async open(path: string, now: number): Promise<Journal> {
    const journal = new Journal(path);
    for await (const followed of linesOf(path)) journal.remember(followed);
    await journal.tidy(now);
    return journal;
  }

  *all(): Iterable<Followed> {
    for (const { followed } of this.known.values()) yield followed;
  }

  get(version: string): Followed | undefined {
    return this.known.get(version)?.followed;
  }

  /** Writes down how far a text is. @param durable wait for the disk; what is lost otherwise is only looked at again */
  async put(followed: Followed, { durable }: { durable: boolean }): Promise<void> {
    this.length += this.remember(followed);
    await this.handle!.appendFile(lineOf(followed));
    if (durable) await this.handle!.datasync();
    if (this.length > TIDY.times * this.needed + TIDY.bytes) await this.tidy(followed.at);
  }

  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = null;
  }

  /** @returns the length of its line */
  private remember(followed: Followed): number {
    const bytes = Buffer.byteLength(lineOf(followed));
    this.needed += bytes - (this.known.get(followed.version)?.bytes ?? 0);
    this.known.set(followed.version, { followed, bytes });
    return bytes;
  }

  /** Writes the file anew, with the known lines alone, in one step. */
  private async tidy(now: number): Promise<void> {
    for (const [version, { followed, bytes }] of this.known) {
      if (now - followed.at <= KEPT_MS || isThere(followed.path, followed.file)) continue;
      this.known.delete(version);
      this.needed -= bytes;
    }
    await replacePrivateFile(this.path, this.lines());
    await this.close();
    this.handle = await open(this.path, "a", 0o600);
    this.length = this.needed;
  }

  private *lines(): Iterable<string> {
    const all = [...this.all()];
    for (let at = 0; at < all.length; at += WRITTEN) yield all.slice(at, at + WRITTEN).map(lineOf).join("");
  }
}

function lineOf(followed: Followed): string {
  return `${JSON.stringify(followed)}\n`;
}

function isThere(path: string, file: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && stampOf(stat).file === file;
}

/** The lines of a journal. One that a crash has cut is no line: what it said was not relied upon yet. Node's `readline` would break them at U+2028 too, which may stand in a path. */
async function* linesOf(path: string): AsyncGenerator<Followed> {
  let rest = "";
  try {
    for await (const piece of createReadStream(path, { encoding: "utf8", highWaterMark: PIECE }) as AsyncIterable<string>) {
      const lines = (rest + piece).split("\n");
      rest = lines.pop()!;
      if (rest.length > LONGEST_LINE) rest = "no line";
      for (const line of lines) yield* lineIn(line);
    }
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
}

function lineIn(text: string): Followed[] {
  try {
    return [Followed.parse(JSON.parse(text))];
  } catch {
    return [];
  }
}

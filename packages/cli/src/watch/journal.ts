import { statSync } from "node:fs";
import { open, readFile, type FileHandle } from "node:fs/promises";
import { stampOf } from "@corduroy/core/ingest";
import { isCode } from "@corduroy/core/lake";
import { z } from "zod";
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

/**
 * What was sent so far, in a file that is only appended to: writing it anew for every body would take longer than sending, where there are many files.
 * Of the lines about a text the last one counts; it is tidied up at the start.
 */
export class Journal {
  private constructor(
    private readonly handle: FileHandle,
    private readonly known: Map<string, Followed>,
  ) {}

  /** @param now in milliseconds since the epoch */
  static async open(path: string, now: number): Promise<Journal> {
    const known = new Map((await linesOf(path)).map((line) => [line.version, line]));
    for (const { version, at, path: place, file } of known.values()) if (now - at > KEPT_MS && !isThere(place, file)) known.delete(version);
    await replacePrivateFile(path, [...known.values()].map((line) => `${JSON.stringify(line)}\n`).join(""));
    return new Journal(await open(path, "a", 0o600), known);
  }

  all(): Iterable<Followed> {
    return this.known.values();
  }

  get(version: string): Followed | undefined {
    return this.known.get(version);
  }

  /** Writes down how far a text is. @param durable wait for the disk; what is lost otherwise is only looked at again */
  async put(followed: Followed, { durable }: { durable: boolean }): Promise<void> {
    this.known.set(followed.version, followed);
    await this.handle.appendFile(`${JSON.stringify(followed)}\n`);
    if (durable) await this.handle.datasync();
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

function isThere(path: string, file: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && stampOf(stat).file === file;
}

/** The lines of a journal. One that a crash has cut is no line: what it said was not relied upon yet. */
async function linesOf(path: string): Promise<Followed[]> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (isCode(error, "ENOENT")) return "";
    throw error;
  });
  return text.split("\n").flatMap((line) => {
    try {
      return [Followed.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { FollowedFile, listInputs, newPortions, stampOf, type FileStamp, type Portion } from "@corduroy/core/ingest";
import { isCode } from "@corduroy/core/lake";
import type { Followed, Journal } from "./journal.ts";
import type { Pending } from "./pending.ts";
import { whereItWent } from "./whereItWent.ts";

/** What a round needs of the world. */
export interface RoundOptions {
  journal: Journal;
  /** The source that a new text is sent for, by its first body. */
  sourceOf: (body: Buffer) => Promise<string>;
  /** Nobody writes to the files any more: whole records at their ends are taken at once. */
  once: boolean;
  now: () => number;
  /** Sends a body. @throws whatever ends the watch */
  send: (pending: Pending) => Promise<void>;
  /** Told of each thing that cannot be read. */
  complain: (location: string, reason: string) => void;
}

/** A file as it was listed. */
interface Seen {
  path: string;
  /** See `FileStamp`. */
  file: string;
  /** Changes with the file. */
  stamp: string;
}

/** The service takes names up to this long. */
const LONGEST_NAME = 2_000;

/** A line of text that nobody has gone on with for so long is taken without its newline. */
const OVER_MS = 60_000;

const textOf = ({ file, size, modified }: FileStamp): string => `${file} ${size} ${modified}`;

/** Looks at files again and again, and sends what is new in them. */
export class Rounds {
  /** How each path looked the last time, and whether all of it was taken then. */
  private readonly looks = new Map<string, { stamp: string; rested: boolean }>();

  constructor(private readonly options: RoundOptions) {}

  /**
   * Looks at all files once. A text is known again in the same file, whatever its name; else at the same path; else as a copy, or packed. Anything else is new.
   * @returns how many files there are
   */
  async round(inputs: readonly string[]): Promise<number> {
    const byFile = new Map<string, Followed>();
    const byPath = new Map<string, Followed>();
    for (const followed of this.options.journal.all()) {
      byFile.set(followed.file, followed);
      byPath.set(followed.path, followed);
    }
    /** Texts whose file was found. */
    const found = new Set<string>();
    const seen = await this.list(inputs);
    const changed = seen.filter((each) => !this.isUnchanged(each, byPath.get(each.path), found));
    const moved = await this.goOn(changed, found, ({ file }) => byFile.get(file));
    const others = await this.goOn(moved, found, ({ path }) => byPath.get(path));
    const lost = [...this.options.journal.all()].filter(({ version }) => !found.has(version));
    const known = whereItWent(lost, new Set(seen.map(({ path }) => path)));
    for (const each of others) {
      await this.opened(each, async (file) => {
        const followed = await known(file, found);
        if (followed !== null) found.add(followed.version);
        await this.feed(file, each, followed);
      });
    }
    return seen.length;
  }

  private async list(inputs: readonly string[]): Promise<Seen[]> {
    const seen = new Map<string, Seen>();
    for await (const item of listInputs(inputs)) {
      if ("skipped" in item) continue;
      const path = resolve(item.location);
      const stat = "kind" in item ? statSync(path, { throwIfNoEntry: false }) : undefined;
      if (!("kind" in item)) this.options.complain(item.location, item.reason);
      else if (stat?.isFile() === false) this.options.complain(item.location, "Only files are watched. Send a stream with scan.");
      else if (path.length > LONGEST_NAME) this.options.complain(item.location, "The path is longer than the service takes. Watch a folder nearer to it.");
      else if (stat !== undefined && stat.size > 0) {
        const stamp = stampOf(stat);
        // A file with two names is one.
        if (!seen.has(stamp.file)) seen.set(stamp.file, { path, file: stamp.file, stamp: textOf(stamp) });
      }
    }
    return [...seen.values()];
  }

  private isUnchanged({ path, stamp }: Seen, followed: Followed | undefined, found: Set<string>): boolean {
    const look = this.looks.get(path);
    const unchanged = (look?.rested === true && look.stamp === stamp) || (followed?.rested === true && textOf(followed) === stamp);
    if (unchanged && followed !== undefined && textOf(followed) === stamp) found.add(followed.version);
    return unchanged;
  }

  /** Goes on with the files that hold the text that is meant. @returns the others */
  private async goOn(candidates: readonly Seen[], found: Set<string>, meant: (seen: Seen) => Followed | undefined): Promise<Seen[]> {
    const others: Seen[] = [];
    for (const each of candidates) {
      const followed = meant(each);
      if (followed === undefined || found.has(followed.version)) {
        others.push(each);
        continue;
      }
      await this.opened(each, async (file) => {
        if (!(await file.bears(followed.marks))) {
          others.push(each);
          return;
        }
        found.add(followed.version);
        await this.feed(file, each, followed);
      });
    }
    return others;
  }

  /** Opens a file for some work. One that has gone meanwhile is looked for in the next round. */
  private async opened({ path }: Seen, work: (file: FollowedFile) => Promise<void>): Promise<void> {
    let file: FollowedFile;
    try {
      file = await FollowedFile.open(path);
    } catch (error) {
      if (!isCode(error, "ENOENT")) this.options.complain(path, error instanceof Error ? error.message : String(error));
      return;
    }
    try {
      await work(file);
    } finally {
      await file.close();
    }
  }

  private async feed(file: FollowedFile, { path }: Seen, followed: Followed | null): Promise<void> {
    const { journal, once, send, complain, now } = this.options;
    const stamp = textOf(file.stamp);
    const rests = once ? "over" : this.looks.get(path)?.stamp !== stamp ? "no" : now() - file.stamp.modified < OVER_MS ? "yes" : "over";
    const portions = newPortions(file, followed?.place ?? { records: 0, bytes: 0, midline: false }, { rests, onDamage: (reason) => complain(path, reason) });
    let known = followed;
    let step = await portions.next();
    for (; step.done !== true; step = await portions.next()) {
      const { body, from, apart } = step.value;
      known = await this.after(step.value, file, path, known);
      if (body.length > 0) await send({ after: known, pieces: [{ from, apart, body }] });
      await journal.put(known, { durable: body.length > 0 });
    }
    const rested = step.value;
    this.looks.set(path, { stamp, rested });
    if (known !== null && (known.path !== path || known.rested !== rested || textOf(known) !== stamp)) await journal.put({ ...known, ...file.stamp, packed: file.packed, path, rested, at: now() }, { durable: false });
  }

  /** What is known of a text once a portion of it is received. */
  private async after({ body, place, marks: { head, ...tail } }: Portion, file: FollowedFile, path: string, known: Followed | null): Promise<Followed> {
    return {
      // A name of its own, not one made of the content: two machines may have files that begin alike under the same path.
      version: known?.version ?? randomUUID(),
      object: known?.object ?? path,
      source: known?.source ?? (await this.options.sourceOf(body)),
      ...file.stamp,
      packed: file.packed,
      path,
      rested: false,
      place,
      marks: { ...(head ?? known!.marks), ...tail },
      at: this.options.now(),
    };
  }
}

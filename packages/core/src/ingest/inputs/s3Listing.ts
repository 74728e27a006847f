import { inDigestFolder } from "./logNames.ts";
import { merge } from "./merge.ts";
import type { S3Ref, Unreadable } from "./reference.ts";
import { s3Failure } from "./s3Failure.ts";
import { listPages } from "./s3Pages.ts";
import type { S3Store } from "./s3Store.ts";
import { dayCuts, firstDay, isAboveRegions, regionRoot } from "./trailDays.ts";

/** Requests under way at the same time. */
const WIDTH = 8;
/** Most pieces that a region's days are cut into. */
const PIECES = 64;
/** Folders of unknown meaning are looked into one by one while there are few: at most 1 + 16 + 256 requests. */
const FEW = 16;
const LEVELS = 3;

/** What a prefix gives: objects, a folder of digests that was passed by, or a part that could not be listed. */
export type S3Find = { objects: S3Ref[] } | { passed: string } | { failed: Unreadable };

/** One level of folders to look at (`levels` more below it, at most). */
interface Level {
  prefix: string;
  levels: number;
}

/** Every key that starts with `prefix` and lies after `after`, up to and with `until`. */
interface Range {
  prefix: string;
  after: string;
  until?: string;
}

type Job = Level | Range;

export interface ListingOptions {
  /** Day folders that ended before it are not listed. Objects in the others are not compared: that is for the caller. */
  since: Date | undefined;
  /** The time, in ms. */
  now: number;
  /** Keys a request; S3 gives 1000 at most. */
  pageSize?: number;
}

/**
 * Lists every object under a prefix once, in no order, eight requests at a time.
 *
 * Goes down an `AWSLogs` tree by its folders (organisation, account, service, region), then lists each region's keys in
 * one go, from the first day wanted on; if they fill more than a page, the rest is cut by days and listed in parallel.
 * (A request for every day of every region was dropped: eight times the requests, for regions where little happens.)
 * Each page is retried by itself, from its own token. What stays unlistable is reported, and the rest goes on.
 */
export async function* listS3Prefix(store: S3Store, bucket: string, prefix: string, options: ListingOptions): AsyncGenerator<S3Find> {
  const { since, now, pageSize = 1000 } = options;
  let hopeless = false;

  yield* merge<Job, S3Find>(WIDTH, { prefix, levels: LEVELS }, async function* (job, add) {
    let last = "after" in job ? job.after : "";
    try {
      for await (const find of "after" in job ? range(job, add) : level(job, add)) {
        if (hopeless) return;
        if ("objects" in find) last = find.objects.at(-1)?.key ?? last;
        yield find;
      }
    } catch (error) {
      if (hopeless) return;
      const { reason, everywhere } = s3Failure(error, { doing: "list", bucket, name: job.prefix });
      hopeless = everywhere;
      const lost = last === "" ? "" : ` What comes after ${last} was not listed.`;
      yield { failed: { location: `s3://${bucket}/${job.prefix}`, reason: reason + lost } };
    }
  });

  async function* level({ prefix, levels }: Level, add: (job: Job) => void): AsyncGenerator<S3Find> {
    if (inDigestFolder(prefix)) {
      yield { passed: `s3://${bucket}/${prefix}` };
      return;
    }
    const region = regionRoot(prefix);
    const mapped = isAboveRegions(prefix);
    if (region !== undefined || (!mapped && levels === 0)) {
      add({ prefix, after: region === undefined || since === undefined ? "" : region + firstDay(since) });
      return;
    }
    let below: number | undefined;
    for await (const page of listPages(store, bucket, { Prefix: prefix, Delimiter: "/", MaxKeys: pageSize })) {
      if (below === undefined) {
        const wide = page.more || page.folders.length > FEW;
        if (wide && !mapped && !page.folders.some(isAboveRegions)) {
          add({ prefix, after: "" });
          return;
        }
        below = wide ? 0 : levels - 1;
      }
      yield { objects: page.objects };
      for (const folder of page.folders) add({ prefix: folder, levels: below });
    }
  }

  async function* range({ prefix, after, until: end }: Range, add: (job: Job) => void): AsyncGenerator<S3Find> {
    let until = end;
    let fresh = end === undefined;
    const start = after === "" ? {} : { StartAfter: after };
    for await (const { objects, more } of listPages(store, bucket, { Prefix: prefix, MaxKeys: pageSize, ...start })) {
      const last = objects.at(-1)?.key;
      if (fresh && more && last !== undefined) {
        const cuts = dayCuts(objects[0]?.key ?? last, last, now, PIECES).filter((cut) => cut.startsWith(prefix));
        for (const [at, cut] of cuts.entries()) add(piece(prefix, cut, cuts[at + 1]));
        until = cuts[0];
      }
      fresh = false;
      const limit = until;
      const past = limit !== undefined && last !== undefined && last > limit;
      yield { objects: past ? objects.filter(({ key }) => key <= limit) : objects };
      if (past) return;
    }
  }
}

function piece(prefix: string, after: string, until: string | undefined): Range {
  return until === undefined ? { prefix, after } : { prefix, after, until };
}

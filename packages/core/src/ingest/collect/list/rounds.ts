import * as z from "zod";
import { inWords } from "../inWords.ts";
import { PlaceLost } from "../poll/ask.ts";
import type { Page, Poller, Track } from "../poll/poller.ts";
import { trackText } from "../poll/track.ts";
import { NotRead } from "../takeIn.ts";
import { Failing } from "./failing.ts";
import type { Listed, Listing } from "./listing.ts";

const place = z.strictObject({
  /** Where the list goes on; all before it is in the lake, or owed. Empty at the beginning. */
  at: z.string(),
  /** When this round has begun; null before its first page. */
  began: z.iso.datetime().nullable(),
  /** Objects that were changed before are passed by in this round. */
  floor: z.iso.datetime(),
  /** When a round has begun that passed by nothing; null before the first. */
  swept: z.iso.datetime().nullable(),
  /** Last change of the oldest object that this round could not read; null where there is none. */
  owed: z.iso.datetime().nullable(),
});
type Place = z.infer<typeof place>;

/** What a walk through the list has met. */
interface Walk {
  /** The first thing that is wrong in this round. */
  found: string | null;
  /** What was wrong in the round before. */
  before: string | null;
  archived: { count: number; first: string };
  /** What the last sweep has said of archives. */
  archives: string | null;
}

const EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
/** Objects are stamped when their upload begins, and seen when it ends. */
const LATE_MS = DAY_MS;
/** What was copied with its old time lies behind any such allowance: once a day nothing is passed by. */
const SWEEP_MS = DAY_MS;
/** Objects that are taken in at once. */
const AT_ONCE = 2;

/**
 * Takes in what a store lists, in rounds through the list, page by page. The checkpoint moves when all of a page is in the lake, but for what cannot be read: that is told, and owed, and the next round
 * looks at it again. What a crash has done twice is known by the manifest.
 *
 * A round passes by what was changed more than a day before the last one began, for which the database need not be asked, nor days of a trail listed; one round a day passes by nothing.
 * A track with an end is walked once.
 */
export function inRounds<Object extends Listed>(listing: Listing<Object>, now: () => Date): Poller {
  const failing = new Failing();
  const walks = { news: newWalk(), older: newWalk() };

  const page = async (track: Track, signal: AbortSignal): Promise<Page> => {
    const walk = track.until === null ? walks.news : walks.older;
    const at = begun(track, now());
    if (at.at === "") walk.found = null;
    const told = await listing.page(at.at, new Date(at.floor)).catch((error: unknown) => {
      if (error instanceof PlaceLost) return null;
      throw error;
    });
    if (told === null) return pageOf({ ...at, at: "" }, true);
    walk.found ??= told.problem;
    const owed = await takeAll(told.objects.filter(({ modified }) => modified >= Date.parse(at.floor)), walk, signal);
    const reached: Place = { ...at, owed: at.owed !== null && (owed === null || at.owed < owed) ? at.owed : owed };
    if (told.next !== null) return pageOf({ ...reached, at: told.next }, true);
    endRound(walk, at.floor === track.since);
    return track.until === null ? pageOf(nextRound(reached), false) : { body: null, next: null, more: false, notBefore: null, problem: problem() };

    function pageOf(next: Place, more: boolean): Page {
      const goOn = { ...track, cursor: JSON.stringify(next) };
      trackText(goOn);
      return { body: null, next: goOn, more, notBefore: null, problem: problem() };
    }
  };

  /** @returns the last change of the oldest of these that is still to be read, ISO 8601 */
  async function takeAll(objects: readonly Object[], walk: Walk, signal: AbortSignal): Promise<string | null> {
    const waiting = await listing.missing(objects);
    let oldest: number | null = null;
    const owe = ({ modified }: Object, why: string): void => {
      oldest = Math.min(oldest ?? modified, modified);
      walk.found ??= why;
    };
    const takeOne = async (object: Object): Promise<void> => {
      const known = failing.reason(object, now());
      if (known !== null) return owe(object, known);
      try {
        const damage = await listing.take(object);
        failing.delete(object);
        if (damage !== null) walk.found ??= damage;
      } catch (error) {
        if (!(error instanceof NotRead)) throw error;
        const why = inWords(error);
        failing.add(object, why, now());
        owe(object, why);
      }
    };
    const work = async (): Promise<void> => {
      for (let object = waiting.shift(); object !== undefined && !signal.aborted; object = waiting.shift()) {
        if (object.archived) countArchived(walk, object);
        else
          await takeOne(object).catch((error: unknown) => {
            // What is wrong is not this object's fault: the page is looked at again.
            waiting.length = 0;
            throw error;
          });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return oldest === null ? null : new Date(oldest).toISOString();
  }

  function problem(): string | null {
    const { news, older } = walks;
    return news.found ?? news.before ?? older.found ?? older.before ?? news.archives ?? older.archives;
  }

  return { page, everyMs: EVERY_MS };
}

function newWalk(): Walk {
  return { found: null, before: null, archived: { count: 0, first: "" }, archives: null };
}

/** Where a track stands, with the round's beginning. */
function begun({ since, cursor }: Track, now: Date): Place {
  const at: Place = cursor === null ? { at: "", began: null, floor: since, swept: null, owed: null } : place.parse(JSON.parse(cursor));
  if (at.began !== null) return at;
  const began = now.toISOString();
  // A clock that was ahead must not put the next sweep off.
  const sweeps = at.swept === null || at.swept > began || now.getTime() - Date.parse(at.swept) >= SWEEP_MS;
  if (sweeps) return { ...at, began, floor: since, swept: began };
  const late = new Date(now.getTime() - LATE_MS).toISOString();
  const floor = late < at.floor ? late : at.floor;
  return { ...at, began, floor: floor < since ? since : floor };
}

function nextRound({ began, owed, swept }: Place): Place {
  const late = new Date(Date.parse(began!) - LATE_MS).toISOString();
  return { at: "", began: null, floor: owed !== null && owed < late ? owed : late, swept, owed: null };
}

function countArchived({ archived }: Walk, { location }: Listed): void {
  if (archived.count++ === 0) archived.first = location;
}

function endRound(walk: Walk, isSweep: boolean): void {
  const { count, first } = walk.archived;
  walk.before = walk.found;
  walk.archived = { count: 0, first: "" };
  if (isSweep) walk.archives = count === 0 ? null : inWords(new NotRead(`${count === 1 ? "One object lies" : `${count} objects lie`} in an archive and cannot be read; the first is ${first}.`, { hint: "Take them out of the archive, or have the collector begin later with --since." }));
}

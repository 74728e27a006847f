import * as z from "zod";
import type { Track } from "./poller.ts";

/** Of an event hub each partition has a place of its own. */
const LONGEST = 32_000;
const shape = z.strictObject({ since: z.iso.datetime(), until: z.iso.datetime().nullable(), cursor: z.string().max(LONGEST).nullable() });

/** A place in a vendor's log, as it is kept in the database. */
export function trackText(track: Track): string {
  return JSON.stringify(shape.parse(track));
}

/** @throws Error for what `trackText` has not written */
export function trackOf(text: string): Track {
  return shape.parse(JSON.parse(text));
}

/** A stretch from its beginning. */
export function trackFrom(since: Date, until: Date | null = null): Track {
  return { since: since.toISOString(), until: until?.toISOString() ?? null, cursor: null };
}

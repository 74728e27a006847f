import * as z from "zod";
import type { Track } from "../poll/poller.ts";

/** The event of a partition that was kept last: its number, and its offset in the hub's own words. */
export type Place = [no: number, offset: string];

/** How far a hub is read. */
export interface Places {
  /** Which of the hubs that had this name. */
  created: string;
  at: Record<string, Place>;
}

const shape = z.strictObject({ created: z.iso.datetime(), at: z.record(z.string(), z.tuple([z.number().int(), z.string()])) });

/** How far a track of a hub has come; null at its beginning. @throws Error for what `movedTo` has not written */
export function placesOf({ cursor }: Track): Places | null {
  return cursor === null ? null : shape.parse(JSON.parse(cursor));
}

/** The same track, further on. */
export function movedTo(track: Track, places: Places): Track {
  return { ...track, cursor: JSON.stringify(places) };
}

/** The selector with which Event Hubs gives what comes behind a place; without one, what the hub took from then on. */
export function selectorOf(place: Place | undefined, since: string): string {
  return place === undefined ? `amqp.annotation.x-opt-enqueued-time > '${Date.parse(since) - 1}'` : `amqp.annotation.x-opt-offset > '${place[1]}'`;
}

import * as z from "zod";
import type { Page, Poller, Track } from "./poller.ts";
import { trackText } from "./track.ts";

/** A span of time that a vendor is asked for. */
export interface Span {
  from: Date;
  to: Date;
  /** Where the vendor goes on in it; null at its beginning. */
  page: string | null;
}

/** What a vendor has told of a span. */
export interface SpanPage {
  body: string;
  /** Events in it. */
  events: number;
  /** Where to go on in the span; null at its end. */
  page: string | null;
  notBefore: Date | null;
}

export interface Windows {
  everyMs: number;
  /** Events may come so late, and are still found: once an hour as much is asked for again. */
  lateMs: number;
  /**
   * Events leave a span while it is read, for they are told again with a later time: between two pages others would move up and be missed. A span is taken from one answer, then; what
   * is too much for one is asked for in halves.
   */
  atOnce?: boolean;
  now: () => Date;
  /** @returns null where the vendor no longer knows the page: the span begins anew */
  ask: (span: Span) => Promise<SpanPage | null>;
}

const place = z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime().nullable(), page: z.string().nullable(), swept: z.iso.datetime() });
type Place = z.infer<typeof place>;

/** A longer stretch is asked for in spans: a place in it is not forgotten before its end is reached. */
const SPAN_MS = 86_400_000;
/** Most events come late by less than this: with each request that looks for news, so much is asked for again. */
const OVERLAP_MS = 300_000;
const SWEEP_MS = 3_600_000;
/** A span that is read at once is not made smaller. */
const SMALLEST_MS = 1_000;

/** Reads a log that can be asked for spans of time only. What is asked for again is told by the vendor's ids. */
export function windowed({ everyMs, lateMs, atOnce = false, now, ask }: Windows): Poller {
  const page = async (track: Track): Promise<Page> => {
    const at: Place = track.cursor === null ? { from: track.since, to: null, page: null, swept: now().toISOString() } : place.parse(JSON.parse(track.cursor));
    const from = new Date(at.from);
    const end = track.until === null ? now() : new Date(track.until);
    const to = at.to === null ? new Date(Math.min(from.getTime() + SPAN_MS, end.getTime())) : new Date(at.to);
    const told = await ask({ from, to, page: at.page });
    const goOn = (next: Partial<Place>): Track => withPlace(track, { ...at, ...next });
    if (told === null) return { body: null, next: goOn({ to: to.toISOString(), page: null }), more: false, notBefore: null };
    const { notBefore } = told;
    if (atOnce && told.page !== null && to.getTime() - from.getTime() > SMALLEST_MS) return { body: null, next: goOn({ to: new Date((from.getTime() + to.getTime()) / 2).toISOString(), page: null }), more: true, notBefore };
    const body = told.events === 0 ? null : told.body;
    if (told.page !== null) return { body, next: goOn({ to: to.toISOString(), page: told.page }), more: true, notBefore };
    if (to < end) return { body, next: goOn({ from: to.toISOString(), to: null, page: null }), more: to.getTime() < end.getTime() - (atOnce ? 0 : OVERLAP_MS), notBefore };
    if (track.until !== null) return { body, next: null, more: false, notBefore };
    const sweeps = to.getTime() - Date.parse(at.swept) >= SWEEP_MS;
    const again = new Date(to.getTime() - (sweeps ? lateMs + SWEEP_MS : OVERLAP_MS)).toISOString();
    return { body, next: goOn({ from: again < track.since ? track.since : again, to: null, page: null, ...(sweeps && { swept: to.toISOString() }) }), more: false, notBefore };
  };
  return { page, everyMs };
}

function withPlace(track: Track, at: Place): Track {
  const next = { ...track, cursor: JSON.stringify(at) };
  trackText(next);
  return next;
}

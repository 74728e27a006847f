import type { Outbound } from "../../../net/index.ts";

/** A stretch of a vendor's log, and how far it is fetched. */
export interface Track {
  /** ISO 8601: what happened from then on is fetched. */
  since: string;
  /** ISO 8601; null for a stretch that has no end. */
  until: string | null;
  /** Where the next request goes on, in the vendor's or its poller's own words; null at the beginning. */
  cursor: string | null;
}

/** What one request has brought. */
export interface Page {
  /** The answer's body as it came; null when it holds no event. */
  body: string | null;
  /** Where the next request goes on; null at the end of a stretch that has one. */
  next: Track | null;
  /** There is more to fetch at once. */
  more: boolean;
  /** Until when nothing is to be asked, for the vendor counts requests; null when it does not matter. */
  notBefore: Date | null;
  /** What is wrong and holds nothing else up; left out where nothing is. */
  problem?: string | null;
}

/** How one vendor's log is read. */
export interface Poller {
  /**
   * Asks for one page. When the signal says so it may stop half-way, and what it gives is not looked at. Asked again at the same place, it gives what was there before, and what has come since.
   * @throws NotYet when the vendor wants us to wait; Unavailable in words for a person, Forbidden and Invalid for an address that will never do
   */
  page(track: Track, signal: AbortSignal): Promise<Page>;
  /** For so long nothing is asked once all is fetched. */
  everyMs: number;
}

/** What pollers need of the service. */
export interface PollerWay {
  outbound: Outbound;
}

/** The vendor wants us to wait. That is no failure. */
export class NotYet extends Error {
  constructor(readonly until: Date) {
    super(`Not before ${until.toISOString()}`);
  }
}

/** What is collected from whom. */
export interface Collected {
  /** The source that its events are of. */
  source: string;
  /** How people tell it from others; holds no secret. */
  target: string;
  /** The smallest role, scope or policy that will do, in words for a person. */
  needs: string;
}

/** What is collected by asking for it, and how. */
export interface Vendor extends Collected {
  poller(way: PollerWay): Poller;
}

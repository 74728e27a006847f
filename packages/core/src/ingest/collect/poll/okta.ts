import * as z from "zod";
import { Unavailable } from "../../../kernel/index.ts";
import { ask, jsonOf, PlaceLost, unlessLost, type Refusal } from "./ask.ts";
import { linkedNext } from "./linkedNext.ts";
import type { Page, Poller, PollerWay, Track, Vendor } from "./poller.ts";
import { sparedUntil } from "./rateLimit.ts";

/** An org of Okta, and a token of somebody who may read its System Log. */
export const oktaReach = z.strictObject({
  kind: z.literal("okta"),
  /** `https://corp.okta.com` */
  address: z.url({ protocol: /^https?$/ }).max(300).refine((text) => new URL(text).pathname === "/" && new URL(text).search === "", "It has a path."),
  token: z.string().regex(/^[\x21-\x7e]{10,500}$/),
});

const PATH = "/api/v1/logs";
/** Okta's limit. */
const EVENTS = 1_000;
const EVERY_MS = 30_000;
/** Where Okta no longer knows the place, events from so long before the last page are asked for again. */
const OVERLAP_MS = 3_600_000;

/** What Okta's token must be allowed to. */
const NEEDS = "A token of a user who is a Read-only Administrator, or whose custom role has okta.logs.read and nothing else. Make it as that user under Security, API, Tokens.";

/**
 * The System Log (`GET /api/v1/logs`). A stretch without an end is a polling request: Okta orders it by when events were kept, so that none comes too late, and
 * always names the next page; a bounded one names it until there is none.
 */
export function okta({ address, token }: z.infer<typeof oktaReach>): Vendor {
  const { origin } = new URL(address);
  return { source: "okta.system", target: origin, needs: NEEDS, poller: (way) => poller(origin, token, way) };
}

function poller(origin: string, token: string, { outbound }: PollerWay): Poller {
  const page = async (track: Track): Promise<Page> => {
    const query = track.cursor ?? `?${new URLSearchParams({ since: track.since, ...(track.until !== null && { until: track.until }), sortOrder: "ASCENDING", limit: String(EVENTS) }).toString()}`;
    const refused = (refusal: Refusal): Error | null => (track.cursor !== null && refusal.status === 400 ? new PlaceLost() : inWords(refusal, origin));
    const answer = await unlessLost(ask(outbound, "Okta", { method: "GET", url: `${origin}${PATH}${query}`, headers: { authorization: `SSWS ${token}` } }, refused));
    if (answer === null) return { body: null, next: { ...track, since: new Date(Date.parse(track.since) - OVERLAP_MS).toISOString(), cursor: null }, more: true, notBefore: null };
    const events = z.array(z.unknown()).safeParse(jsonOf(answer.body)).data;
    if (events === undefined) throw new Unavailable(`What answers at ${origin} is no System Log.`, { hint: "The address is that of the Okta org: https://corp.okta.com." });
    const cursor = linkedNext(answer.headers.get("link"), origin, PATH);
    if (cursor === null && track.until === null) throw new Unavailable("Okta did not say where to go on.", { hint: "The same page is asked for again." });
    const done = track.until !== null && (cursor === null || events.length === 0);
    return {
      body: events.length === 0 ? null : answer.body,
      next: done ? null : { ...track, since: lastPublished(events) ?? track.since, cursor },
      more: events.length > 0,
      notBefore: sparedUntil(answer.headers, outbound.now()),
    };
  };
  return { page, everyMs: EVERY_MS };
}

function lastPublished(events: readonly unknown[]): string | undefined {
  const { data } = z.object({ published: z.iso.datetime() }).safeParse(events.at(-1));
  return data?.published;
}

function inWords({ status, code }: Refusal, origin: string): Unavailable | null {
  if (status === 401) return new Unavailable("Okta does not accept the token: it is wrong, was revoked, or was not used for 30 days.", { hint: `Make another, and add the collector again. ${NEEDS}` });
  if (status === 403) return new Unavailable(`The token may not read the System Log of ${origin}${code === "" ? "" : ` (${code})`}.`, { hint: `Whoever made it needs okta.logs.read. ${NEEDS}` });
  if (status === 404) return new Unavailable(`There is no System Log at ${origin}.`, { hint: "The address is that of the Okta org: https://corp.okta.com, without -admin." });
  return null;
}

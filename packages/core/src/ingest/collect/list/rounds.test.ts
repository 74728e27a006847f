import fc from "fast-check";
import { expect, it } from "vitest";
import type { Track } from "../poll/poller.ts";
import { trackFrom, trackOf, trackText } from "../poll/track.ts";
import { NotRead } from "../takeIn.ts";
import type { Listed, Listing } from "./listing.ts";
import { inRounds } from "./rounds.ts";

const START = Date.parse("2026-11-21T12:00:00Z");
const HOUR = 3_600_000;
const PAGE = 3;

/** A store of a few objects, and what was taken of it. */
function store(): Listing<Listed> & { objects: Map<string, Listed>; taken: string[]; denied: Set<string> } {
  const objects = new Map<string, Listed>();
  const taken: string[] = [];
  const denied = new Set<string>();
  return {
    objects, taken, denied,
    page: async (from) => {
      const names = [...objects.keys()].sort().filter((name) => name > from);
      return { objects: names.slice(0, PAGE).map((name) => objects.get(name)!), next: names.length > PAGE ? names[PAGE - 1]! : null, problem: null };
    },
    missing: async (page) => page.filter(({ version }) => !taken.includes(version)),
    take: async ({ location, version }) => {
      if (denied.has(location)) throw new NotRead(`${location} is denied.`);
      taken.push(version);
      return null;
    },
  };
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ put: fc.integer({ min: 0, max: 11 }), hoursAgo: fc.integer({ min: 0, max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ deny: fc.integer({ min: 0, max: 11 }) }) },
  { weight: 3, arbitrary: fc.record({ pages: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ hours: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 1, arbitrary: fc.constant({ crash: true }) },
);

it("takes every object that is wanted once, whenever and wherever it appears, with whatever time, and whatever is denied for a while", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const there = store();
      const since = new Date(START - 48 * HOUR);
      let now = START;
      let made = 0;
      let rounds = inRounds(there, () => new Date(now));
      let checkpoint = trackText(trackFrom(since));
      /** @returns whether the round has ended */
      const onePage = async (): Promise<boolean> => {
        const { next, more } = await rounds.page(trackOf(checkpoint), new AbortController().signal);
        checkpoint = trackText(next as Track);
        now += more ? 0 : 60_000;
        return !more;
      };
      for (const each of steps) {
        if ("put" in each) {
          const location = String.fromCodePoint(97 + each.put);
          there.objects.set(location, { location, version: `${location}${++made}`, modified: now - each.hoursAgo * HOUR });
        } else if ("deny" in each) there.denied.add(String.fromCodePoint(97 + each.deny));
        else if ("hours" in each) now += each.hours * HOUR;
        else if ("crash" in each) rounds = inRounds(there, () => new Date(now));
        else for (let page = 0; page < each.pages; page++) await onePage();
      }
      there.denied.clear();
      now += 25 * HOUR;
      for (let ended = 0; ended < 3; ) if (await onePage()) ended++;
      expect(new Set(there.taken).size).toBe(there.taken.length);
      for (const { version, modified } of there.objects.values()) expect([version, there.taken.includes(version)]).toEqual([version, modified >= since.getTime()]);
    }),
    { numRuns: 300 },
  );
});

it("has one page of a million objects in memory", async () => {
  const pages = 1_000;
  let asked = 0;
  const listing: Listing<Listed> = {
    page: async (from) => {
      const at = Number(from);
      return { objects: Array.from({ length: 1_000 }, (_, index) => ({ location: `s3://trail/AWSLogs/${at}/${index}.json.gz`, version: `${at}-${index}`, modified: START })), next: at + 1 < pages ? String(at + 1) : null, problem: null };
    },
    missing: async (objects) => {
      asked += objects.length;
      return [];
    },
    take: () => Promise.reject(new Error("It is there.")),
  };
  const rounds = inRounds(listing, () => new Date(START));
  let track = trackFrom(new Date(START - HOUR));
  const before = process.memoryUsage().heapUsed;
  let most = 0;
  for (let more = true; more; ) {
    const page = await rounds.page(track, new AbortController().signal);
    ({ more } = page);
    track = page.next!;
    most = Math.max(most, process.memoryUsage().heapUsed);
  }
  expect(asked).toBe(1_000_000);
  expect(most - before).toBeLessThan(100 * 2 ** 20);
});

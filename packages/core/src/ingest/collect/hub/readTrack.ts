import { createHash } from "node:crypto";
import { TooMuch } from "../../receipt/receive.ts";
import { trackOf, trackText } from "../poll/track.ts";
import { keepTrack, updateCollector, type CollectorRow } from "../store.ts";
import type { HubFacts, PartitionFacts } from "./answers.ts";
import type { HubCollected } from "./azureEventHubs.ts";
import type { HubCollecting } from "./collectHub.ts";
import type { Arrived } from "./inbox.ts";
import { openHub } from "./openHub.ts";
import { movedTo, placesOf, selectorOf, type Places } from "./places.ts";

/** A hub that says nothing for so long is one that has nothing new. */
const IDLE_MS = 60_000;
/** What is lost stays said for so long. */
const SAID_MS = 3_600_000;
/** How often what is held off is handed in again before the hub is let go meanwhile. */
const HELD_OFF = 30;
const AT_ONCE = 16;

/**
 * Reads a stretch of a hub, to its end where it has one, or until the connection ends.
 * @param onRound called when events were kept, or nothing came for a while
 * @throws what ended it; Broken where it is to be opened again
 */
export async function readTrack(row: CollectorRow, which: "checkpoint" | "backfill", collected: HubCollected, collecting: HubCollecting, onRound: () => void, signal: AbortSignal): Promise<void> {
  const { ctx, outbound, onTrouble } = collecting;
  let text = row[which] ?? "";
  const track = trackOf(text);
  const hub = await openHub(collected.hub, outbound, signal);
  try {
    const facts = await hub.describe();
    const partitions = new Map<string, PartitionFacts>();
    await eachOf(facts.partitions, async (id) => void partitions.set(id, await hub.partition(id)));
    const known = placesOf(track);
    const places: Places = known?.created === facts.created ? known : { created: facts.created, at: {} };
    const lost = lostOf(known, facts, partitions);
    for (const text of lost) onTrouble(`Collector of ${row.url}: ${text}`);
    const saidUntil = lost.length === 0 ? 0 : ctx.now().getTime() + SAID_MS;
    const problem = (): string | null => (ctx.now().getTime() < saidUntil ? lost.join(" ").slice(0, 1_000) : null);
    /** Partitions of a stretch with an end that have not reached it. */
    const left = new Set(track.until === null ? [] : [...partitions].flatMap(([id, { last, lastAt, isEmpty }]) => (isEmpty || lastAt < new Date(track.since) || (places.at[id]?.[0] ?? -1) >= last ? [] : [id])));
    await eachOf(facts.partitions, (id) => hub.read(id, selectorOf(places.at[id], track.since)));
    hub.opened();
    await updateCollector(ctx.db, row.id, { problem: problem(), waitingUntil: null, lastSuccessAt: ctx.now() });
    while (!signal.aborted) {
      if (track.until !== null && left.size === 0) return void (await keepTrack(ctx.db, row.id, which, text, null, {}));
      const came = await hub.next(IDLE_MS);
      if (signal.aborted) return;
      await Promise.all([...came].map(async ([partition, events]) => {
        const fresh = events.filter(({ no, at }) => no > (places.at[partition]?.[0] ?? -1) && (track.until === null || at <= Date.parse(track.until)));
        if (fresh.length > 0) await kept(row, collected, facts, partition, fresh, collecting, signal);
      }));
      if (signal.aborted) return;
      // Whatever has ended since, there is no more of an older stretch.
      if (came.size === 0) left.clear();
      for (const [partition, events] of came) {
        const { no, offset, at } = events.at(-1)!;
        if (no > (places.at[partition]?.[0] ?? -1)) places.at[partition] = [no, offset];
        if (track.until !== null && (at > Date.parse(track.until) || no >= (partitions.get(partition)?.last ?? 0))) left.delete(partition);
      }
      const next = trackText(movedTo(track, places));
      if (!(await keepTrack(ctx.db, row.id, which, text, next, { problem: problem(), waitingUntil: null, lastSuccessAt: ctx.now() }))) return;
      text = next;
      onRound();
    }
  } finally {
    hub.close();
  }
}

/** Does it for all partitions, some at once: a hub is asked to let each be read. */
async function eachOf(partitions: readonly string[], work: (id: string) => Promise<void>): Promise<void> {
  for (let at = 0; at < partitions.length; at += AT_ONCE) await Promise.all(partitions.slice(at, at + AT_ONCE).map(work));
}

/** What is gone before it was read, in words for a person. */
function lostOf(known: Places | null, { created }: HubFacts, partitions: ReadonlyMap<string, PartitionFacts>): string[] {
  if (known === null) return [];
  if (known.created !== created) return [`The event hub was made anew at ${created}. It is read from its beginning; what the old one held and was not read is lost.`];
  return [...partitions].flatMap(([id, { begin }]) => {
    const missing = begin - 1 - (known.at[id]?.[0] ?? Infinity);
    return missing > 0 ? [`${missing === 1 ? "One event" : `${missing} events`} of partition ${id} had left the event hub before they were read, since its retention was over. It goes on with the oldest that is there.`] : [];
  });
}

/** Resolves once the events are on the disk, or were before. */
async function kept(row: CollectorRow, { hub, records }: HubCollected, { created }: HubFacts, partition: string, events: Arrived[], { receiver, wait }: HubCollecting, signal: AbortSignal): Promise<void> {
  const place = `azure-event-hubs://${hub.host}/${hub.name}/${partition}`;
  const key = createHash("sha256").update(JSON.stringify([row.id, place, created, events[0]!.no, events.at(-1)!.no, events.length])).digest("hex");
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      await receiver.stream({ source: records, sender: `collector:${row.id}`, key, place, version: created, events });
      return;
    } catch (error) {
      if (!(error instanceof TooMuch) || tries >= HELD_OFF) throw error;
      await wait(error.retryAfter * 1_000, signal);
    }
  }
}

import { randomUUID } from "node:crypto";
import * as z from "zod";
import { audit, authorize, type SecretBox } from "../../../identity/index.ts";
import { Conflict, Invalid } from "../../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../../store/index.ts";
import { MOST_COLLECTORS } from "../collectors.ts";
import { parsed } from "../parsed.ts";
import { countCollectors, insertCollector } from "../store.ts";
import { sealReach } from "./sealedReach.ts";
import { trackFrom, trackText } from "./track.ts";
import { reach, vendorOf } from "./vendors.ts";

const shape = z.strictObject({ reach, since: z.date().nullable() });

/** Without a word about it, the last day is fetched first: enough to see at once that it works. */
const DAY_MS = 86_400_000;

/** Where a new collector begins. @throws Invalid for the future */
export function firstTrack(since: Date | null, now: Date): string {
  if (since !== null && since > now) throw new Invalid("The time lies in the future.");
  return trackText(trackFrom(since ?? new Date(now.getTime() - DAY_MS)));
}

/**
 * Fetches a vendor's log from the next moment on. What it takes to ask is kept sealed and never shown again.
 * @param input `since`: from when on; null for a day back
 * @returns the collector's id
 * @throws Forbidden, Invalid; Conflict for what is collected already
 */
export async function addPoller(ctx: DbCtx, input: z.input<typeof shape>, box: SecretBox): Promise<string> {
  const { reach: to, since } = parsed(shape, input);
  const { source, target } = vendorOf(to);
  return inTransaction(ctx, async (inside) => {
    await authorize(inside, "sources.write", { type: "Source", id: source });
    const now = inside.now();
    const checkpoint = firstTrack(since, now);
    if ((await countCollectors(inside.db)) >= MOST_COLLECTORS) throw new Conflict(`There are ${MOST_COLLECTORS} collectors already.`, { hint: "Remove one that is not needed." });
    const id = randomUUID();
    if (!(await insertCollector(inside.db, { id, source, kind: to.kind, url: target, sealed: sealReach(box, id, to), checkpoint, createdAt: now }))) throw new Conflict(`${target} is collected already.`, { hint: "To give it another secret, remove the collector and add it again: events that come twice are told." });
    await audit(inside, { action: "sources.write", resource: { type: "Collector", id }, detail: { verb: "add", source, kind: to.kind, target } });
    return id;
  });
}

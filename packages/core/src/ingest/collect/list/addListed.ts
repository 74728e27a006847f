import { randomUUID } from "node:crypto";
import { audit, authorize } from "../../../identity/index.ts";
import { Conflict, NotFound } from "../../../kernel/index.ts";
import { sourceById } from "../../../sources/index.ts";
import { inTransaction, type DbCtx } from "../../../store/index.ts";
import { MOST_COLLECTORS } from "../collectors.ts";
import { firstTrack } from "../poll/addPoller.ts";
import { countCollectors, insertCollector, type CollectorRow } from "../store.ts";

/** A store that is to be listed. */
export interface NewListed extends Pick<CollectorRow, "kind" | "source" | "url" | "role"> {
  since: Date | null;
  /** What is kept sealed, for the collector of this id; null where nothing is secret. */
  sealed: (id: string) => string | null;
}

/**
 * Adds a collector that lists a store.
 * @returns its id
 * @throws Forbidden, Invalid; NotFound for a source that does not exist; Conflict for what is collected already
 */
export async function addListed(ctx: DbCtx, { kind, source, url, role, since, sealed }: NewListed): Promise<string> {
  return inTransaction(ctx, async (inside) => {
    await authorize(inside, "sources.write", { type: "Source", id: source });
    if (!sourceById(source)) throw new NotFound(`There is no source ${source}.`);
    if ((await countCollectors(inside.db)) >= MOST_COLLECTORS) throw new Conflict(`There are ${MOST_COLLECTORS} collectors already.`, { hint: "Remove one that is not needed, or collect a folder above several." });
    const id = randomUUID();
    const now = inside.now();
    if (!(await insertCollector(inside.db, { id, source, kind, url, role, sealed: sealed(id), checkpoint: firstTrack(since, now), createdAt: now }))) throw new Conflict(`${url} is collected already.`);
    await audit(inside, { action: "sources.write", resource: { type: "Collector", id }, detail: { verb: "add", source, kind, url, role } });
    return id;
  });
}

import { hiddenWith, readableSources } from "../identity/index.ts";
import type { DbCtx } from "../store/index.ts";

/** What whoever asks may see of a lake. */
export interface Sight {
  /** Key of the pseudonyms (hex) that stand for people; null where people are shown. */
  pseudonyms: string | null;
  /** Ids of the sources that may be read; null for all. */
  sources: readonly string[] | null;
}

/** Of who has the files anyway. */
export const EVERYTHING: Sight = { pseudonyms: null, sources: null };

/** What somebody may see of the lake of a service, by the policies as they are now. */
export function sightOf(ctx: Pick<DbCtx, "actor" | "allows" | "pseudonyms">): Sight {
  return { pseudonyms: hiddenWith(ctx, { type: "Lake", id: "events" }), sources: readableSources(ctx) };
}

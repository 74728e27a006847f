import { and, inArray } from "drizzle-orm";
import type { DbCtx } from "../store/index.ts";
import { readable } from "./readable.ts";
import type { EventRow } from "./store.ts";
import { findings } from "./tables.ts";

/**
 * Takes the names of findings that whoever asks may not know of out of where a duplicate names the one that stays: an id is made of a rule, an entity and an hour, and can be guessed.
 * @param duplicateOf what the finding itself names
 */
export async function withoutOthers(ctx: DbCtx, duplicateOf: string | null, timeline: readonly EventRow[]): Promise<{ duplicateOf: string | null; timeline: EventRow[] }> {
  const where = readable(ctx);
  const named = [duplicateOf, ...timeline.map(otherOf)].filter((id) => id !== null);
  if (where === undefined || named.length === 0) return { duplicateOf, timeline: [...timeline] };
  const known = new Set((await ctx.db.select({ id: findings.id }).from(findings).where(and(inArray(findings.id, named), where))).map(({ id }) => id));
  return {
    duplicateOf: duplicateOf !== null && known.has(duplicateOf) ? duplicateOf : null,
    timeline: timeline.map((event) => {
      const other = otherOf(event);
      return other === null || known.has(other) ? event : { ...event, text: event.text.replace(` of ${other}`, ""), detail: { ...event.detail, of: null } };
    }),
  };
}

function otherOf({ kind, detail }: EventRow): string | null {
  return kind === "state" && typeof detail["of"] === "string" ? detail["of"] : null;
}

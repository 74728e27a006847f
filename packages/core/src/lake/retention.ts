import * as z from "zod";
import { Invalid } from "../kernel/index.ts";
import { inTransaction, type DbCtx } from "../store/index.ts";
import type { Part } from "./manifest.ts";
import type { ServiceLake } from "./service-lake.ts";
import * as store from "./store.ts";

const DAY_MS = 86_400_000;
/** The longest that a query may go on; so long the files of parts stay after the lake has given them up. */
const LONGEST_QUERY_MS = 600_000;

/** How many days back what happened is kept. */
export const Retention = z.object({
  /** For sources that are not named. */
  days: z.int().min(1).max(36_500),
  sources: z.record(z.string(), z.int().min(1).max(36_500)),
});
export type Retention = z.infer<typeof Retention>;

/**
 * Takes the parts out of the lake whose whole day (UTC) is older than their source is kept. Signals mix sources: they are kept as long as the source
 * that is kept longest, of those that are named and those that have anything in the lake. A dead letter counts from the day it was received.
 * @throws Invalid for numbers of days that are none
 * @returns the parts; their files stay for running queries, until `removeReplaced`
 */
export async function applyRetention(ctx: DbCtx, input: Retention): Promise<Part[]> {
  const parsed = Retention.safeParse(input);
  if (!parsed.success) throw new Invalid("Events are kept for a number of days: 1 to 36,500.", { cause: parsed.error });
  const { days, sources } = parsed.data;
  return inTransaction(ctx, async ({ db }) => {
    const retired: Part[] = [];
    const kinds = await store.currentKinds(db);
    const named = Object.values(sources);
    const hasOthers = named.length === 0 || kinds.some(({ kind, source }) => kind !== "signals" && !Object.hasOwn(sources, source));
    const longest = Math.max(...named, ...(hasOthers ? [days] : []));
    for (const { kind, source } of kinds) {
      const kept = kind === "signals" ? longest : Object.hasOwn(sources, source) ? sources[source]! : days;
      const before = new Date(ctx.now().getTime() - kept * DAY_MS).toISOString().slice(0, 10);
      retired.push(...(await store.retireBefore(db, kind, source, before, ctx.now())));
    }
    return retired;
  });
}

/** Removes the files of parts that were replaced or retired so long ago that no query reads them any more. @returns how many */
export function removeReplaced(ctx: DbCtx, { manifest }: ServiceLake): Promise<number> {
  return manifest.removeReplaced(new Date(ctx.now().getTime() - LONGEST_QUERY_MS));
}

import type { AccountOwner } from "@corduroy/core/catalog";
import { lakeViews, type Ingest, type Whose } from "@corduroy/core/ingest";
import { authorize } from "@corduroy/core/identity";
import { sightOf, type SpareQueryProcess, type View } from "@corduroy/core/search";
import type { Handlers } from "../http/handler.ts";
import { answering, LAKE } from "./answer.ts";

/**
 * Questions to the lake, each in a process of its own.
 * @param owners whose each account is, by the catalog as it is now
 * @param patienceMs for so long a client may take nothing; it bounds the whole of an answer's way, too
 */
export function searchRoutes(ingest: () => Ingest, queryEntry: string, spare: SpareQueryProcess, owners: () => readonly AccountOwner[], patienceMs: number): Handlers["search"] {
  const views = (whose: Whose = {}): View[] => lakeViews(owners(), whose);
  const answer = answering({ ingest, childEntry: queryEntry, spare, views, patienceMs });
  return {
    query: async (call) => answer(call, { ...call.body, action: "lake.query" }, "lines", { "Content-Type": "application/x-ndjson" }),
    export: async (call) => answer(call, { ...call.body, action: "lake.export" }, "export", { "Content-Type": "text/csv; charset=utf-8", "Content-Disposition": 'attachment; filename="corduroy.csv"' }),
    schema: async ({ ctx }) => {
      await authorize(ctx, "lake.query", LAKE);
      const { pseudonyms, sources } = sightOf(ctx);
      const there = views().filter(({ source }) => source === null || sources === null || sources.includes(source));
      return { views: there.map(({ name, about, columns, hidden }) => ({ name, about, columns: columns.map(([column, type]) => ({ name: column, type, hidden: (pseudonyms !== null && hidden?.[column]) || null })) })) };
    },
  };
}

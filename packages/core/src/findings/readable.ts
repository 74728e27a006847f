import { sql, type SQL } from "drizzle-orm";
import { readableSources } from "../identity/index.ts";
import type { DbCtx } from "../store/index.ts";
import * as store from "./store.ts";
import type { FindingRow } from "./store.ts";
import { findings } from "./tables.ts";

type Asker = Pick<DbCtx, "actor" | "allows">;

/**
 * Whether whoever asks may know of a finding: who is given some sources alone knows of those whose matches all came from these. One that is told of no source (the catalog's, and those from before
 * sources were kept) is for whoever is given all.
 */
export function mayRead(asker: Asker, { sources }: Pick<FindingRow, "sources">): boolean {
  const given = readableSources(asker);
  return given === null || (sources !== null && sources.every((source) => given.includes(source)));
}

/** The same as SQL; undefined where nothing is left out. */
export function readable(asker: Asker): SQL | undefined {
  const given = readableSources(asker);
  // NULL is contained in nothing.
  return given === null ? undefined : sql`coalesce(${findings.sources} <@ ${sql.param(given)}::text[], false)`;
}

/** A finding that whoever asks may know of: any other is as though it were not there. */
export async function readFinding(ctx: DbCtx, id: string, how: { lock: boolean }): Promise<FindingRow | undefined> {
  const row = await store.findingById(ctx.db, id, how);
  return row !== undefined && mayRead(ctx, row) ? row : undefined;
}

/** The sources of a finding that matches of one more join; null stays, for what it was made of is not known. */
export function withSource(known: FindingRow["sources"], source: string | null): FindingRow["sources"] {
  return known === null || source === null ? null : [...new Set([...known, source])].sort();
}

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Conflict, Unavailable } from "../kernel/index.ts";
import { isConnectionFailure, type DbCtx } from "../store/index.ts";
import type { Batch, Part } from "./manifest.ts";
import { partMetadata } from "./metadata.ts";
import { newBatchId } from "./names.ts";
import { planCompaction, type Plan } from "./plan-compaction.ts";
import type { ServiceLake } from "./service-lake.ts";
import * as store from "./store.ts";

const RETRY_MS = 1_000;

/** A file to be made of others: all their rows, in this order, with all columns that any of them has. */
export interface MergeOrder {
  /** Absolute paths of Parquet files. */
  files: string[];
  /** Where to write, an absolute path in `staging`. */
  temporary: string;
  /** Key-value metadata of the new file. */
  metadata: Record<string, string>;
}

/** What was written: rows, and the size of the file. */
export interface Merged {
  rows: number;
  bytes: number;
}

export interface CompactOptions {
  /** Writes the file; in another process, which has the engine. */
  merge: (order: MergeOrder) => Promise<Merged>;
  /** Told of each part that has come in the place of others, at once. */
  onReplaced: (part: Part, replaced: readonly Part[]) => void;
  /** Whether a merge of so many parts had better wait for the next compaction. */
  postpone?: (parts: number) => boolean;
  /** Ends it after the merge under way. */
  signal?: AbortSignal;
}

/** What a compaction has done. */
export interface Compacted {
  merges: number;
  /** Parts that others have come for. */
  replaced: number;
  /** Bytes written. */
  bytes: number;
  /** Parts that stay as they are for now, and why. */
  failed: { path: string; reason: string }[];
}

/**
 * Merges small parts of the same kind, source and day until there is nothing to merge (`planCompaction`). What the lake holds stays the same, and so
 * do all counts; files that were replaced stay for whoever reads them (`removeReplaced`).
 *
 * A merge is a batch of its own, with counts of zero. Where a part is gone by the time it commits, since it was retired or another
 * compaction was faster, nothing of it remains and the rest goes on.
 */
export async function compact(ctx: DbCtx, lake: ServiceLake, { merge, onReplaced, postpone, signal }: CompactOptions): Promise<Compacted> {
  const done: Compacted = { merges: 0, replaced: 0, bytes: 0, failed: [] };
  const given = new Set<string>();
  for (let progress = true; progress; ) {
    progress = false;
    if (signal?.aborted) break;
    const waiting = (await store.currentParts(ctx.db, {})).filter(({ path }) => !given.has(path));
    for (const plan of planCompaction(waiting)) {
      if (signal?.aborted) break;
      if (postpone?.(plan.parts.length)) continue;
      try {
        const part = await mergeOne(ctx, lake, plan, merge, signal);
        onReplaced(part, plan.parts);
        done.merges++;
        done.replaced += plan.parts.length;
        done.bytes += part.bytes;
        progress = true;
      } catch (error) {
        if (error instanceof Conflict) continue;
        for (const { path } of plan.parts) given.add(path);
        done.failed.push({ path: plan.parts[0]!.path, reason: error instanceof Error ? error.message : String(error) });
      }
    }
  }
  return done;
}

async function mergeOne(ctx: DbCtx, lake: ServiceLake, { kind, source, day, parts }: Plan, merge: CompactOptions["merge"], signal: AbortSignal | undefined): Promise<Part> {
  const id = newBatchId(ctx.now());
  const path = lake.newPartPath(kind, source, day);
  const temporary = join(lake.staging, `${id}.parquet`);
  const replaces = parts.map((part) => part.path);
  await lake.manifest.begin(id, [path]);
  let part: Part | null = null;
  try {
    const { rows, bytes } = await merge({ files: replaces.map((each) => join(lake.folder, each)), temporary, metadata: partMetadata({ batch: id, kind, source, day, replaces }) });
    const expected = parts.reduce((sum, each) => sum + each.rows, 0);
    if (rows !== expected) throw new Unavailable(`${parts.length} parts of ${day} should have ${expected} rows together, and have ${rows}.`);
    const digest = await lake.finishPart(temporary, path);
    part = { kind, path, source, day, rows, bytes, first: least(parts.map(({ first }) => first)), last: most(parts.map(({ last }) => last)), digest };
    const batch: Batch = { id, at: ctx.now().toISOString(), parts: [part], objects: [], counts: { read: 0, stored: 0, duplicate: 0, dead: 0 } };
    await lake.manifest.commitWith(batch, async () => undefined, replaces);
    return part;
  } catch (error) {
    await rm(temporary, { force: true });
    // Whoever reads must learn of new parts before the old ones go, so the database is waited for.
    if ((await lake.manifest.wasCommitted(id, (failure) => pauseWhileAway(failure, signal))) && part !== null) return part;
    throw error;
  }
}

/** Waits a moment for a database that is away. @returns false for another failure, and when it is to end */
async function pauseWhileAway(failure: unknown, signal: AbortSignal | undefined): Promise<boolean> {
  if (!isConnectionFailure(failure)) return false;
  return setTimeout(RETRY_MS, undefined, { signal }).then(() => true, () => false);
}

function least(times: readonly (string | null)[]): string | null {
  return times.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null);
}

function most(times: readonly (string | null)[]): string | null {
  return times.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
}

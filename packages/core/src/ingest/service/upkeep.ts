import { audit } from "../../identity/index.ts";
import { applyRetention, compact, removeReplaced, type Compacted, type Part, type Retention, type ServiceLake } from "../../lake/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import type { PartIndex } from "./partIndex.ts";
import type { WorkerPool } from "./workerPool.ts";

const PARTS = { type: "Lake", id: "parts" };
/** A row of the audit is bounded. */
const SOURCES_NAMED = 50;
/** A merge of so many parts is not put off. */
const MOST_POSTPONED = 256;

/** What is to be done for a lake from time to time, beside taking in. What changes the lake stands in the audit, under the name of the context's actor. */
export class Upkeep {
  private readonly ending = new AbortController();
  private compacting: Promise<Compacted> | null = null;

  /**
   * @param pool of a worker of its own: a merge of many seconds must not hold up what was received
   * @param isBehind whether what was received waits for the workers
   */
  constructor(
    private readonly lake: ServiceLake,
    private readonly index: PartIndex,
    private readonly pool: WorkerPool,
    private readonly isBehind: () => boolean,
  ) {}

  /** Merges small parts; due every minute. While one compaction runs, another call waits for the same. */
  compact(ctx: DbCtx): Promise<Compacted> {
    this.compacting ??= this.merge(ctx).finally(() => (this.compacting = null));
    return this.compacting;
  }

  /** Takes out of the lake what is older than it is kept; due every hour. @returns how many parts */
  async retain(ctx: DbCtx, retention: Retention): Promise<number> {
    const retired = await inTransaction(ctx, async (inside) => {
      const parts = await applyRetention(inside, retention);
      if (parts.length > 0) await audit(inside, { action: "lake.maintain", resource: PARTS, detail: { verb: "retire", parts: parts.length, rows: rowsOf(parts), bytes: bytesOf(parts), sources: [...new Set(parts.map(({ kind, source }) => source || kind))].slice(0, SOURCES_NAMED) } });
      return parts;
    });
    this.index.remove(retired);
    return retired.length;
  }

  /** Removes files that nobody can be reading any more; due every minute. @returns how many */
  removeReplaced(ctx: DbCtx): Promise<number> {
    return removeReplaced(ctx, this.lake);
  }

  /** Each merge is a transaction of its own, which the manifest keeps; the audit has one row of all. */
  private async merge(ctx: DbCtx): Promise<Compacted> {
    const done = await compact(ctx, this.lake, {
      merge: (order) => this.pool.merge(order),
      onReplaced: (part, replaced) => {
        this.index.add([part]);
        this.index.remove(replaced);
      },
      // A merge takes the time of the events it writes again, a fifth of all at 20,000 a second. It waits while others wait, but not until a lake is slow to read.
      postpone: (parts) => parts < MOST_POSTPONED && this.isBehind(),
      signal: this.ending.signal,
    });
    const { merges, replaced, bytes, failed } = done;
    if (merges > 0) await audit(ctx, { action: "lake.maintain", resource: PARTS, detail: { verb: "compact", merges, replaced, bytes, failed: failed.length } });
    return done;
  }

  /** Ends a compaction under way; nothing of its last merge remains. */
  async close(): Promise<void> {
    this.ending.abort();
    await this.pool.close();
    await this.compacting?.catch(() => undefined);
  }
}

function rowsOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { rows }) => sum + rows, 0);
}

function bytesOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

import { applyRetention, compact, removeReplaced, type Compacted, type Retention, type ServiceLake } from "../../lake/index.ts";
import type { DbCtx } from "../../store/index.ts";
import type { PartIndex } from "./partIndex.ts";
import type { WorkerPool } from "./workerPool.ts";

/** What is to be done for a lake from time to time, beside taking in. */
export class Upkeep {
  private readonly ending = new AbortController();
  private compacting: Promise<Compacted> | null = null;

  /** @param pool of a worker of its own: a merge of many seconds must not hold up what was received */
  constructor(
    private readonly ctx: DbCtx,
    private readonly lake: ServiceLake,
    private readonly index: PartIndex,
    private readonly pool: WorkerPool,
  ) {}

  /** Merges small parts; due every minute. While one compaction runs, another call waits for the same. */
  compact(): Promise<Compacted> {
    this.compacting ??= compact(this.ctx, this.lake, {
      merge: (order) => this.pool.merge(order),
      onReplaced: (part, replaced) => {
        this.index.add([part]);
        this.index.remove(replaced);
      },
      signal: this.ending.signal,
    }).finally(() => (this.compacting = null));
    return this.compacting;
  }

  /** Takes out of the lake what is older than it is kept; due every hour. @returns how many parts */
  async retain(retention: Retention): Promise<number> {
    const retired = await applyRetention(this.ctx, retention);
    this.index.remove(retired);
    return retired.length;
  }

  /** Removes files that nobody can be reading any more; due every minute. @returns how many */
  removeReplaced(): Promise<number> {
    return removeReplaced(this.ctx, this.lake);
  }

  /** Ends a compaction under way; nothing of its last merge remains. */
  async close(): Promise<void> {
    this.ending.abort();
    await this.pool.close();
    await this.compacting?.catch(() => undefined);
  }
}

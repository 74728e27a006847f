import { join } from "node:path";
import { Conflict } from "../kernel/index.ts";
import { inTransaction, type Db, type DbCtx } from "../store/index.ts";
import { checkBatch } from "./check-batch.ts";
import { removeFiles } from "./durable.ts";
import type { Batch, Manifest, Part } from "./manifest.ts";
import { checkBatchId, checkPartPath } from "./names.ts";
import * as store from "./store.ts";

/** What a service asks of its manifest beyond what every manifest does. */
export interface ServiceManifest extends Manifest {
  /**
   * Like `commit`, with more in the same transaction: signals become findings together with their batch, or not at all.
   * @param alongside runs once; what it throws undoes everything
   * @param replaces paths of parts whose rows the new parts hold; they are no longer in the lake, and their files stay until `removeReplaced`
   */
  commitWith(batch: Batch, alongside: (ctx: DbCtx) => Promise<void>, replaces?: readonly string[]): Promise<void>;
  /**
   * Ends a batch whose commit has failed: aborts it, or finds that it was committed all the same, when only the answer was lost. Asks until it knows,
   * through a database that is away too: others look for the batch's events in its parts from the moment it is committed, not from the answer on.
   * @param pause waits a moment before the database is asked again; gives false when there is no time left, or no hope
   * @returns whether it is committed; if not, it never will be
   * @throws whatever kept it from being found out, when it is not asked again
   */
  wasCommitted(id: string, pause: (failure: unknown) => Promise<boolean>): Promise<boolean>;
  /** Removes the files of parts that were replaced before this moment: whoever reads them has had the time to end. @returns how many */
  removeReplaced(before: Date): Promise<number>;
}

/**
 * The manifest as tables of PostgreSQL, for one writer, who holds the lock of the folder.
 *
 * The intent's row is the arbiter: commit and abort take it for update, so one of them finds it gone or marked. What happened is told by the row
 * in `lake_batches`, which is also the answer when nobody knows how COMMIT ended.
 * @param ctx with the database itself, not a transaction
 */
export async function openPostgresManifest(ctx: DbCtx, folder: string): Promise<ServiceManifest> {
  /** Ends the intent of a batch whose row is there. */
  const endCommitted = async (id: string, paths: readonly string[]): Promise<void> => {
    const named = await store.pathsOf(ctx.db, id);
    await forget(id, paths.filter((path) => !named.has(path)));
  };

  const forget = async (id: string, paths: readonly string[]): Promise<void> => {
    await removeFiles(paths.map((path) => join(folder, path)));
    await store.removeIntent(ctx.db, id);
  };

  const abort = async (id: string): Promise<void> => {
    checkBatchId(id);
    const { intent, committed } = await inTransaction(ctx, async ({ db }) => {
      const found = await store.lockIntent(db, id);
      const isCommitted = await store.isCommitted(db, id);
      if (found && !isCommitted) await store.markAborted(db, id);
      return { intent: found, committed: isCommitted };
    });
    if (intent) await (committed ? endCommitted : forget)(id, intent.paths);
    if (committed) throw new Conflict(`Batch ${id} is committed and cannot be aborted.`);
  };

  const commitWith: ServiceManifest["commitWith"] = async (batch, alongside, replaces = []) => {
    const intent = await store.intentOf(ctx.db, batch.id);
    if (intent === undefined || intent.aborted) throw notOpen(batch.id);
    await checkBatch(folder, batch, intent);
    await inTransaction(ctx, async (inside) => {
      const { db } = inside;
      const locked = await store.lockIntent(db, batch.id);
      if (locked === undefined || locked.aborted) throw notOpen(batch.id);
      // Only a batch whose COMMIT had an unknown outcome finds itself here.
      if (await store.isCommitted(db, batch.id)) return;
      const replaced = await store.replaceParts(db, replaces, ctx.now());
      if (replaced !== replaces.length) throw new Conflict(`Batch ${batch.id} replaces parts that are not in the lake any more.`, { hint: "It is made anew from what is there now." });
      await store.insertBatch(db, batch);
      await alongside(inside);
    });
    const named = new Set(batch.parts.map(({ path }) => path));
    await forget(batch.id, intent.paths.filter((path) => !named.has(path)));
  };

  const wasCommitted: ServiceManifest["wasCommitted"] = async (id, pause) => {
    for (;;) {
      try {
        await abort(id);
        return false;
      } catch (error) {
        if (error instanceof Conflict) return true;
        if (!(await pause(error))) throw error;
      }
    }
  };

  // A COMMIT that a dead service has sent may still be on its way: so the intent's row is asked, which waits for it.
  for (const { id } of await store.allIntents(ctx.db)) {
    await abort(id).catch((error: unknown) => {
      if (!(error instanceof Conflict)) throw error;
    });
  }

  return {
    begin: async (id, paths) => {
      checkBatchId(id);
      for (const path of paths) checkPartPath(path);
      if ((await store.isCommitted(ctx.db, id)) || !(await store.insertIntent(ctx.db, id, paths, ctx.now()))) throw new Conflict(`Batch ${id} was begun before.`);
    },
    commit: (batch) => commitWith(batch, async () => undefined),
    commitWith,
    abort,
    wasCommitted,
    removeReplaced: async (before) => {
      const paths = await store.replacedBefore(ctx.db, before);
      await removeFiles(paths.map((path) => join(folder, path)));
      await store.forgetParts(ctx.db, paths);
      return paths.length;
    },
    batches: () => store.allBatches(ctx.db),
    committed: (id) => store.isCommitted(ctx.db, id),
    close: async () => undefined,
  };
}

/** The parts that are in the lake at this moment, of one kind and source if asked. */
export function currentParts(db: Db, only: { kind?: Part["kind"]; source?: string } = {}): Promise<Part[]> {
  return store.currentParts(db, only);
}

function notOpen(id: string): Conflict {
  return new Conflict(`Batch ${id} cannot be committed: it was not begun, or is committed or aborted already.`);
}

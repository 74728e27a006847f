import { Conflict } from "../kernel/index.ts";
import { checkBatch } from "./check-batch.ts";
import { syncFolder } from "./durable.ts";
import { readIntent, writeIntent, type Intent } from "./intents.ts";
import { appendEntry, lastEntry, readEntries, readEntry, type Entry } from "./log.ts";
import type { Batch, Manifest } from "./manifest.ts";
import { checkPartPath } from "./names.ts";
import { batchOf, findDecisions, settle, settleLeftovers, type ManifestFolders } from "./settle.ts";

/**
 * The manifest as a folder of numbered JSON files, for one writer that holds the lock.
 *
 * The log alone decides: a commit and an abort of the same batch are both entries, and the first of them counts. A writer that
 * lost the lake without noticing finds its number taken, reads what came in between, and learns that its batch was aborted.
 * @param isHeld whether this writer still holds the lock.
 */
export async function openDirectoryManifest(folders: ManifestFolders, isHeld: () => Promise<boolean>): Promise<Manifest> {
  await settleLeftovers(folders);
  let next = (await lastEntry(folders.log)) + 1;
  const begun = new Set<string>();
  /** The number at which the deciding of a batch began: a second try looks from there on whether the first one had succeeded. */
  const firstTry = new Map<string, number>();
  let tail: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  };

  /** Appends the entry unless the log decides otherwise; carries out, and gives, the entry that counts. */
  const decide = async (intent: Intent, entry: Entry): Promise<Entry> => {
    let number = firstTry.get(intent.id) ?? next;
    firstTry.set(intent.id, number);
    let decision: Entry | undefined;
    for (; decision === undefined; number++) {
      if (await appendEntry(folders.log, number, entry)) decision = entry;
      else {
        const other = await readEntry(folders.log, number);
        if (batchOf(other) === intent.id) decision = other;
      }
    }
    next = Math.max(next, number);
    await syncFolder(folders.log);
    await settle(folders, intent, decision);
    firstTry.delete(intent.id);
    return decision;
  };

  const isCommitted = async (id: string) => {
    const decision = (await findDecisions(folders.log, new Set([id]))).get(id);
    return decision !== undefined && "commit" in decision;
  };

  return {
    begin: async (id, paths) => {
      for (const path of paths) checkPartPath(path);
      if (begun.has(id) || !(await writeIntent(folders.intents, { id, paths: [...paths] }))) throw new Conflict(`Batch ${id} was begun before.`);
      begun.add(id);
    },

    commit: (batch) =>
      inTurn(async () => {
        const intent = await readIntent(folders.intents, batch.id);
        if (intent === undefined) throw new Conflict(`Batch ${batch.id} cannot be committed: it was not begun, or is committed or aborted already.`);
        await checkBatch(folders.lake, batch, intent);
        if (!(await isHeld())) throw lost(batch.id, "this process has lost the lake to another writer");
        const decision = await decide(intent, { commit: batch });
        if ("abort" in decision) throw lost(batch.id, "another writer has aborted it");
      }),

    abort: (id) =>
      inTurn(async () => {
        const intent = await readIntent(folders.intents, id);
        const committed = intent === undefined ? await isCommitted(id) : "commit" in (await decide(intent, { abort: id }));
        if (committed) throw new Conflict(`Batch ${id} is committed and cannot be aborted.`);
      }),

    batches: () => committedBatches(folders.log),
    committed: isCommitted,
    close: async () => {
      await tail;
    },
  };
}

async function* committedBatches(log: string): AsyncGenerator<Batch> {
  for await (const entry of readEntries(log, 1, await lastEntry(log))) if ("commit" in entry) yield entry.commit;
}

function lost(id: string, why: string): Conflict {
  return new Conflict(`Batch ${id} cannot be committed: ${why}.`, { hint: "Run it again; nothing of this batch is visible." });
}

import type { Batch, Counts, Part, ServiceLake } from "../../lake/index.ts";
import type { DbCtx } from "../../store/index.ts";
import { insertReceipts } from "../receipt/store.ts";
import { addIntake } from "./store.ts";
import type { Task, Worked } from "./workerPool.ts";

/** What else happens in the transaction of a batch: its signals become findings. */
export type OnCommit = (ctx: DbCtx, worked: Worked) => Promise<void>;

/**
 * Puts what a worker has made into the lake: the parts in their places, then one transaction with the manifest, the keys of what was
 * received, the counts of each source, and whatever the signals lead to.
 * @param pause waits a moment before the database is asked again; gives false when there is no time left
 * @returns the parts
 * @throws whatever failed; nothing is visible then, and nothing is left, unless there was no time left to find that out
 */
export async function commitWork(lake: ServiceLake, task: Task, worked: Worked, onCommit: OnCommit, pause: () => Promise<boolean>): Promise<Part[]> {
  const { manifest } = lake;
  const { id } = task;
  // An earlier try whose end nobody knows: either it is in the lake, or it never will be.
  await manifest.abort(id);
  const moves = worked.results.flatMap(({ parts }) => parts.map(({ temporary, ...part }) => ({ temporary, part: { ...part, path: lake.newPartPath(part.kind, part.source, part.day) } })));
  await manifest.begin(id, moves.map(({ part }) => part.path));
  const parts: Part[] = [];
  try {
    for (const { temporary, part } of moves) parts.push({ ...part, digest: await lake.finishPart(temporary, part.path) });
    const batch: Batch = { id, at: new Date().toISOString(), parts, objects: worked.results.flatMap(({ objects }) => objects), counts: sum(worked.results.map(({ counts }) => counts)) };
    await manifest.commitWith(batch, async (ctx) => {
      await insertReceipts(ctx.db, worked.headers.flatMap(({ id: receipt, source, sender, key, bytes, at }) => (key === null ? [] : [{ id: receipt, source, sender, key, bytes, at: new Date(at) }])));
      await addIntake(ctx, worked);
      await onCommit(ctx, worked);
    });
  } catch (error) {
    if (!(await manifest.wasCommitted(id, pause))) throw error;
  }
  return parts;
}

function sum(counts: readonly Counts[]): Counts {
  const total: Counts = { read: 0, stored: 0, duplicate: 0, dead: 0 };
  for (const each of counts) for (const name of ["read", "stored", "duplicate", "dead"] as const) total[name] += each[name];
  return total;
}

import { inTransaction, type DbCtx } from "../store/index.ts";
import { dueAt } from "./priority.ts";
import * as store from "./store.ts";
import { hideFitting, type Uncovered } from "./suppress.ts";

/** Brings back findings whose acceptance is over, as though they were opened now: the risk is to be looked at again. For a schedule. */
export async function expireAcceptances(ctx: DbCtx): Promise<Uncovered> {
  return inTransaction(ctx, async (inside) => {
    const at = inside.now();
    const over = await store.expiredAcceptances(inside.db, at);
    const rows = over.map((row): store.FindingRow => ({ ...row, state: "open", acceptedUntil: null, openedAt: at, dueAt: dueAt(row.priority, at), news: [...new Set([...row.news, "acceptance over"])], changedAt: at, version: row.version + 1 }));
    for (const row of rows) await store.updateFinding(inside.db, row);
    await store.insertEvents(inside.db, rows.map(({ id }) => ({ finding: id, at, actor: inside.actor, kind: "state", text: "accepted → open: the acceptance is over", detail: { from: "accepted", to: "open" } })));
    const shown = await hideFitting(inside, rows.filter(({ suppressedBy }) => suppressedBy === null));
    return { changed: rows.map(({ id }) => id), shown };
  });
}

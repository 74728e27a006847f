import { inTransaction, type DbCtx } from "../store/index.ts";
import { dueAt } from "./priority.ts";
import * as store from "./store.ts";

/** Brings back findings whose acceptance is over: the risk is to be looked at again. For a schedule. @returns their ids */
export async function expireAcceptances(ctx: DbCtx): Promise<string[]> {
  return inTransaction(ctx, async (inside) => {
    const at = inside.now();
    const rows = await store.expiredAcceptances(inside.db, at);
    for (const row of rows) await store.updateFinding(inside.db, { ...row, state: "open", acceptedUntil: null, dueAt: dueAt(row.priority, at), news: [...new Set([...row.news, "acceptance over"])], changedAt: at, version: row.version + 1 });
    await store.insertEvents(inside.db, rows.map(({ id }) => ({ finding: id, at, actor: inside.actor, kind: "state", text: "accepted → open: the acceptance is over", detail: { from: "accepted", to: "open" } })));
    return rows.map(({ id }) => id);
  });
}

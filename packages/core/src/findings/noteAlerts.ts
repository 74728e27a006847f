import { inTransaction, type DbCtx } from "../store/index.ts";
import * as store from "./store.ts";

/** What became of telling somebody of a finding. */
export interface AlertNote {
  finding: string;
  /** One line for the timeline. */
  text: string;
  detail: Record<string, unknown>;
}

/** Adds to timelines who was told of findings, or could not be. The findings stay as they are: being told of is no change. */
export async function noteAlerts(ctx: DbCtx, notes: readonly AlertNote[]): Promise<void> {
  await inTransaction(ctx, async (inside) => {
    const at = inside.now();
    await store.insertEvents(inside.db, notes.map(({ finding, text, detail }) => ({ finding, at, actor: inside.actor, kind: "alerted", text, detail })));
  });
}

import { inTransaction, type DbCtx } from "../store/index.ts";
import * as store from "./store.ts";

/** What became of telling somebody of a finding. */
export interface AlertNote {
  finding: string;
  /** One line for the timeline. */
  text: string;
  detail: Record<string, unknown>;
}

/** Adds to timelines who was told of findings, or could not be; what a timeline says already is not said again. The findings stay as they are: being told of is no change. */
export async function noteAlerts(ctx: DbCtx, notes: readonly AlertNote[]): Promise<void> {
  await inTransaction(ctx, async (inside) => {
    const at = inside.now();
    const said = new Set((await store.alertsOf(inside.db, notes.map(({ finding }) => finding))).map(keyOf));
    const fresh = notes.filter((each) => !said.has(keyOf(each)));
    await store.insertEvents(inside.db, fresh.map(({ finding, text, detail }) => ({ finding, at, actor: inside.actor, kind: "alerted", text, detail })));
  });
}

/** The same for the same line: the database keeps members in an order of its own. */
function keyOf({ finding, detail }: Pick<AlertNote, "finding" | "detail">): string {
  return JSON.stringify([finding, ...Object.keys(detail).sort().map((name) => [name, detail[name]])]);
}

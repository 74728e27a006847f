import { inTransaction, type DbCtx } from "../../store/index.ts";
import { removeReceipts } from "./store.ts";

const KEPT_MS = 7 * 86_400_000;

/** Forgets idempotency keys of more than a week ago; a body that is sent again later is taken for a new one. For a schedule. */
export async function forgetReceipts(ctx: DbCtx): Promise<void> {
  await inTransaction(ctx, ({ db, now }) => removeReceipts(db, new Date(now().getTime() - KEPT_MS)));
}

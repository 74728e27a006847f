import type { Recorded } from "../findings/index.ts";
import type { DbCtx } from "../store/index.ts";
import { onHidden } from "./onClosed.ts";
import { onFindings } from "./onFindings.ts";
import type { AlertSetup } from "./schemas.ts";

/** What follows from what became of a batch's findings, in the transaction that has recorded them. */
export async function onRecorded(ctx: DbCtx, { opened, reopened, hidden }: Recorded, setup: Pick<AlertSetup, "jobs">): Promise<void> {
  await onHidden(ctx, hidden.map(({ id }) => id), setup);
  await onFindings(ctx, [...opened, ...reopened], setup);
}

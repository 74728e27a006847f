import * as z from "zod";
import { audit, authorize } from "../../identity/index.ts";
import { Invalid, NotFound } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import type { Quarantined } from "../receipt/quarantine.ts";
import type { Ingest } from "./service.ts";

const shape = z.strictObject({ id: z.string().min(1).max(100) });

/** What was received and put aside, since workers died of it; the oldest first. @throws Forbidden */
export async function listQuarantine(ctx: DbCtx, { receiver }: Pick<Ingest, "receiver">): Promise<Quarantined[]> {
  await authorize(ctx, "deadLetters.read", { type: "Segment", id: "*" });
  return receiver.spool.quarantined();
}

/**
 * Has a segment tried again that was put aside: after an update of the program, say. Should workers die of it again, it is put aside again.
 * @throws Forbidden; Invalid; NotFound for a segment that is not there (any more)
 */
export async function retryQuarantined(ctx: DbCtx, { receiver }: Pick<Ingest, "receiver">, input: z.input<typeof shape>): Promise<void> {
  const parsed = shape.safeParse(input);
  if (!parsed.success) throw new Invalid("Name one segment.", { hint: "corduroy sources quarantine shows them." });
  const { id } = parsed.data;
  await inTransaction(ctx, async (inside) => {
    const resource = { type: "Segment", id };
    await authorize(inside, "deadLetters.replay", resource);
    if (!(await receiver.spool.quarantined()).some((each) => each.id === id)) throw new NotFound(`There is no segment ${id} in quarantine.`, { hint: "corduroy sources quarantine shows those that are there." });
    await audit(inside, { action: "deadLetters.replay", resource, detail: { verb: "try again" } });
  });
  // What was handed to the workers cannot be rolled back, so it is written down before.
  await receiver.tryAgain(id);
}

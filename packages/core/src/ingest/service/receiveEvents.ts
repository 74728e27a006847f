import type { Readable } from "node:stream";
import { authorize } from "../../identity/index.ts";
import { Forbidden, Invalid, NotFound } from "../../kernel/index.ts";
import { ANY_SOURCE, sourceById, sources } from "../../sources/index.ts";
import type { DbCtx } from "../../store/index.ts";
import type { Receipt, Receiver } from "../receipt/receive.ts";

/** What a sender hands in. */
export interface Sent {
  source: string;
  key: string | null;
  origin: { object?: string | undefined; version?: string | undefined; from?: number | undefined };
  body: Readable;
  /** Whether the sender's token still holds, now that the body is here. */
  stillIn: () => Promise<boolean>;
}

const LONGEST_KEY = 200;

/**
 * Takes events in, by a token for this source. They are on the disk when this resolves.
 * @throws NotFound for a source that does not exist, Forbidden, Invalid; whatever `Receiver.receive` throws
 */
export async function receiveEvents(ctx: DbCtx, receiver: Receiver, { source, key, origin, body, stillIn }: Sent): Promise<Receipt> {
  await authorize(ctx, "events.write", { type: "Source", id: source });
  if (ctx.actor.kind === "system") throw new Forbidden("Events come from somebody.");
  if (source !== ANY_SOURCE && !sourceById(source)) throw new NotFound(`There is no source ${source}.`, { hint: `There are: ${sources.map(({ id }) => id).join(", ")}; and ${ANY_SOURCE}, where each record tells.` });
  if (key !== null && (key === "" || key.length > LONGEST_KEY)) throw new Invalid(`An idempotency key has 1 to ${LONGEST_KEY} characters.`);
  const { object, version, from } = origin;
  if ((object === undefined) !== (version === undefined)) throw new Invalid("A place needs both: `object` and `version`.");
  return receiver.receive({ source, sender: ctx.actor.id, key, origin: object === undefined ? null : { object, version: version!, from: from ?? 1 }, body, stillIn });
}

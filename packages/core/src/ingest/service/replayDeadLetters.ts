import { Readable } from "node:stream";
import * as z from "zod";
import { audit, authorize } from "../../identity/index.ts";
import { Invalid, NotFound } from "../../kernel/index.ts";
import { partsAt } from "../../lake/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import type { StoredLetter, WantedLetters } from "../messages.ts";
import { BODY_BYTES } from "../receipt/receive.ts";
import { placeOfLetter } from "./deadLetters.ts";
import type { Ingest } from "./service.ts";
import { insertReplays, replaysOf } from "./store.ts";

const shape = z.strictObject({ ids: z.array(z.string().max(100)).min(1).max(500) });
/** Bytes of one replay: all of them are in memory at once. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Under whose name it is received: idempotency keys are the sender's own, and whoever asks, a letter is received once. */
const SENDER = "replay";

/**
 * Reads dead letters again, as though they had just been sent, with the parsers of today. They keep the place they came from. A letter is
 * replayed once: if it fails again, it is a new dead letter.
 * @returns the receipt of each, in the order of `ids`; of one that was replayed before, that of then
 * @throws Forbidden, Invalid; NotFound for a letter that is not there (any more); whatever `Receiver.receive` throws
 */
export async function replayDeadLetters(ctx: DbCtx, { letters: read, receiver }: Pick<Ingest, "letters" | "receiver">, input: z.input<typeof shape>): Promise<string[]> {
  const parsed = shape.safeParse(input);
  if (!parsed.success) throw new Invalid("Name 1 to 500 dead letters.");
  const ids = [...new Set(parsed.data.ids)];
  return inTransaction(ctx, async (inside) => {
    await authorize(inside, "deadLetters.replay", { type: "DeadLetter", id: "*" });
    const all = await load(inside, read, ids);
    const replays = await replaysOf(inside.db, [...all.values()].map(({ digest }) => digest));
    const receipts = new Map<string, string>();
    for (const [id, { digest }] of all) if (replays.has(digest)) receipts.set(id, replays.get(digest)!.receipt);
    const letters = new Map([...all].filter(([id]) => !receipts.has(id)));
    if (letters.size > 0) await audit(inside, { action: "deadLetters.replay", resource: { type: "DeadLetter", id: letters.size === 1 ? [...letters.keys()][0]! : "*" }, detail: { letters: letters.size, first: [...letters.keys()].slice(0, 50) } });
    for (const [id, { source, file, line, raw, digest }] of letters) {
      const key = `replay:${digest}`;
      // Received before the transaction ends, and under a key: should it be rolled back after all, the next replay finds it received.
      const receipt = await receiver.receive({ source, sender: SENDER, key, origin: { object: file, version: key, from: line }, stillIn: async () => true, body: Readable.from([Buffer.from(raw)]) });
      receipts.set(id, receipt.id);
    }
    await insertReplays(inside.db, [...letters].map(([id, { digest }]) => ({ letter: digest, receipt: receipts.get(id)!, at: inside.now() })));
    return parsed.data.ids.map((id) => receipts.get(id)!);
  });
}

async function load({ db }: DbCtx, read: Ingest["letters"], ids: readonly string[]): Promise<Map<string, StoredLetter>> {
  const byPart = new Map<string, Map<number, string>>();
  for (const id of ids) {
    const place = placeOfLetter(id);
    if (!place) throw gone(id);
    byPart.set(place.path, (byPart.get(place.path) ?? new Map<number, string>()).set(place.row, id));
  }
  const there = new Set((await partsAt(db, [...byPart.keys()])).map(({ path }) => path));
  const wanted = [...byPart].map(([path, rows]): WantedLetters => ({ path, rows: [...rows.keys()] })).filter(({ path }) => there.has(path));
  const sizes = (await read(wanted, 0)).map(({ bytes }) => bytes);
  if (sizes.some((bytes) => bytes > BODY_BYTES)) throw new Invalid(`A letter of more than ${BODY_BYTES / 1024 / 1024} MiB cannot be sent again.`, { hint: "Scan the file it came from instead." });
  if (sizes.reduce((sum, bytes) => sum + bytes, 0) > MOST_BYTES) throw new Invalid(`These letters have more than ${MOST_BYTES / 1024 / 1024} MiB together.`, { hint: "Replay fewer at once." });
  const letters = new Map((await read(wanted, BODY_BYTES)).map((letter) => [byPart.get(letter.path)!.get(letter.row)!, letter]));
  for (const id of ids) if (!letters.has(id)) throw gone(id);
  return letters;
}

function gone(id: string): NotFound {
  return new NotFound(`There is no dead letter ${id}.`, { hint: "It may be older than dead letters are kept. Load the list again." });
}

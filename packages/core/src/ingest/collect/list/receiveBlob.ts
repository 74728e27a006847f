import { createHash, randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { bears, newPortions, type Portion } from "../../follow/index.ts";
import { TooLarge, type Receiver } from "../../receipt/receive.ts";
import type { Db } from "../../../store/index.ts";
import { followedBlob, keepBlob, type Followed } from "./blobStore.ts";
import type { BlobText } from "./blobText.ts";

/** What it takes to receive a blob. */
export interface BlobIntake {
  db: Db;
  receiver: Pick<Receiver, "receive">;
  source: string;
  /** Whoever receives, as the receiver is to know it. */
  sender: string;
  signal: AbortSignal;
}

/** The mark of no bytes. */
const NOTHING = createHash("sha256").digest("hex");
const compress = promisify(gzip);
/** The receiver takes bodies up to 16 MiB; a longer record is packed. */
const SENT_PLAIN = 8 * 1024 * 1024;

/**
 * Receives what has come to a blob since it was last read. Before a portion is handed in, it is written down by which marks the text is known again with it: after a crash the same text is
 * gone on with under the same version, so that what is received twice is told by its place, and a text that was put in its place is another one.
 * @param rests nobody writes to it any more, as far as one can tell
 * @returns what could not be received and is left out; null when nothing is
 * @throws NotRead when the blob was changed meanwhile; TooMuch; Unavailable
 */
export async function receiveBlob(location: string, text: BlobText, { db, receiver, source, sender, signal }: BlobIntake, rests: boolean): Promise<string | null> {
  const known = await followedBlob(db, location);
  let at: Followed = known !== null && (known.marks === null || (await bears(text, known.marks))) ? known : { version: randomUUID(), place: { records: 0, bytes: 0, midline: false }, marks: null };
  let problem: string | null = null;
  const portions = newPortions(text, at.place, { rests: rests ? "over" : "no", onDamage: (reason) => (problem ??= `${location}: ${reason}`) });
  for (;;) {
    const step = await portions.next();
    if (signal.aborted) return null;
    if (step.done === true) {
      await keepBlob(db, location, at, { etag: text.etag, whole: step.value || rests });
      return problem ?? (step.value || !rests ? null : `${location}: its last record has no end, and is left out.`);
    }
    const portion = step.value;
    const marks = marksWith(portion, at);
    await keepBlob(db, location, { ...at, marks }, null);
    if (portion.body.length > 0) problem = (await handIn(portion, at.version)) ?? problem;
    if (signal.aborted) return null;
    at = { ...at, place: portion.place, marks };
  }

  async function handIn({ body, from, apart }: Portion, textVersion: string): Promise<string | null> {
    const version = apart ? `${textVersion}-${from}` : textVersion;
    const key = createHash("sha256").update(`${version} ${from} `).update(body).digest("hex");
    const sent = body.length > SENT_PLAIN ? await compress(body) : body;
    try {
      await receiver.receive({ source, sender, key, origin: { object: location, version, from }, body: Readable.from([sent]), stillIn: async () => !signal.aborted });
      return null;
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      return `${location}: record ${from} has ${body.length} bytes, which is more than is taken at once, and is left out.`;
    }
  }
}

/** Marks of the text up to where a portion ends; the head is that of the portions before where it was not read again. */
function marksWith({ marks: { head, ...tail } }: Portion, { marks }: Followed): NonNullable<Followed["marks"]> {
  return { ...tail, ...(head ?? { head: marks?.head ?? NOTHING, headBytes: marks?.headBytes ?? 0 }) };
}

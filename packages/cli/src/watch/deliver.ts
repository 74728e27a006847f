import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { api, pathOf, problemOf } from "@corduroy/contract";
import { BODY_BYTES, halvesOf, type Piece } from "@corduroy/core/ingest";
import { CorduroyError, Unavailable } from "@corduroy/core/kernel";
import { refusal, type Connection } from "../service/connect.ts";
import type { Followed } from "./journal.ts";

const compress = promisify(gzip);

/** A body above this is packed: the service takes `BODY_BYTES` as sent. */
const SENT_PLAIN = 8 * 1024 * 1024;
export const FIRST_WAIT_MS = 500;
export const LONGEST_WAIT_MS = 30_000;
/** Answers that say: later. */
export const LATER = new Set([408, 425, 429, 500, 502, 503, 504]);
const TOO_LARGE = 413;

/** What delivering needs of the world. */
export interface Way {
  service: Pick<Connection, "origin" | "send">;
  /** Waits so long; rejects when it is to stop. */
  pause: (milliseconds: number) => Promise<void>;
  /** Told when it does not go on, and null when it does again. */
  trouble: (text: string | null) => void;
}

/** The body is too large for the service, or for something in front of it. */
interface TooLarge {
  /** Sending it again will not help, whatever is in front of the service. */
  forService: boolean;
  bytes: number;
}

/**
 * Sends a piece of a body until the service has it, however long that takes.
 * @param after what is known of its text afterwards
 * @returns null once it is received; the parts to send in its place where it is too large and has more than one record; an empty list for one record that the service
 * does not take at all
 * @throws CorduroyError when the service refuses it, or what is in front of the service does; what `pause` throws
 */
export async function deliver(way: Way, piece: Piece, after: Followed): Promise<Piece[] | null> {
  const refused = await sent(way, piece, after);
  if (refused === null) return null;
  const halves = halvesOf(piece);
  if (halves !== null) return halves;
  if (refused.forService) return [];
  throw new CorduroyError(`Something in front of the service at ${way.service.origin} refuses record ${piece.from} of ${after.path}: ${refused.bytes.toLocaleString("en")} bytes are too large for it.`, {
    hint: `Have the proxy let bodies of ${BODY_BYTES / 1024 / 1024} MiB through (nginx: client_max_body_size), and start the watch again: it goes on at this record.`,
  });
}

async function sent({ service, pause, trouble }: Way, { body, from, apart }: Piece, { source, object, version, path: file }: Followed): Promise<TooLarge | null> {
  const path = pathOf(api.events.receive, { params: { source }, query: { object, version: apart ? `${version}-${from}` : version, from } });
  const content = body.length > SENT_PLAIN ? await compress(body) : body;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    const answer = await service.send(path, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: content }).catch((error: unknown) => {
      if (error instanceof Unavailable) return error;
      throw error;
    });
    if (!(answer instanceof CorduroyError) && answer.ok) {
      await answer.arrayBuffer();
      trouble(null);
      return null;
    }
    // Only the service explains itself in this form; a proxy has a page of its own.
    const isOurs = !(answer instanceof CorduroyError) && answer.headers.get("content-type")?.startsWith("application/problem+json") === true;
    const refused = answer instanceof CorduroyError ? answer : refusal(service.origin, await problemOf(answer));
    const status = answer instanceof CorduroyError ? 503 : answer.status;
    if (status === TOO_LARGE) return { forService: isOurs || content.length > BODY_BYTES, bytes: content.length };
    if (!LATER.has(status)) throw new CorduroyError(`The service refuses events of ${source} from ${file}: ${refused.message}`, { hint: refused.hint });
    trouble(refused.message);
    await pause(answer instanceof CorduroyError ? wait : (retryAfter(answer.headers.get("retry-after")) ?? wait));
  }
}

/** What `Retry-After` asks for, in milliseconds and within reason; null when it says nothing. */
export function retryAfter(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Math.min(Number(header) * 1_000, 10 * LONGEST_WAIT_MS) : null;
}

import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { api, pathOf, problemOf } from "@corduroy/contract";
import { CorduroyError, Unavailable } from "@corduroy/core/kernel";
import { refusal, type Connection } from "../service/connect.ts";
import type { Pending } from "./pending.ts";

const compress = promisify(gzip);

/** A body above this is packed; the service takes 16 MiB as sent. */
const SENT_PLAIN = 8 * 1024 * 1024;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** Answers that say: later. */
const LATER = new Set([408, 425, 429, 500, 502, 503, 504]);
const TOO_LARGE = 413;

/** What delivering needs of the world. */
export interface Way {
  service: Pick<Connection, "origin" | "send">;
  /** Waits so long; rejects when it is to stop. */
  pause: (milliseconds: number) => Promise<void>;
  /** Told when it does not go on, and null when it does again. */
  trouble: (text: string | null) => void;
}

/**
 * Sends a body until the service has it, however long that takes.
 * @returns false for one that is larger than the service takes at all
 * @throws CorduroyError when the service refuses it; what `pause` throws
 */
export async function deliver({ service, pause, trouble }: Way, { body, from, apart, after }: Pending): Promise<boolean> {
  const { source, object, version } = after;
  const path = pathOf(api.events.receive, { params: { source }, query: { object, version: apart ? `${version}-${from}` : version, from } });
  const sent = body.length > SENT_PLAIN ? await compress(body) : body;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    const answer = await service.send(path, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: sent }).catch((error: unknown) => {
      if (error instanceof Unavailable) return error;
      throw error;
    });
    if (!(answer instanceof CorduroyError) && answer.ok) {
      await answer.arrayBuffer();
      trouble(null);
      return true;
    }
    const refused = answer instanceof CorduroyError ? answer : refusal(service.origin, await problemOf(answer));
    const status = answer instanceof CorduroyError ? 503 : answer.status;
    if (status === TOO_LARGE) return false;
    if (!LATER.has(status)) throw new CorduroyError(`The service refuses events of ${source} from ${after.path}: ${refused.message}`, { hint: refused.hint });
    trouble(refused.message);
    await pause(answer instanceof CorduroyError ? wait : (retryAfter(answer.headers.get("retry-after")) ?? wait));
  }
}

/** What `Retry-After` asks for, in milliseconds and within reason; null when it says nothing. */
export function retryAfter(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Math.min(Number(header) * 1_000, 10 * LONGEST_WAIT_MS) : null;
}
